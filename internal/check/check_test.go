package check_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/check"
	"jobzero/internal/expect"
)

const versioned = `id: bucket-versioned
title: Buckets should keep versions
why: What is overwritten is gone.
severity: high
resource: AWS::S3::Bucket
expression: resource.properties.?VersioningConfiguration.?Status.orValue('Suspended') == 'Enabled'
remediation: Switch versions on.
`

const template = `Parameters: {Keep: {Type: String}, Make: {Type: String}}
Conditions: {Made: !Equals [!Ref Make, "yes"]}
Resources:
  Good: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Bad:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration:
        Status: Suspended
  Who: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: !Ref Keep}}}
  Perhaps: {Type: AWS::S3::Bucket, Condition: Made}
  Other: {Type: AWS::SNS::Topic}
`

const plan = `{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [
  {"address": "aws_s3_bucket.data", "mode": "managed", "type": "aws_s3_bucket", "name": "data",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {"actions": ["create"], "before": null, "after": {"bucket": "shop-data"}, "after_unknown": {"id": true, "arn": true}}},
  {"address": "aws_s3_bucket_versioning.data", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "data",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {"actions": ["create"], "before": null,
     "after": {"bucket": "shop-data", "versioning_configuration": [{"status": "Enabled"}]}, "after_unknown": {"id": true}}}]}
`

func run(t *testing.T, files map[string]string, paths ...string) *check.Report {
	t.Helper()
	set, errs := expect.Load(fstest.MapFS{"a.yaml": {Data: []byte(versioned)}}, ".")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var inputs []check.Input
	for _, p := range paths {
		inputs = append(inputs, check.Input{Files: fsys, Path: p})
	}
	r, err := check.Run(t.Context(), inputs, check.Options{Expectations: set, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun(t *testing.T) {
	r := run(t, map[string]string{
		"infra/shop.yaml": template, "infra/plan.json": plan, "infra/README.md": "Resources Type", "infra/values.yaml": "a: 1",
		"infra/.git/x.yaml": template, "infra/node_modules/x.yaml": template,
	}, "infra")
	got := map[string]check.Verdict{}
	for _, x := range r.Results {
		got[x.Name] = x.Verdict
	}
	want := map[string]check.Verdict{
		"Good": check.Pass, "Bad": check.Fail, "Who": check.Undecided, "Perhaps": check.Fail, "aws_s3_bucket.data": check.Pass,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if r.Documents != 2 || r.Resources != 6 || r.Other != 1 || len(r.Unread) != 0 {
		t.Errorf("%d documents, %d resources, %d other, unread %v", r.Documents, r.Resources, r.Other, r.Unread)
	}
	for _, x := range r.Results {
		switch x.Name {
		case "Bad":
			if x.Place.String() != "infra/shop.yaml:9:9" || x.Fix != "Set VersioningConfiguration.Status: Enabled. Switch versions on." {
				t.Errorf("%s at %s, fix %q", x.Name, x.Place, x.Fix)
			}
		case "Who":
			if !strings.Contains(x.Reason, "the parameter Keep has no value") {
				t.Error(x.Reason)
			}
		case "Perhaps":
			if !strings.Contains(x.Reason, "if it is made") {
				t.Error(x.Reason)
			}
		}
	}
}

// TestUnread: what is named and cannot be read, and a template that is broken, are told; nothing stops the others.
func TestUnread(t *testing.T) {
	r := run(t, map[string]string{
		"good.yaml": template, "other.yaml": "a: 1", "broken.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n",
		"cut.json": plan[:300],
	}, "good.yaml", "other.yaml", "broken.yaml", "cut.json", "none.yaml")
	if len(r.Unread) != 4 || r.Documents != 1 {
		t.Fatalf("%d documents, unread %v", r.Documents, r.Unread)
	}
	for i, want := range []string{"other.yaml: it is no template", "broken.yaml:2:", "cut.json", "none.yaml"} {
		if !strings.HasPrefix(r.Unread[i].Error(), want) {
			t.Errorf("%v, want %s", r.Unread[i], want)
		}
	}
}

// TestUnseen: a template that cannot be read does not go by as something else, whatever made it so.
func TestUnseen(t *testing.T) {
	const bucket = "Resources:\n  A: {Type: AWS::S3::Bucket}\n"
	laughs := bucket + "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := byte('b'); c < 'k'; c++ {
		laughs += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 10) + "x]\n"
	}
	for name, text := range map[string]string{
		"laughs.yaml": laughs,
		"deep.json":   `{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"Tags": ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}}}}`,
		"blocks.yaml": "{% if prod %}\n" + bucket + "{% endif %}\n",
	} {
		r := run(t, map[string]string{"in/" + name: text, "in/notes.yaml": "Resources of Type: [\n"}, "in")
		if len(r.Unread) != 1 || r.Other != 1 || !strings.HasPrefix(r.Unread[0].Error(), "in/"+name+":") {
			t.Errorf("%s: unread %v, %d other", name, r.Unread, r.Other)
		}
	}
}

// TestForms: every form names each result that is not met once, and is well formed.
func TestForms(t *testing.T) {
	r := run(t, map[string]string{"a b.yaml": template}, "a b.yaml")
	var b bytes.Buffer
	if err := r.SARIF(&b, "1"); err != nil {
		t.Fatal(err)
	}
	var sarif struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Kind      string
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &sarif); err != nil {
		t.Fatal(err)
	}
	run := sarif.Runs[0]
	if len(run.Tool.Driver.Rules) != 1 || len(run.Results) != 3 {
		t.Fatalf("%s", b.String())
	}
	for _, x := range run.Results {
		at := x.Locations[0].PhysicalLocation
		if x.RuleID != "bucket-versioned" || x.RuleIndex != 0 || at.ArtifactLocation.URI != "a%20b.yaml" || at.Region.StartLine == 0 ||
			(x.Kind == "fail") != (x.Level == "error") || (x.Kind == "open") != (x.Level == "none") {
			t.Errorf("%+v", x)
		}
	}
	b.Reset()
	if err := r.JUnit(&b); err != nil {
		t.Fatal(err)
	}
	var junit struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Skipped  int `xml:"skipped,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &junit); err != nil || len(junit.Suites) != 1 {
		t.Fatalf("%v: %s", err, b.String())
	}
	if s := junit.Suites[0]; s.Tests != 4 || s.Failures != 2 || s.Skipped != 1 {
		t.Errorf("%+v", s)
	}
	b.Reset()
	if err := r.GitHub(&b); err != nil || strings.Count(b.String(), "\n") != 2 || !strings.Contains(b.String(), "::error file=a b.yaml,line=9,") {
		t.Errorf("%v: %s", err, b.String())
	}
	b.Reset()
	if err := r.JSON(&b); err != nil || strings.Count(b.String(), "\n") != 4 {
		t.Errorf("%v: %s", err, b.String())
	}
}
