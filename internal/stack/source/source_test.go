package source_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobzero/content"
	"jobzero/internal/check"
	"jobzero/internal/expect"
	"jobzero/internal/resource"
	"jobzero/internal/stack/source"
)

const block = "s3-bucket-public-access-block"

const template = `Resources:
  Orders: # the shop's
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders-111122223333
  Other:
    Type: AWS::S3::Bucket
`

const terraform = `resource "aws_s3_bucket" "orders" {
  bucket = "orders-111122223333"
}

resource "aws_s3_bucket_public_access_block" "orders" {
  bucket                  = aws_s3_bucket.orders.id
  block_public_acls       = true
  block_public_policy     = false # for the campaign
  ignore_public_acls      = true
  restrict_public_buckets = false
}
`

func find(t *testing.T, files map[string]string, r resource.Resource, expectation string) source.Found {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, bad := expect.Load(content.FS(), "expectations")
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	got, err := source.Find(t.Context(), []check.Input{{Files: fsys, Path: ".", Shown: "infra/"}}, r, expectation, check.Options{Expectations: set, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func orders(tags map[string]string) resource.Resource {
	return resource.Resource{Ref: resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders-111122223333"}, Tags: tags}
}

func TestATemplate(t *testing.T) {
	got := find(t, map[string]string{"shop.yaml": template}, orders(map[string]string{"aws:cloudformation:stack-name": "shop", "aws:cloudformation:logical-id": "Orders"}), block)
	if got.Managed != "CloudFormation stack shop, as Orders" || !strings.HasPrefix(got.Place, "infra/shop.yaml:2") || got.Name != "Orders" {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"--- a/infra/shop.yaml\n+++ b/infra/shop.yaml\n", "+      PublicAccessBlockConfiguration:\n", "+        BlockPublicPolicy: true\n"} {
		if !strings.Contains(got.Patch, want) {
			t.Errorf("the patch lacks %q:\n%s", want, got.Patch)
		}
	}
	if strings.Count(got.Patch, "PublicAccessBlockConfiguration") != 1 {
		t.Errorf("another resource was mended too:\n%s", got.Patch)
	}
}

func TestTerraform(t *testing.T) {
	got := find(t, map[string]string{"main.tf": terraform}, orders(nil), block)
	want := "-  block_public_policy     = false # for the campaign\n+  block_public_policy     = true # for the campaign\n   ignore_public_acls      = true\n-  restrict_public_buckets = false\n+  restrict_public_buckets = true\n"
	if !strings.HasPrefix(got.Place, "infra/main.tf:1") || !strings.Contains(got.Patch, want) {
		t.Errorf("%+v\n%s", got, got.Patch)
	}
	from := find(t, map[string]string{"main.tf": strings.Replace(terraform, "= false #", "= var.open #", 1) + "variable \"open\" {\n  default = false\n}\n"}, orders(nil), block)
	if from.Patch != "" || !strings.Contains(from.Why, "made by an expression") || from.Fix == "" {
		t.Errorf("%+v", from)
	}
}

func TestWhyThereIsNoPatch(t *testing.T) {
	for why, c := range map[string]struct {
		files       map[string]string
		expectation string
	}{
		"none of the texts":     {map[string]string{"a.tf": "resource \"aws_s3_bucket\" \"x\" {\n  bucket = \"another\"\n}\n"}, block},
		"is no expectation":     {map[string]string{"main.tf": terraform}, ""},
		"says what is expected": {map[string]string{"main.tf": strings.ReplaceAll(terraform, "false", "true")}, block},
	} {
		if got := find(t, c.files, orders(nil), c.expectation); got.Patch != "" || !strings.Contains(got.Why, why) {
			t.Errorf("%s: %+v", why, got)
		}
	}
	none, err := source.Find(t.Context(), nil, orders(nil), block, check.Options{})
	if err != nil || !strings.Contains(none.Words(), "the settings name no infrastructure code") {
		t.Errorf("%+v, %v", none, err)
	}
}

// TestThePatchApplies: what is told is what git takes.
func TestThePatchApplies(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git here, which applies the patch")
	}
	got := find(t, map[string]string{"main.tf": terraform}, orders(nil), block)
	dir := t.TempDir()
	file := filepath.Join(dir, "infra", "main.tf")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(terraform), 0o600); err != nil {
		t.Fatal(err)
	}
	apply := exec.CommandContext(t.Context(), git, "apply", "-")
	apply.Dir, apply.Stdin = dir, strings.NewReader(got.Patch)
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, got.Patch)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != strings.ReplaceAll(terraform, "false", "true") {
		t.Errorf("%v:\n%s", err, text)
	}
}
