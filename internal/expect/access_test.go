package expect_test

import (
	"testing"
	"testing/fstest"

	"jobzero/internal/expect"
)

// TestAskingWhoMay: an expectation asks about the estate that the case has around its resource.
func TestAskingWhoMay(t *testing.T) {
	const known = `"access":[{"type":"AWS::IAM::Role","account":"111122223333","id":"app","properties":{"RoleName":"app","AssumeRolePolicyDocument":{"Version":"2012-10-17",
"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}},"related":{"policies":[{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::cards/*"}]}]}},
{"type":"jobzero::S3::AccountPublicAccessBlock","account":"111122223333","id":"111122223333","properties":{"RestrictPublicBuckets":false}}]`
	const open = `"related":{"policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::cards/*"}]}}`
	const bucket = `"type":"AWS::S3::Bucket","account":"111122223333","id":"cards","arn":"arn:aws:s3:::cards"`
	fsys := fstest.MapFS{
		"closed.yaml": {Data: []byte(`id: closed
title: Few should read it, and nobody from outside
why: test
lesson: test
severity: high
resource: AWS::S3::Bucket
expression: |
  access.exposure(resource.arn) == "account" && access.whoCan("s3:GetObject", resource.arn + "/a").size() < 2
message: |
  "it lets in " + access.exposure(resource.arn)
controls: [SEC03-BP07]
remediation: test
`)},
		"closed.test": {Data: []byte(`
-- pass/few.json --
{` + bucket + `,"properties":{},` + known + `}
-- fail/world.json --
{` + bucket + `,"properties":{},` + open + `,` + known + `}
-- unknown/nobody-read-it.json --
{` + bucket + `,"properties":{}}
`)},
	}
	results := expect.RunTests(fsys, ".")
	if len(results) != 3 {
		t.Fatalf("%d cases ran: %v", len(results), results)
	}
	want := map[string]string{"pass/few": "met", "fail/world": "it lets in world", "unknown/nobody-read-it": "access is not known: nobody read who may do what"}
	for _, r := range results {
		if !r.OK || r.Text != want[r.Case] {
			t.Errorf("%s: %t, %q: want %q", r.Case, r.OK, r.Text, want[r.Case])
		}
	}
}
