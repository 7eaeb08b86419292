package terraform

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
)

const region = `"provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}}`

// planText writes a plan of changes and of what the text of the root module says.
func planText(root string, changes ...string) string {
	if root != "" {
		root = fmt.Sprintf(`,"configuration":{%s,"root_module":%s}`, region, root)
	}
	return `{"format_version":"1.2","resource_changes":[` + "\n" + strings.Join(changes, ",\n") + "]" + root + "}"
}

// made is the change of a new resource.
func made(address, after, unknown string) string { return changed(address, "create", after, unknown) }

func changed(address, action, after, unknown string) string {
	own := locate(address).own
	kind, name, _ := strings.Cut(own.name, ".")
	return fmt.Sprintf(`{"address":%q,"mode":"managed","type":%q,"name":%q,"provider_name":"registry.terraform.io/hashicorp/%s",`+
		`"change":{"actions":[%q],"after":%s,"after_unknown":%s}}`,
		address, kind, name, strings.SplitN(kind, "_", 2)[0], action, after, unknown)
}

// said is a resource as the text writes it.
func said(address, expressions string) string {
	kind, name, _ := strings.Cut(address, ".")
	return fmt.Sprintf(`{"address":%q,"mode":"managed","type":%q,"name":%q,"provider_config_key":"aws","expressions":{%s}}`, address, kind, name, expressions)
}

func root(resources ...string) string { return `{"resources":[` + strings.Join(resources, ",") + `]}` }

func refs(names ...string) string {
	text, _ := json.Marshal(names)
	return `{"references":` + string(text) + `}`
}

func read(t *testing.T, text string) design.Document {
	t.Helper()
	doc, err := Read("plan.json", []byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return doc
}

func find(t *testing.T, doc design.Document, name string) design.Declared {
	t.Helper()
	for _, r := range doc.Resources {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("there is no %s in %+v", name, doc)
	return design.Declared{}
}

func unknowns(d design.Declared) string {
	var out []string
	for _, u := range d.Unknown {
		out = append(out, u.Path)
	}
	return strings.Join(out, " ")
}

func properties(t *testing.T, d design.Declared, want string) {
	t.Helper()
	var w, got any
	text, err := json.Marshal(d.Properties)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err == nil {
		err = json.Unmarshal([]byte(want), &w)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, got); diff != "" {
		t.Errorf("%s: %s", d.Name, diff)
	}
}

func TestUnknown(t *testing.T) {
	text := planText(root(
		said("aws_s3_bucket.a", `"bucket":{"constant_value":"shop-data"},"tags":`+refs("aws_kms_key.k")+`,"policy":`+refs("aws_kms_key.k")+
			`,"logging":[{"target_bucket":`+refs("aws_s3_bucket.b.id", "aws_s3_bucket.b")+`}]`),
		said("aws_s3_bucket.b", ``)),
		made("aws_s3_bucket.a", `{"bucket":"shop-data","logging":[{"target_prefix":"log/"}],"force_destroy":false}`,
			`{"arn":true,"id":true,"tags":true,"tags_all":true,"policy":true,"versioning":true,"website":true,"logging":[{"target_bucket":true}]}`),
		made("aws_s3_bucket.b", `{"bucket":null,"tags":{"Owner":"shop"},"tags_all":{"Owner":"shop"}}`, `{"bucket":true}`))
	doc := read(t, text)
	a := find(t, doc, "aws_s3_bucket.a")
	properties(t, a, `{"BucketName":"shop-data","LoggingConfiguration":{"LogFilePrefix":"log/"}}`)
	want := "tags properties.LoggingConfiguration.DestinationBucketName properties.Tags properties.WebsiteConfiguration related.policy.PolicyDocument related.policy.PolicyText"
	if got := unknowns(a); got != want {
		t.Errorf("unknown: %s", got)
	}
	if a.ID != "shop-data" || a.Region != "eu-west-1" || a.Place.String() != "plan.json:2:1" {
		t.Errorf("%s in %s at %s", a.ID, a.Region, a.Place)
	}
	b := find(t, doc, "aws_s3_bucket.b")
	if b.ID != "aws_s3_bucket.b" || b.Tags["Owner"] != "shop" || unknowns(b) != "properties.BucketName" || b.Place.Line != 3 {
		t.Errorf("%+v", b)
	}
	link := design.Link{From: "aws_s3_bucket.a", Path: "properties.LoggingConfiguration.DestinationBucketName", To: "aws_s3_bucket.b"}
	if diff := cmp.Diff([]design.Link{link}, doc.Links); diff != "" {
		t.Error(diff)
	}
}

// TestFate: what a plan removes or forgets is no resource, what it leaves as it is is one.
func TestFate(t *testing.T) {
	deposed := strings.Replace(made("aws_sqs_queue.old", `null`, `{}`), `"mode"`, `"deposed":"0a1b","mode"`, 1)
	data := strings.Replace(made("aws_s3_bucket.d", `{"bucket":"x"}`, `{}`), `"managed"`, `"data"`, 1)
	doc := read(t, planText("",
		changed("aws_s3_bucket.gone", "delete", `null`, `{}`),
		changed("aws_s3_bucket.forgotten", "forget", `null`, `{}`),
		changed("aws_s3_bucket.stays", "no-op", `{"bucket":"stays","arn":"arn:aws:s3:::stays","id":"stays"}`, `{}`),
		strings.Replace(made("aws_s3_bucket.replaced", `{"bucket":"new"}`, `{}`), `["create"]`, `["delete","create"]`, 1),
		deposed, data,
		made("aws_lightsail_instance.x", `{"name":"x"}`, `{}`),
		made("google_project.x", `{"name":"x"}`, `{}`)))
	var names, why []string
	for _, r := range doc.Resources {
		names = append(names, r.Name)
	}
	for _, s := range doc.Skipped {
		why = append(why, s.Name+": "+s.Why)
	}
	if diff := cmp.Diff([]string{"aws_s3_bucket.stays", "aws_s3_bucket.replaced"}, names); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"aws_s3_bucket.gone: the plan removes it", "aws_s3_bucket.forgotten: the plan forgets it: nothing manages it afterwards",
		"aws_sqs_queue.old: the plan removes it", "aws_s3_bucket.d: a data source makes nothing",
		"aws_lightsail_instance.x: nothing is known of this type",
		"google_project.x: it belongs to another provider: registry.terraform.io/hashicorp/google",
	}
	if diff := cmp.Diff(want, why); diff != "" {
		t.Error(diff)
	}
	if doc.Coverage.Resources != 2 || doc.Coverage.OfResources != 4 {
		t.Errorf("%s", doc.Coverage)
	}
}

func TestEncodings(t *testing.T) {
	text := planText("", made("aws_s3_bucket.a", `{"bucket":"größe"}`, `{}`))
	wide := func(order, mark bool) string {
		var out []byte
		units := utf16.Encode([]rune(text))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		for _, u := range units {
			if order {
				out = append(out, byte(u>>8), byte(u))
			} else {
				out = append(out, byte(u), byte(u>>8))
			}
		}
		return string(out)
	}
	for name, form := range map[string]string{
		"plain": text, "mark": "\xef\xbb\xbf" + text, "utf-16le": wide(false, true), "utf-16be": wide(true, true),
		"utf-16le, no mark": wide(false, false), "utf-16be, no mark": wide(true, false),
	} {
		if got := find(t, read(t, form), "aws_s3_bucket.a"); got.ID != "größe" {
			t.Errorf("%s: %q", name, got.ID)
		}
	}
}

func TestWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                         "plan.json:1:2: this is no plan",
		"{\n\"format_version\": x}": "plan.json:2:19",
		`{"format_version":"2.0"}`:  `format_version is "2.0"`,
		`[]`:                        "want an object",
		"{\"format_version\":\"1.0\",\n\"resource_changes\":[\n{\"address\":\"a\",\"type\":1}]}": "plan.json:3:1",
		"{\"format_version\":\"1.0\",\n\"resource_changes\":[\n{}]}":                             "without an address",
		`{"format_version":"1.0","resource_changes":{}}`:                                         "want an array",
		`{"format_version":"1.0","configuration":[]}`:                                            "plan.json:1:41",
		`{"format_version":"1.0","a":` + strings.Repeat("[", 10000):                              "nested deeper than",
		strings.Repeat(" ", MaxBytes+1):                                                          "want 67108864 at most",
	} {
		_, err := Read("plan.json", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plan.json:") {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
}

// TestStated: a plan that was cut, and a state, have values only.
func TestStated(t *testing.T) {
	values := `{"root_module":{"child_modules":[{"resources":[{"address":"module.m.aws_s3_bucket.a","mode":"managed","type":"aws_s3_bucket",` +
		`"provider_name":"aws","values":{"bucket":"shop-data","password":"x"},"sensitive_values":{"bucket":true}}]}]}}`
	for _, part := range []string{"values", "planned_values"} {
		doc := read(t, `{"format_version":"1.0","`+part+`":`+values+`}`)
		if a := find(t, doc, "module.m.aws_s3_bucket.a"); !strings.Contains(unknowns(a), "properties.BucketName") {
			t.Errorf("%s: %+v", part, a)
		}
	}
	doc := read(t, `{"format_version":"1.0","planned_values":`+values+`,"resource_changes":[]}`)
	if len(doc.Resources) != 0 {
		t.Errorf("the plan has no changes, and yet %+v", doc.Resources)
	}
}

func TestOrigin(t *testing.T) {
	for _, c := range []struct{ name, kind, want string }{
		{"aws", "aws_vpc", "aws"},
		{"registry.terraform.io/hashicorp/aws", "aws_vpc", "aws"},
		{"registry.terraform.io/-/aws", "aws_vpc", "aws"},
		{"registry.opentofu.org/hashicorp/awscc", "awscc_s3_bucket", "awscc"},
		{`provider["registry.terraform.io/hashicorp/aws"]`, "aws_vpc", "aws"},
		{"provider.aws", "aws_vpc", "aws"},
		{"", "awscc_s3_bucket", "awscc"},
		{"registry.terraform.io/somebody/aws", "aws_vpc", ""},
		{"registry.terraform.io/hashicorp/google", "google_project", ""},
	} {
		if got := origin(c.name, c.kind); got != c.want {
			t.Errorf("%s %s is %q", c.name, c.kind, got)
		}
	}
}

// FuzzRead: whatever the text, there is a document or an error with the file's name, and what is unknown has a path and a cause.
func FuzzRead(f *testing.F) {
	f.Add([]byte(planText(root(said("aws_s3_bucket.a", `"bucket":{"constant_value":"x"}`)), made("aws_s3_bucket.a", `{"bucket":"x"}`, `{"id":true}`))))
	f.Add([]byte(groupPlan()))
	f.Add([]byte(modulePlan()))
	f.Add([]byte(`{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"a.b","type":"aws_iam_role","values":{"inline_policy":[{}]}}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read("f", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		for _, r := range doc.Resources {
			for _, u := range r.Unknown {
				top, _, _ := strings.Cut(strings.ReplaceAll(u.Path, "[", "."), ".")
				if u.Cause == "" || top != "properties" && top != "related" && top != "tags" {
					t.Fatalf("%s: %+v", r.Name, u)
				}
			}
		}
		if c := doc.Coverage; c.Resources > c.OfResources || c.Values > c.OfValues {
			t.Fatal(c)
		}
	})
}
