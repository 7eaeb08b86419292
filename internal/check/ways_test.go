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
