package drift_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const account, region = "111122223333", "eu-central-1"

// held loads a template of one resource named It and holds it against live properties.
func held(t *testing.T, kind resource.Type, said, is string, unknown ...resource.Unknown) drift.Compared {
	t.Helper()
	d, err := cfn.Read("shop", fmt.Appendf(nil, `{"Resources":{"It":{"Type":%q,"Properties":%s}}}`, kind, said), cfn.Options{Account: account, Region: region})
	if err != nil {
		t.Fatal(err)
	}
	id := "it"
	if kind == topic {
		id = "arn:aws:sns:eu-central-1:111122223333:it"
	}
	w := drift.World{Account: account, Region: region, IDs: map[string]string{"It": id}}
	refs, why := w.Refs(d.Resources[0])
	if why != "" {
		t.Fatal(why)
	}
	w.Read = map[string]resource.Resource{refs[0].Key(): {Ref: refs[0], Properties: parsed(t, is), Unknown: unknown}}
	return drift.Compare(d, w)[0]
}

func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// told is what came of it, in short.
func told(c drift.Compared) string {
	var all []string
	for _, d := range c.Differences {
		all = append(all, string(d.Kind)+" "+strings.TrimPrefix(d.Path, "properties."))
	}
	for _, o := range c.Open {
		all = append(all, "open "+strings.TrimPrefix(o.Path, "properties."))
	}
	return strings.Join(all, "; ")
}

const (
	bucket = resource.Bucket
	group  = resource.SecurityGroup
	role   = resource.Role
	lambda = resource.Type("AWS::Lambda::Function")
	db     = resource.Type("AWS::RDS::DBInstance")
	topic  = resource.Type("AWS::SNS::Topic")
)

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		kind     resource.Type
		said, is string
		want     string
	}{
		"the same":                    {bucket, `{"VersioningConfiguration":{"Status":"Enabled"}}`, `{"VersioningConfiguration":{"Status":"Enabled"},"BucketName":"it"}`, ""},
		"changed":                     {bucket, `{"VersioningConfiguration":{"Status":"Enabled"}}`, `{"VersioningConfiguration":{"Status":"Suspended"}}`, "changed VersioningConfiguration.Status"},
		"missing":                     {bucket, `{"VersioningConfiguration":{"Status":"Enabled"}}`, `{}`, "missing VersioningConfiguration"},
		"a default is none":           {db, `{}`, `{"StorageEncrypted":false,"Engine":"mysql"}`, ""},
		"off and not there":           {db, `{"StorageEncrypted":false}`, `{}`, ""},
		"on and not there":            {db, `{"StorageEncrypted":true}`, `{}`, "missing StorageEncrypted"},
		"a number as text":            {db, `{"Port":"3306"}`, `{"Port":3306}`, ""},
		"another number":              {db, `{"Port":"3306"}`, `{"Port":3307}`, "changed Port"},
		"a truth as text":             {db, `{"StorageEncrypted":"True"}`, `{"StorageEncrypted":true}`, ""},
		"a name in small letters":     {db, `{"DBInstanceIdentifier":"Shop"}`, `{"DBInstanceIdentifier":"shop"}`, ""},
		"an ARN and its name":         {lambda, `{"Role":"arn:aws:iam::111122223333:role/x/shop"}`, `{"Role":"shop"}`, ""},
		"an ARN and another name":     {lambda, `{"Role":"arn:aws:iam::111122223333:role/workshop"}`, `{"Role":"shop"}`, "changed Role"},
		"an alias":                    {topic, `{"KmsMasterKeyId":"alias/shop"}`, `{"KmsMasterKeyId":"arn:aws:kms:eu-central-1:111122223333:key/1"}`, "open KmsMasterKeyId"},
		"two aliases":                 {topic, `{"KmsMasterKeyId":"alias/shop"}`, `{"KmsMasterKeyId":"alias/other"}`, "changed KmsMasterKeyId"},
		"sets have no order":          {lambda, `{"VpcConfig":{"SubnetIds":["a","b"]}}`, `{"VpcConfig":{"SubnetIds":["b","a"]}}`, ""},
		"one more of a set":           {lambda, `{"VpcConfig":{"SubnetIds":["a","b"]}}`, `{"VpcConfig":{"SubnetIds":["b","a","c"]}}`, "added VpcConfig.SubnetIds"},
		"one less of a set":           {lambda, `{"VpcConfig":{"SubnetIds":["a","b"]}}`, `{"VpcConfig":{"SubnetIds":["b"]}}`, "missing VpcConfig.SubnetIds[0]"},
		"twice is not once":           {lambda, `{"VpcConfig":{"SubnetIds":["a","a"]}}`, `{"VpcConfig":{"SubnetIds":["a"]}}`, "missing VpcConfig.SubnetIds[1]"},
		"some lists have":             {lambda, `{"Layers":["a","b"]}`, `{"Layers":["b","a"]}`, "changed Layers[0]; changed Layers[1]"},
		"a variable more":             {lambda, `{"Environment":{"Variables":{"A":"1"}}}`, `{"Environment":{"Variables":{"A":"1","B":"2"}}}`, "added Environment.Variables.B"},
		"a rule more":                 {group, `{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":443,"ToPort":"443","CidrIp":"10.0.0.0/8"}]}`, `{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIp":"0.0.0.0/0"},{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"10.0.0.0/8"}]}`, "added SecurityGroupIngress"},
		"a rule that was opened":      {group, `{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"10.0.0.0/8"}]}`, `{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"0.0.0.0/0"}]}`, "changed SecurityGroupIngress[0].CidrIp"},
		"all ports":                   {group, `{"SecurityGroupIngress":[{"IpProtocol":-1,"FromPort":0,"ToPort":65535,"CidrIp":"10.1.2.3/8"}]}`, `{"SecurityGroupIngress":[{"IpProtocol":"-1","FromPort":-1,"ToPort":-1,"CidrIp":"10.0.0.0/8"}]}`, ""},
		"a protocol by number":        {group, `{"SecurityGroupIngress":[{"IpProtocol":"6","FromPort":1,"ToPort":2,"CidrIpv6":"2001:DB8:0::/32"}]}`, `{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":1,"ToPort":2,"CidrIpv6":"2001:db8::/32"}]}`, ""},
		"no rules said, none counted": {group, `{"GroupDescription":"x"}`, `{"GroupDescription":"x","SecurityGroupEgress":[{"IpProtocol":"-1"}]}`, ""},
		"tags of AWS":                 {bucket, `{"Tags":[{"Key":"team","Value":"web"}]}`, `{"Tags":[{"Key":"aws:cloudformation:stack-name","Value":"shop"},{"Key":"team","Value":"web"}]}`, ""},
		"a tag more":                  {bucket, `{"Tags":[{"Key":"team","Value":"web"}]}`, `{"Tags":[{"Key":"a","Value":"b"},{"Key":"team","Value":"web"}]}`, "added Tags"},
		"a tag changed":               {bucket, `{"Tags":[{"Key":"team","Value":"web"},{"Key":"b","Value":1}]}`, `{"Tags":[{"Key":"b","Value":"1"},{"Key":"team","Value":"shop"}]}`, "changed Tags[0].Value"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(held(t, c.kind, c.said, c.is)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPolicies(t *testing.T) {
	const one = `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}}]}`
	for name, c := range map[string]struct{ said, is, want string }{
		"the same":             {one, one, ""},
		"as text":              {one, quote(one), ""},
		"order, case and form": {one, `{"Statement":{"Effect":"Allow","Sid":"A","Resource":["*"],"Action":["S3:putobject","s3:GetObject"],"Principal":{"AWS":["arn:aws:iam::111122223333:root"]},"Condition":{"bool":{"AWS:SecureTransport":["true"]}}},"Version":"2012-10-17"}`, ""},
		"another account":      {one, strings.Replace(one, account, "444455556666", 1), "changed AssumeRolePolicyDocument.Statement[0].Principal.AWS"},
		"an action more":       {one, strings.Replace(one, `"s3:GetObject",`, `"s3:GetObject","s3:DeleteObject",`, 1), "added AssumeRolePolicyDocument.Statement[0].Action"},
		"a statement more":     {one, strings.Replace(one, `}}}]`, `}}},{"Sid":"B","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]`, 1), "added AssumeRolePolicyDocument.Statement"},
		"no condition any more": {
			one, strings.Replace(one, `,"Condition":{"Bool":{"aws:SecureTransport":true}}`, "", 1), "missing AssumeRolePolicyDocument.Statement[0].Condition",
		},
		"a condition more": {
			strings.Replace(one, `,"Condition":{"Bool":{"aws:SecureTransport":true}}`, "", 1), one, "added AssumeRolePolicyDocument.Statement[0].Condition",
		},
		"everybody": {strings.Replace(one, `{"AWS":"111122223333"}`, `"*"`, 1), strings.Replace(one, `"111122223333"`, `["*"]`, 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(held(t, role, `{"AssumeRolePolicyDocument":`+c.said+`}`, `{"AssumeRolePolicyDocument":`+c.is+`}`)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func quote(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}

// TestUnknown: what is not known at either side is never the same and never a difference.
func TestUnknown(t *testing.T) {
	denied := resource.Unknown{Path: "properties.VersioningConfiguration", Cause: "denied", Code: fault.Denied}
	c := held(t, bucket, `{"VersioningConfiguration":{"Status":"Enabled"}}`, `{}`, denied)
	want := []drift.Open{{Path: "properties.VersioningConfiguration", Why: "denied", Code: fault.Denied}}
	if d := cmp.Diff(want, c.Open); d != "" || c.Same != 0 || len(c.Differences) > 0 {
		t.Error(d, c)
	}
	for name, c := range map[string]struct{ said, is, want string }{
		"a parameter":               {`{"BucketName":{"Ref":"AWS::StackId"}}`, `{"BucketName":"x"}`, "open BucketName"},
		"an import in a list":       {`{"VpcConfig":{"SubnetIds":["a",{"Fn::ImportValue":"x"}]}}`, `{"VpcConfig":{"SubnetIds":["b","a"]}}`, "open VpcConfig.SubnetIds[1]"},
		"and one that is left over": {`{"VpcConfig":{"SubnetIds":["a",{"Fn::ImportValue":"x"}]}}`, `{"VpcConfig":{"SubnetIds":["b","a","c"]}}`, "open VpcConfig.SubnetIds; open VpcConfig.SubnetIds[1]"},
		"and one that is not there": {`{"VpcConfig":{"SubnetIds":["z",{"Fn::ImportValue":"x"}]}}`, `{"VpcConfig":{"SubnetIds":["b"]}}`, "missing VpcConfig.SubnetIds[0]; open VpcConfig.SubnetIds[1]"},
		"beside a change":           {`{"FunctionName":{"Fn::ImportValue":"x"},"Timeout":3}`, `{"FunctionName":"f","Timeout":4}`, "changed Timeout; open FunctionName"},
	} {
		t.Run(name, func(t *testing.T) {
			kind := lambda
			if strings.Contains(c.said, "BucketName") {
				kind = bucket
			}
			if got := told(held(t, kind, c.said, c.is)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	c := held(t, lambda, `{"Environment":{"Variables":{"A":"hidden-one"}}}`, `{"Environment":{"Variables":{"A":"hidden-two","B":"hidden-three"}}}`)
	if text := fmt.Sprintf("%+v", c.Differences); strings.Contains(text, "hidden") || len(c.Differences) != 2 {
		t.Error(text)
	}
}
