package check_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTerraform: a folder is one document; what another folder uses as a module is read with that, once.
func TestTerraform(t *testing.T) {
	bucket := func(name string) string { return "resource \"aws_s3_bucket\" \"" + name + "\" {}\n" }
	files := map[string]string{
		"infra/prod/main.tf":                      "module \"b\" {\n  source = \"../modules/bucket\"\n  name = \"prod\"\n}\n",
		"infra/prod/more.tf.json":                 `{"resource": {"aws_s3_bucket": {"j": {"bucket": "j"}}}}`,
		"infra/prod/terraform.tfvars.json":        `{"x": 1}`,
		"infra/prod/.terraform/modules/x/main.tf": bucket("hidden"),
		"infra/modules/bucket/main.tf":            "variable \"name\" {}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.name\n}\n",
		"infra/readme.yaml":                       "a: 1\n",
		"infra/broken/a.tf":                       "resource \"aws_sqs_queue\" {\n",
		"infra/broken/b.tf":                       bucket("good"),
	}
	for _, c := range []struct {
		paths     []string
		resources []string
		documents int
		other     int
		unread    int
	}{
		{[]string{"infra"}, []string{"aws_s3_bucket.good", "aws_s3_bucket.j", "module.b.aws_s3_bucket.b"}, 2, 1, 1},
		{[]string{"infra/modules", "infra/prod"}, []string{"aws_s3_bucket.j", "module.b.aws_s3_bucket.b"}, 1, 0, 0},
		{[]string{"infra/prod", "infra/modules/bucket"}, []string{"aws_s3_bucket.j", "module.b.aws_s3_bucket.b", "aws_s3_bucket.b"}, 2, 0, 0},
		{[]string{"infra/modules/bucket/main.tf"}, []string{"aws_s3_bucket.b"}, 1, 0, 0},
		{[]string{"infra/prod/more.tf.json"}, []string{"aws_s3_bucket.j"}, 1, 0, 0},
		{[]string{"infra/broken/a.tf"}, nil, 0, 0, 1},
	} {
		r := run(t, files, c.paths...)
		var names []string
		for _, x := range r.Results {
			names = append(names, x.Name)
		}
		if diff := cmp.Diff(c.resources, names); diff != "" {
			t.Errorf("%v: %s", c.paths, diff)
		}
		if r.Documents != c.documents || r.Other != c.other || len(r.Unread) != c.unread {
			t.Errorf("%v: %d documents, %d others, unread %v", c.paths, r.Documents, r.Other, r.Unread)
		}
		for _, err := range r.Unread {
			if !strings.HasPrefix(err.Error(), "infra/broken/a.tf:1:") {
				t.Error(err)
			}
		}
	}
}
