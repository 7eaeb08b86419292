package trail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/policy/names"
	"jobzero/internal/policy/trail"
	"jobzero/internal/rawjson"
)

// touches reads a call of an account by its role.
func touches(source, name, more string) []trail.Touch {
	raw := fmt.Sprintf(`{"eventSource":%q,"eventName":%q,"awsRegion":"eu-west-1","recipientAccountId":"111122223333",
		"userIdentity":{"type":"AssumedRole","accountId":"111122223333"},%s}`, source+".amazonaws.com", name, more)
	return trail.NewToucher().Read(nil, &event.Record{Raw: []byte(raw)})
}

func TestTouches(t *testing.T) {
	const nothing = `"requestParameters":null`
	params := func(text string) string { return `"requestParameters":{` + text + `}` }
	cases := map[string]struct{ source, name, more, want string }{
		"an object that is listed": {
			"s3", "GetObject", params(`"bucketName":"shop","key":"a/b.txt"`) + `,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::shop/a/b.txt"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::shop"}]`,
			"s3:GetObject arn:aws:s3:::shop/a/b.txt",
		},
		"an object by its parameters": {"s3", "HeadObject", params(`"bucketName":"shop","key":"a b\u0041"`), "s3:GetObject arn:aws:s3:::shop/a bA"},
		"objects by their bucket":     {"s3", "DeleteObjects", params(`"bucketName":"shop","delete":""`), "s3:DeleteObject arn:aws:s3:::shop/*"},
		"a prefix of objects":         {"s3", "DeleteObjects", params(`"bucketName":"shop"`) + `,"resources":[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::shop/x/"}]`, "s3:DeleteObject arn:aws:s3:::shop/x/*"},
		"a bucket, not its objects": {
			"s3", "ListObjectsV2", params(`"bucketName":"shop"`) + `,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::shop/a"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::shop"}]`,
			"s3:ListBucket arn:aws:s3:::shop",
		},
		"about nothing": {"s3", "ListBuckets", nothing, "s3:ListAllMyBuckets *"},
		"a copy": {
			"s3", "CopyObject", params(`"bucketName":"to","key":"k","x-amz-copy-source":"/from/a%20b?versionId=1"`),
			"s3:PutObject arn:aws:s3:::to/k; s3:GetObject arn:aws:s3:::from/a b",
		},
		"a role, whose path is not told": {"iam", "GetRole", params(`"roleName":"deploy"`), "iam:GetRole arn:aws:iam::111122223333:role/*deploy"},
		"a role by its ARN":              {"sts", "AssumeRole", params(`"roleArn":"arn:aws:iam::444455556666:role/x/deploy","roleSessionName":"s"`), "sts:AssumeRole arn:aws:iam::444455556666:role/x/deploy"},
		"many":                           {"ec2", "StopInstances", params(`"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}`), "ec2:StopInstances arn:aws:ec2:eu-west-1:111122223333:instance/i-1 arn:aws:ec2:eu-west-1:111122223333:instance/i-2"},
		"more than are told":             {"ec2", "StopInstances", params(`"instancesSet":{"items":[` + strings.TrimSuffix(strings.Repeat(`{"instanceId":"i-1"},`, 70), ",") + `]}`), "ec2:StopInstances *"},
		"a secret by its name":           {"secretsmanager", "GetSecretValue", params(`"secretId":"db"`), "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????"},
		"a parameter below a path":       {"ssm", "GetParameter", params(`"name":"/shop/db"`), "ssm:GetParameter arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db"},
		"a passed role": {
			"lambda", "CreateFunction20150331", params(`"functionName":"f","role":"arn:aws:iam::111122223333:role/run"`),
			"lambda:CreateFunction arn:aws:lambda:eu-west-1:111122223333:function:f; iam:PassRole arn:aws:iam::111122223333:role/run",
		},
		"a queue by its URL":                    {"sqs", "DeleteMessage", params(`"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"`), "sqs:DeleteMessage arn:aws:sqs:eu-west-1:111122223333:jobs"},
		"a key by its alias":                    {"kms", "Decrypt", params(`"keyId":"alias/x"`), "kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/*"},
		"a key that is listed":                  {"kms", "Decrypt", nothing + `,"resources":[{"ARN":"arn:aws:kms:eu-west-1:111122223333:key/1"}]`, "kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/1"},
		"no policy decides it":                  {"sts", "GetCallerIdentity", nothing, "sts:GetCallerIdentity * free"},
		"a stream":                              {"logs", "CreateLogStream", params(`"logGroupName":"/a/b","logStreamName":"s"`), "logs:CreateLogStream arn:aws:logs:eu-west-1:111122223333:log-group:/a/b:log-stream:s"},
		"nobody knows the action":               {"novel", "Wonder", params(`"a":1`), "novel:Wonder *"},
		"nobody knows it, but what it lists is": {"novel", "Wonder", nothing + `,"resources":[{"ARN":"arn:aws:novel:::x"}]`, "novel:Wonder arn:aws:novel:::x"},
		"no parameters":                         {"ec2", "StopInstances", nothing, "ec2:StopInstances arn:aws:ec2:eu-west-1:111122223333:instance/*"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var parts []string
			for _, x := range touches(c.source, c.name, c.more) {
				text := x.Action + " " + strings.Join(x.Resources, " ")
				if x.Free {
					text += " free"
				}
				parts = append(parts, text)
			}
			if d := cmp.Diff(c.want, strings.Join(parts, "; ")); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTouchLevel(t *testing.T) {
	if x := touches("iam", "AttachRolePolicy", `"requestParameters":null`); len(x) != 1 || x[0].Level != names.Permissions {
		t.Errorf("got %+v, want the level of permissions", x)
	}
}

// FuzzToucher: whatever is in a record, a touch has an action and resources.
func FuzzToucher(f *testing.F) {
	f.Add(`{"eventSource":"s3.amazonaws.com","eventName":"CopyObject","requestParameters":{"bucketName":["a"],"key":"b","x-amz-copy-source":"a/b"},"resources":[{"ARN":"arn:aws:s3:::a"}]}`)
	f.Add(`{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","requestParameters":{"instancesSet":{"items":[{"imageId":"ami-1"},7,null,[[]]]},"iamInstanceProfile":{"arn":1}}}`)
	f.Add(`{"eventSource":"iam.amazonaws.com","eventName":"CreateRole","requestParameters":{"roleName":"arn:aws:iam::1:role/x","path":"\u0000"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if rawjson.Object([]byte(text), nil) != nil {
			t.Skip()
		}
		for _, x := range trail.NewToucher().Read(nil, record(text)) {
			if x.Action == "" || len(x.Resources) == 0 || len(x.Resources) > 64 {
				t.Errorf("%s: %+v", text, x)
			}
		}
	})
}
