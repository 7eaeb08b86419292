package cdk_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design/cdk"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

const bucket = `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${AWS::AccountId}-${AWS::Region}-${AWS::StackName}"}}},
 "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}]]}}, "Metadata": {"aws:asset:path": "inner.nested.template.json"}},
 "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "x"}}}}`

//nolint:misspell // the CDK has words of its own
func folder() fstest.MapFS {
	return fstest.MapFS{
		"cdk.out/manifest.json": {Data: []byte(`{"version": "48.0.0", "artifacts": {
 "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}},
 "Shop": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-central-1", "properties": {"templateFile": "Shop.template.json", "stackName": "shop-live"}},
 "Any": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "Shop.template.json"}},
 "assembly-Test": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Test"}},
 "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}`)},
		"cdk.out/Shop.template.json":         {Data: []byte(bucket)},
		"cdk.out/inner.nested.template.json": {Data: []byte(`{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}`)},
		"cdk.out/assembly-Test/manifest.json": {Data: []byte(`{"artifacts": {"Test": {"type": "aws:cloudformation:stack",
 "environment": "aws://444455556666/cn-north-1", "properties": {"templateFile": "T.template.json", "parameters": {"Name": "data-test"}}}}}`)},
		"cdk.out/assembly-Test/T.template.json": {Data: []byte(`{"Parameters": {"Name": {"Type": "String"}},
 "Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}, "ObjectLockEnabled": "true"}}}}`)},
	}
}

func TestRead(t *testing.T) {
	list, err := cdk.Read(folder(), "cdk.out", cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		for _, r := range d.Resources {
			got = append(got, strings.Join([]string{r.Place.String(), r.Name, r.Account, r.Region, r.ID}, " "))
		}
		if len(d.Skipped)+len(d.Problems) > 0 {
			t.Errorf("%+v %+v", d.Skipped, d.Problems)
		}
	}
	if diff := cmp.Diff([]string{
		"cdk.out/Shop.template.json:1:16 Data 111122223333 eu-central-1 111122223333-eu-central-1-shop-live",
		"cdk.out/Shop.template.json:2:2 Inner 111122223333 eu-central-1 Inner",
		"cdk.out/inner.nested.template.json:1:16 Inner.Topic 111122223333 eu-central-1 Inner.Topic",
		"cdk.out/Shop.template.json:3:2 CDKMetadata 111122223333 eu-central-1 CDKMetadata",
		"cdk.out/Shop.template.json:1:16 Data   Data",
		"cdk.out/Shop.template.json:2:2 Inner   Inner",
		"cdk.out/inner.nested.template.json:1:16 Inner.Topic   Inner.Topic",
		"cdk.out/Shop.template.json:3:2 CDKMetadata   CDKMetadata",
		"cdk.out/assembly-Test/T.template.json:2:16 Data 444455556666 cn-north-1 data-test",
	}, got); diff != "" {
		t.Error(diff)
	}
}

//nolint:misspell // as above
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		code       fault.Code
	}{
		"no manifest":  {"", "run cdk synth first", fault.NotFound},
		"broken":       {"{", "cdk.out/manifest.json:1:", fault.Invalid},
		"other":        {`{"a": 1}`, "cdk.out/manifest.json:1:2: this is no manifest", fault.Invalid},
		"no type":      {`{"artifacts": {"A": {}}}`, `cdk.out/manifest.json:1:16: "A" has no type`, fault.Invalid},
		"no template":  {`{"artifacts": {"A": {"type": "aws:cloudformation:stack"}}}`, "does not say where it lies", fault.Invalid},
		"not there":    {`{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a.json"}}}}`, "cdk.out/manifest.json:1:16: the template cdk.out/a.json", fault.Invalid},
		"outside":      {`{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../a.json"}}}}`, "lies outside", fault.Invalid},
		"own assembly": {`{"artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}`, "lies outside", fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			in := fstest.MapFS{}
			if c.text != "" {
				in["cdk.out/manifest.json"] = &fstest.MapFile{Data: []byte(c.text)}
			}
			_, err := cdk.Read(in, "cdk.out", cfn.Options{})
			if !fault.Is(err, c.code) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(folder()["cdk.out/manifest.json"].Data)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := folder()
		in["cdk.out/manifest.json"] = &fstest.MapFile{Data: data}
		if _, err := cdk.Read(in, "cdk.out", cfn.Options{}); err != nil && fault.Is(err, fault.Internal) {
			t.Error(err)
		}
	})
}
