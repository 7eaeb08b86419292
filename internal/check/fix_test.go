package check_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobzero/internal/check"
	"jobzero/internal/expect"
)

const rules = `id: ID
title: T
why: W
severity: high
resource: AWS::EC2::Volume
expression: EXPRESSION
`

// TestFix: what can be mended is, with comments and layout; each change is proved, and one that breaks something is taken back.
func TestFix(t *testing.T) {
	load := fstest.MapFS{}
	for id, expression := range map[string]string{
		"encrypted": "resource.properties.?Encrypted.orValue(false)",
		"large":     "resource.properties.Size >= 10",
		"small":     "resource.properties.Size <= 8 || resource.properties.VolumeType == 'io2'",
		"named":     "resource.properties.?KmsKeyId.orValue('') != ''",
		"fast":      "resource.properties.VolumeType == 'gp3'",
	} {
		load[id+".yaml"] = &fstest.MapFile{Data: []byte(strings.NewReplacer("ID", id, "EXPRESSION", expression).Replace(rules))}
	}
	set, errs := expect.Load(load, ".")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	const before = `# shop
Resources:
  Data: # keeps orders
    Type: AWS::EC2::Volume
    Properties:
      Size: 4 # GiB
      VolumeType: gp2
  Logs: {Type: AWS::EC2::Volume, Properties: {Size: !Ref Other, VolumeType: !If [A, gp2, io1]}}
`
	files := fstest.MapFS{
		"a/shop.yaml": {Data: []byte(before)}, "a/note.txt": {Data: []byte("x")},
		"c/manifest.json": {Data: []byte(`{"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "s.json"}}}}`)}, //nolint:misspell // the CDK's own word
		"c/s.json":        {Data: []byte(`{"Resources": {"V": {"Type": "AWS::EC2::Volume", "Properties": {"Size": 9, "VolumeType": "gp3"}}}}`)},
	}
	got, err := check.Fix(t.Context(), check.Input{Files: files, Path: "."}, check.Options{Expectations: set, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	const after = `# shop
Resources:
  Data: # keeps orders
    Type: AWS::EC2::Volume
    Properties:
      Encrypted: true
      Size: 4 # GiB
      VolumeType: gp3
  Logs: {Type: AWS::EC2::Volume, Properties: {Encrypted: true, Size: !Ref Other, VolumeType: !If [A, gp2, io1]}}
`
	if text := string(got.Files["a/shop.yaml"]); text != after {
		t.Errorf("got\n%s", text)
	}
	if len(got.Files) != 1 || string(files["a/shop.yaml"].Data) != before {
		t.Errorf("%d files are changed, and the original is\n%s", len(got.Files), files["a/shop.yaml"].Data)
	}
	left := map[string]string{}
	for _, x := range got.Left {
		left[x.Expectation.ID+" "+x.Name] = x.Why
	}
	for what, want := range map[string]string{
		"large Data":  "would break small of Data",
		"named Data":  "no change of properties",
		"encrypted V": "a program writes this template",
	} {
		if !strings.Contains(left[what], want) {
			t.Errorf("%s: %q, want %q", what, left[what], want)
		}
	}
	if len(got.Done) != 3 {
		t.Errorf("%d done: %+v", len(got.Done), got.Done)
	}
}
