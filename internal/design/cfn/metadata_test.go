package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design/cfn"
)

// TestAuthentication: how a machine signs in stands in its metadata, and that of nothing else is read.
func TestAuthentication(t *testing.T) {
	d, err := cfn.Read("t.yaml", []byte(`
Parameters: {Word: {Type: String, NoEcho: true}}
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1}
    Metadata:
      AWS::CloudFormation::Init: {config: {}}
      AWS::CloudFormation::Authentication: {files: {type: basic, username: web, password: !Ref Word}}
  Plain: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}, Metadata: {Owner: shop}}
  Odd: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}, Metadata: {"AWS::CloudFormation::Authentication": !Ref Word}}
  Bucket: {Type: AWS::S3::Bucket, Metadata: {"AWS::CloudFormation::Authentication": {files: {type: basic}}}}
`), cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	related, unknown := map[string]any{}, map[string][]string{}
	for _, r := range d.Resources {
		if r.Related != nil {
			related[r.Name] = r.Related
		}
		for _, u := range r.Unknown {
			unknown[r.Name] = append(unknown[r.Name], u.Path)
		}
	}
	want := map[string]any{"Web": map[string]any{"authentication": map[string]any{"files": map[string]any{"type": "basic", "username": "web"}}}}
	if d := cmp.Diff(want, related); d != "" {
		t.Error(d)
	}
	dark := map[string][]string{"Web": {"related.authentication.files.password"}, "Odd": {"related.authentication"}}
	if d := cmp.Diff(dark, unknown); d != "" {
		t.Error(d)
	}
}
