package trail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/policy/trail"
	"jobzero/internal/rawjson"
)

func record(text string) *event.Record { return &event.Record{Raw: []byte(text)} }

func call(source, name, more string) *event.Record {
	if more != "" {
		more = "," + more
	}
	return record(fmt.Sprintf(`{"eventSource":%q,"eventName":%q,"awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventTime":"2026-03-02T10:00:00Z"%s}`, source, name, more))
}

const (
	role = `"userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:kim","arn":"arn:aws:sts::111122223333:assumed-role/deploy/kim","accountId":"111122223333",
"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/ops/deploy","accountId":"111122223333"},"attributes":{"creationDate":"2026-03-02T09:00:00Z","mfaAuthenticated":"false"}}}`
	user    = `"userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/kim","accountId":"111122223333","userName":"kim"}`
	service = `"userIdentity":{"type":"AWSService","invokedBy":"config.amazonaws.com"}`
)

// TestActions: events become the actions that IAM asks about.
func TestActions(t *testing.T) {
	for event, want := range map[string]string{
		"s3.amazonaws.com ListObjects":                              "s3:ListBucket",
		"s3.amazonaws.com ListBuckets":                              "s3:ListAllMyBuckets",
		"s3.amazonaws.com HeadObject":                               "s3:GetObject",
		"s3.amazonaws.com CopyObject":                               "s3:PutObject s3:GetObject",
		"s3.amazonaws.com DeleteBucketEncryption":                   "s3:PutEncryptionConfiguration",
		"lambda.amazonaws.com CreateFunction20150331":               "lambda:CreateFunction",
		"lambda.amazonaws.com AddPermission20150331v2":              "lambda:AddPermission",
		"lambda.amazonaws.com Invoke":                               "lambda:InvokeFunction",
		"cloudfront.amazonaws.com CreateDistribution2020_05_31":     "cloudfront:CreateDistribution",
		"monitoring.amazonaws.com PutMetricAlarm":                   "cloudwatch:PutMetricAlarm",
		"tagging.amazonaws.com GetResources":                        "tag:GetResources",
		"apigateway.amazonaws.com CreateRestApi":                    "apigateway:POST",
		"ec2.amazonaws.com RunInstances":                            "ec2:RunInstances",
		"sts.amazonaws.com GetCallerIdentity":                       "",
		"secretsmanager.amazonaws.com EndSecretVersionDelete":       "",
		"servicecatalog-appregistry.amazonaws.com ListApplications": "servicecatalog:ListApplications",
		"shop.amazonaws.com Sell":                                   "shop:Sell",
	} {
		source, name, _ := strings.Cut(event, " ")
		got, known := trail.Actions(call(source, name, ""))
		if strings.Join(got, " ") != want || known == (want == "shop:Sell") {
			t.Errorf("%s: %v (%v), want %s", event, got, known, want)
		}
	}
}

// TestKeys: what a record says of a key, and what it does not.
func TestKeys(t *testing.T) {
	org := trail.Organisation{ID: "o-a1b2c3d4e5", Accounts: []string{"111122223333"}}
	for _, c := range []struct{ source, name, more, key, want string }{
		{"ec2", "DescribeVpcs", role, "aws:principalarn", "arn:aws:iam::111122223333:role/ops/deploy"},
		{"ec2", "DescribeVpcs", user, "aws:principalarn", "arn:aws:iam::111122223333:user/kim"},
		{"ec2", "DescribeVpcs", service, "aws:principalarn", "absent"},
		{"ec2", "DescribeVpcs", role, "aws:principalorgid", "o-a1b2c3d4e5"},
		{"ec2", "DescribeVpcs", strings.ReplaceAll(role, "111122223333", "444455556666"), "aws:principalorgid", "(another organisation)?"},
		{"ec2", "DescribeVpcs", role, "aws:multifactorauthpresent", "false"},
		{"ec2", "DescribeVpcs", user, "aws:multifactorauthpresent", "absent"},
		{"ec2", "DescribeVpcs", role, "aws:tokenissuetime", "2026-03-02T09:00:00Z"},
		{"ec2", "DescribeVpcs", user, "aws:username", "kim"},
		{"ec2", "DescribeVpcs", role, "aws:username", "absent"},
		{"ec2", "DescribeVpcs", role, "aws:principaltag/team", "unknown"},
		{"ec2", "DescribeVpcs", role, "aws:requestedregion", "eu-west-1"},
		{"ec2", "DescribeVpcs", role + `,"sourceIPAddress":"198.51.100.7"`, "aws:sourceip", "198.51.100.7"},
		{"ec2", "DescribeVpcs", role + `,"sourceIPAddress":"cloudformation.amazonaws.com"`, "aws:sourceip", "unknown"},
		{"ec2", "DescribeVpcs", role + `,"sourceIPAddress":"10.0.0.7","vpcEndpointId":"vpce-1"`, "aws:sourceip", "absent"},
		{"ec2", "DescribeVpcs", role + `,"sourceIPAddress":"10.0.0.7","vpcEndpointId":"vpce-1"`, "aws:sourcevpce", "vpce-1"},
		{"ec2", "DescribeVpcs", role, "aws:securetransport", "unknown"},
		{"ec2", "DescribeVpcs", role + `,"tlsDetails":{"tlsVersion":"TLSv1.3"}`, "aws:securetransport", "true"},
		{"ec2", "DescribeVpcs", role, "aws:viaawsservice", "false"},
		{"ec2", "DescribeVpcs", strings.Replace(role, `"accountId"`, `"invokedBy":"cloudformation.amazonaws.com","accountId"`, 1), "aws:calledvia", "cloudformation.amazonaws.com…"},
		{"ec2", "DescribeVpcs", service, "aws:principalisawsservice", "true"},
		{"ec2", "DescribeVpcs", role, "aws:sourceorgid", "absent"},
		{"ec2", "DescribeVpcs", service, "aws:sourceorgid", "unknown"},
		{"ec2", "DescribeVpcs", role, "s3:x-amz-acl", "absent"},
		{"ec2", "DescribeVpcs", role, "aws:nothing", "unknown"},
		{"s3", "PutBucketAcl", role + `,"requestParameters":{"x-amz-acl":["public-read"],"bucketName":"shop"}`, "s3:x-amz-acl", "public-read"},
		{"s3", "PutBucketAcl", role + `,"requestParameters":{"bucketName":"shop"}`, "s3:x-amz-acl", "absent"},
		{"s3", "PutBucketAcl", role + `,"requestParameters":null`, "s3:x-amz-acl", "unknown"},
		{"s3", "PutBucketAcl", role + `,"requestParameters":{"omitted":true,"originalSize":9}`, "s3:x-amz-acl", "unknown"},
		{"rds", "CreateDBInstance", role + `,"requestParameters":{"storageEncrypted":true}`, "rds:storageencrypted", "true"},
		{"rds", "CreateDBInstance", role + `,"requestParameters":{"engine":"postgres"}`, "rds:storageencrypted", "false"},
		{"ecs", "CreateService", role + `,"requestParameters":{"networkConfiguration":{"awsvpcConfiguration":{"assignPublicIp":"ENABLED"}}}`, "ecs:auto-assign-public-ip", "true"},
		{"sqs", "CreateQueue", role + `,"requestParameters":{"tags":{"Owner":"shop"}}`, "aws:requesttag/owner", "shop"},
		{"sqs", "CreateQueue", role + `,"requestParameters":{"tags":[{"key":"Owner","value":"shop"}]}`, "aws:tagkeys", "Owner"},
		{"sqs", "CreateQueue", role + `,"requestParameters":{"queueName":"q"}`, "aws:requesttag/owner", "absent"},
		{"ec2", "CreateVolume", role + `,"requestParameters":{"tagSpecificationSet":{"items":[{"resourceType":"volume","tags":[{"key":"a","value":"b"}]}]}}`, "aws:requesttag/a", "b"},
	} {
		got := org.Read(call(c.source+".amazonaws.com", c.name, c.more))
		v := got.Requests[0].Context.Value(c.key)
		if words := show(v); words != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.name, c.more, c.key, words, c.want)
		}
	}
}

func show(v policy.Value) string {
	switch v.State {
	case policy.Unknown:
		return "unknown"
	case policy.Absent:
		return "absent"
	case policy.Present:
	}
	out := strings.Join(v.Texts, ",")
	if v.Perhaps {
		out += "?"
	}
	if v.More {
		out += "…"
	}
	return out
}

// TestResources: what a call touches, as far as the record says it.
func TestResources(t *testing.T) {
	for _, c := range []struct{ source, name, more, want string }{
		{"s3", "GetObject", role + `,"resources":[{"ARN":"arn:aws:s3:::shop/a","type":"AWS::S3::Object"},{"ARN":"arn:aws:s3:::shop","accountId":"111122223333","type":"AWS::S3::Bucket"}]`, "arn:aws:s3:::shop/a!"},
		{"s3", "PutBucketPolicy", role + `,"requestParameters":{"bucketName":"shop"}`, "arn:aws:s3:::shop!"},
		{"ec2", "DescribeVpcs", role, "*!"},
		{"ec2", "DeleteVolume", role + `,"requestParameters":{"volumeId":"vol-1"}`, "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1!"},
		{"ec2", "DeleteVolume", role + `,"requestParameters":null`, "arn:aws:ec2:eu-west-1:111122223333:volume/…!"},
		{"kms", "Decrypt", role + `,"resources":[{"ARN":"arn:aws:kms:eu-west-1:444455556666:key/1","accountId":"444455556666"}]`, "arn:aws:kms:eu-west-1:444455556666:key/1!"},
		{"iam", "DeleteRole", role + `,"requestParameters":{"roleName":"a"}`, "arn:aws:iam::111122223333:role/…!"},
		{"shop", "Sell", role, "…!"},
	} {
		var org trail.Organisation
		var got []string
		for _, x := range org.Read(call(c.source+".amazonaws.com", c.name, c.more)).Requests[0].Resources {
			w := x.ARN
			if x.Open {
				w += "…"
			}
			if x.Sure {
				w += "!"
			}
			got = append(got, w)
		}
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// TestInstances: each volume of a launch has its own keys, and the image may bring another; a role that is passed is asked for.
func TestInstances(t *testing.T) {
	r := call("ec2.amazonaws.com", "RunInstances", role+`,"requestParameters":{"instanceType":"t3.nano","metadataOptions":{"httpTokens":"optional"},"iamInstanceProfile":{"name":"shop"},
"blockDeviceMapping":{"items":[{"deviceName":"/dev/sdb","ebs":{"encrypted":false}},{"deviceName":"/dev/sdc","ebs":{"encrypted":true}}]}}`)
	c := (&trail.Organisation{}).Read(r)
	for text, want := range map[string]policy.Outcome{
		`"Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:volume/*","Condition":{"Bool":{"ec2:Encrypted":"false"}}`:                          policy.Denied,
		`"Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:volume/*","Condition":{"NumericGreaterThan":{"ec2:VolumeSize":"9"}}`:               policy.Undecided,
		`"Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:instance/*","Condition":{"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}}`: policy.Denied,
		`"Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:instance/*","Condition":{"StringEquals":{"ec2:InstanceType":"t3.nano"}}`:           policy.Denied,
		`"Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:instance/*","Condition":{"StringEquals":{"ec2:MetadataHttpEndpoint":"x"}}`:         policy.Undecided,
		`"Action":"iam:PassRole","Resource":"*"`:                         policy.Denied,
		`"Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/other"`: policy.Undecided,
	} {
		d, _, err := policy.Parse("p.json", policy.SCP, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny",`+text+`}}`))
		if err != nil {
			t.Fatal(err)
		}
		got := policy.Untouched
		for _, q := range c.Requests {
			if o := policy.NewSet(d).Decide(q).Outcome; o != policy.Untouched {
				got = o
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestTables: the tables name actions, keys and resource types that there are.
func TestTables(t *testing.T) {
	for _, bad := range trail.Broken(func(a string) bool { _, ok := names.Find(a); return ok }, func(k string) bool { _, ok := names.FindKey(k); return ok },
		func(service, kind string) bool {
			s, ok := names.Of(service)
			return ok && s.Types[kind] != ""
		}) {
		t.Error(bad)
	}
}

// FuzzRead: whatever a record says, it becomes requests that can be decided.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","requestParameters":{"blockDeviceMapping":{"items":[{"ebs":{"encrypted":[[]]}}]}},"userIdentity":{"type":"AssumedRole"}}`))
	f.Add([]byte(`{"eventSource":"s3.amazonaws.com","eventName":"PutObject","resources":[{"ARN":"arn:aws:s3:::a/b"}],"requestParameters":{"x-amz-acl":["a"],"tags":[{"key":1}]}}`))
	d, _, err := policy.Parse("p.json", policy.SCP, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"arn:aws:*:*:1*:a/${aws:username}","Condition":{"StringLike":{"aws:TagKeys":"a","ec2:Encrypted":"b"}}}}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		if rawjson.Object(text, func([]byte, rawjson.Value) error { return nil }) != nil {
			return // sources check records before anybody reads them
		}
		c := (&trail.Organisation{}).Read(&event.Record{Raw: text})
		for _, q := range c.Requests {
			policy.NewSet(d).Decide(q)
		}
	})
}
