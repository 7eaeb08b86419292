package check_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/check"
)

// TestWays: what is the same whichever way a condition goes is decided, and nothing else.
func TestWays(t *testing.T) {
	r := run(t, map[string]string{"a.yaml": `Parameters: {Stage: {Type: String}, Size: {Type: String}, Keep: {Type: String}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Test: !Not [!Condition Live]
  Large: !Equals [!Ref Size, large]
Resources:
  Same: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: !If [Live, {Status: Enabled}, {Status: Enabled, x: y}]}}
  Plain: {Type: AWS::S3::Bucket, Properties: !If [Live, {BucketName: shop-live}, {BucketName: shop-test}]}
  Differs: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: !If [Live, Enabled, Suspended]}}}
  Left: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: !If [Live, !Ref Keep, Enabled]}}}
  Twice: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: !If [Live, {Status: Enabled}, !If [Test, {Status: Enabled, x: y}, {Status: Suspended}]]}}
  Crossed: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: !If [Live, {Status: Enabled}, !If [Large, {Status: Enabled}, {Status: Suspended}]]}}
  Missing: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: !If [Nobody, {Status: Enabled}, {Status: Enabled, x: y}]}}
`}, "a.yaml")
	got := map[string]check.Verdict{}
	for _, x := range r.Results {
		got[x.Name] = x.Verdict
	}
	want := map[string]check.Verdict{
		"Same": check.Pass, "Plain": check.Fail, "Differs": check.Undecided, "Left": check.Undecided, "Twice": check.Pass,
		"Crossed": check.Undecided, "Missing": check.Pass,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(r.Results) != 7 || r.Resources != 7 || r.Documents != 1 {
		t.Errorf("%d results of %d resources in %d documents", len(r.Results), r.Resources, r.Documents)
	}
}

// TestWaysOfTerraform: the same of a folder of Terraform, by the condition of a conditional; a way that the provider refuses is none.
func TestWaysOfTerraform(t *testing.T) {
	r := run(t, map[string]string{"main.tf": `
variable "keep" { type = bool }
variable "live" {}
variable "tier" { type = map(bool) }
locals { all = var.live == "yes" }

resource "aws_s3_bucket" "differs" { bucket = "shop-differs" }
resource "aws_s3_bucket_versioning" "differs" {
  bucket = aws_s3_bucket.differs.id
  versioning_configuration { status = var.keep ? "Enabled" : "Suspended" }
}

resource "aws_s3_bucket" "same" { bucket = "shop-same" }
resource "aws_s3_bucket_versioning" "same" {
  bucket = aws_s3_bucket.same.id
  versioning_configuration { status = local.all ? "Suspended" : "Disabled" }
}

resource "aws_s3_bucket" "asked" { bucket = "shop-asked" }
resource "aws_s3_bucket_versioning" "asked" {
  bucket = aws_s3_bucket.asked.id
  dynamic "versioning_configuration" {
    for_each = var.live ? [1] : []
    content { status = "Enabled" }
  }
}

resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = "shop-${each.key}"
}
resource "aws_s3_bucket_versioning" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  versioning_configuration { status = var.tier[each.key] ? "Suspended" : "Disabled" }
}

resource "aws_s3_bucket" "some" {
  count  = !var.keep ? 1 : 0
  bucket = "shop-some"
}
resource "aws_s3_bucket_versioning" "some" {
  count  = !var.keep ? 1 : 0
  bucket = aws_s3_bucket.some[0].id
  versioning_configuration { status = "Enabled" }
}
`}, ".")
	got := map[string]check.Verdict{}
	for _, x := range r.Results {
		got[x.Name] = x.Verdict
	}
	want := map[string]check.Verdict{
		"aws_s3_bucket.differs": check.Undecided, "aws_s3_bucket.same": check.Fail, "aws_s3_bucket.asked": check.Pass,
		`aws_s3_bucket.each["a"]`: check.Undecided, `aws_s3_bucket.each["b"]`: check.Undecided, "aws_s3_bucket.some": check.Pass,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestWaysRefused: where neither way can be deployed, nothing is decided by it.
func TestWaysRefused(t *testing.T) {
	r := run(t, map[string]string{"main.tf": `
resource "aws_s3_bucket" "b" { bucket = "shop" }
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = var.keep ? "Enabled" : "Suspended" }
}
resource "aws_s3_bucket" "c" { bucket = "shop-c" }
resource "aws_s3_bucket_versioning" "c" { bucket = aws_s3_bucket.c.id }
`}, ".")
	for _, x := range r.Results {
		if x.Name == "aws_s3_bucket.b" && x.Verdict != check.Undecided {
			t.Errorf("%s is %s", x.Name, x.Verdict)
		}
	}
}
