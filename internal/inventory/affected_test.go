package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

const acct = "111122223333"

func TestAffected(t *testing.T) {
	bucket := []resource.Ref{{Type: resource.Bucket, Account: acct, ID: "shop-logs"}}
	block := []resource.Ref{{Type: resource.AccountPublicAccess, Account: acct, ID: acct}}
	group := []resource.Ref{{Type: resource.SecurityGroup, Account: acct, Region: "eu-central-1", ID: "sg-0a1b2c3d4e5f60718"}}
	key := []resource.Ref{{Type: resource.AccessKey, Account: acct, ID: "AKIAIOSFODNN7EXAMPLE"}}
	const s3, ec2, iam = "s3.amazonaws.com", "ec2.amazonaws.com", "iam.amazonaws.com"
	for name, c := range map[string]struct {
		source, call, raw string
		want              []resource.Ref
	}{
		"policy":          {s3, "PutBucketPolicy", `{"requestParameters":{"bucketName":"shop-logs"}}`, bucket},
		"bucket block":    {s3, "PutBucketPublicAccessBlock", `{"requestParameters":{"bucketName":"shop-logs"}}`, bucket},
		"bucket block 2":  {s3, "DeletePublicAccessBlock", `{"requestParameters":{"bucketName":"shop-logs"}}`, bucket},
		"create":          {s3, "CreateBucket", `{"requestParameters":{"bucketName":"shop-logs"}}`, bucket},
		"acl":             {s3, "PutBucketAcl", `{"requestParameters":{"bucketName":"shop-logs"}}`, bucket},
		"tagged":          {s3, "TagResource", `{"requestParameters":{"resourceArn":"arn:aws:s3:::shop-logs"}}`, bucket},
		"untagged":        {s3, "UntagResource", `{"requestParameters":{"ResourceArn":"arn:aws-cn:s3:::shop-logs"}}`, bucket},
		"a tagged point":  {s3, "TagResource", `{"requestParameters":{"resourceArn":"arn:aws:s3:eu-west-1:111122223333:accesspoint/x"}}`, nil},
		"a tagged name":   {s3, "TagResource", `{"requestParameters":{"resourceArn":"shop-logs"}}`, nil},
		"object":          {s3, "PutObject", `{"requestParameters":{"bucketName":"shop-logs","key":"a"}}`, nil},
		"object acl":      {s3, "PutObjectAcl", `{"requestParameters":{"bucketName":"shop-logs","key":"a"}}`, nil},
		"a path":          {s3, "PutBucketPolicy", `{"requestParameters":{"bucketName":"../x"}}`, nil},
		"an ARN":          {s3, "PutBucketPolicy", `{"requestParameters":{"bucketName":"arn:aws:s3:::x"}}`, nil},
		"a number":        {s3, "PutBucketPolicy", `{"requestParameters":{"bucketName":12}}`, nil},
		"no parameters":   {s3, "PutBucketPolicy", `{"requestParameters":null}`, nil},
		"broken":          {s3, "PutBucketPolicy", `{`, nil},
		"account block":   {s3, "PutAccountPublicAccessBlock", `{}`, block},
		"account block 2": {s3, "DeletePublicAccessBlock", `{"requestParameters":{"accountId":"111122223333"}}`, block},
		"account block 3": {"s3-control.amazonaws.com", "PutPublicAccessBlock", `{}`, block},
		"authorise":       {ec2, "AuthorizeSecurityGroupIngress", `{"requestParameters":{"groupId":"sg-0a1b2c3d4e5f60718","ipPermissions":{"items":[{"groups":{"items":[{"groupId":"sg-11111111"}]}}]}}}`, group},
		"by name":         {ec2, "AuthorizeSecurityGroupIngress", `{"requestParameters":{"groupName":"web"},"responseElements":{"securityGroupRuleSet":{"items":[{"groupId":"sg-0a1b2c3d4e5f60718"},{"groupId":"sg-0a1b2c3d4e5f60718"}]}}}`, group},
		"revoke":          {ec2, "RevokeSecurityGroupEgress", `{"requestParameters":{"groupId":"sg-0a1b2c3d4e5f60718"}}`, group},
		"modify":          {ec2, "ModifySecurityGroupRules", `{"requestParameters":{"ModifySecurityGroupRulesRequest":{"GroupId":"sg-0a1b2c3d4e5f60718"}}}`, group},
		"create group":    {ec2, "CreateSecurityGroup", `{"responseElements":{"groupId":"sg-0a1b2c3d4e5f60718"}}`, group},
		"tags":            {ec2, "CreateTags", `{"requestParameters":{"resourcesSet":{"items":[{"resourceId":"eni-0a1b2c3d"},{"resourceId":"sg-0a1b2c3d4e5f60718"}]}}}`, group},
		"instance":        {ec2, "RunInstances", `{"requestParameters":{"groupId":"sg-0a1b2c3d4e5f60718"}}`, nil},
		"AWS's policy":    {iam, "DeletePolicyVersion", `{"requestParameters":{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`, nil},
		"an alias":        {"kms.amazonaws.com", "EnableKeyRotation", `{"requestParameters":{"keyId":"alias/orders"}}`, nil},
		"half a stage":    {"apigateway.amazonaws.com", "UpdateStage", `{"requestParameters":{"restApiId":"abc"}}`, nil},
		"a hostile name":  {"sqs.amazonaws.com", "DeleteQueue", `{"requestParameters":{"queueUrl":"x\ny"}}`, nil},
		"new key":         {iam, "CreateAccessKey", `{"responseElements":{"accessKey":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"anna"}}}`, key},
		"key status":      {iam, "UpdateAccessKey", `{"requestParameters":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","status":"Active"}}`, key},
		"wrong source":    {iam, "PutBucketPolicy", `{"requestParameters":{"bucketName":"shop-logs"}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := func() *event.Event {
				return &event.Event{Account: acct, Region: "eu-central-1", Source: c.source, Name: c.call, Raw: []byte(c.raw)}
			}
			if d := cmp.Diff(c.want, inventory.Affected(e())); d != "" {
				t.Error(d)
			}
			reading, refused, nowhere := e(), e(), e()
			reading.ReadOnly, refused.ErrorCode, nowhere.Account = true, "AccessDenied", "us"
			for _, e := range []*event.Event{reading, refused, nowhere, nil} {
				if got := inventory.Affected(e); got != nil {
					t.Errorf("%+v touched %v", e, got)
				}
			}
		})
	}
}

func TestAffectedBucketOfAnotherAccount(t *testing.T) {
	e := &event.Event{
		Account: acct, Source: "s3.amazonaws.com", Name: "PutBucketPolicy", Raw: []byte(`{"requestParameters":{"bucketName":"theirs"}}`),
		Resources: []event.Resource{{ARN: "arn:aws:s3:::theirs", Account: "444455556666", Type: "AWS::S3::Bucket"}},
	}
	want := []resource.Ref{{Type: resource.Bucket, Account: "444455556666", ID: "theirs"}}
	if d := cmp.Diff(want, inventory.Affected(e)); d != "" {
		t.Error(d)
	}
}

func FuzzAffected(f *testing.F) {
	f.Add("s3.amazonaws.com", "PutBucketPolicy", []byte(`{"requestParameters":{"bucketName":"shop-logs"}}`))
	f.Add("sso.amazonaws.com", "UpdatePermissionSet", []byte(`{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/i","permissionSetArn":"arn:aws:sso:::permissionSet/i/p"}}`))
	f.Add("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", []byte(`{"requestParameters":{"functionName":"arn:aws:lambda:eu-central-1:111122223333:function:orders:live"}}`))
	f.Add("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", []byte(`{"responseElements":{"securityGroupRuleSet":{"items":[{"groupId":"sg-0a1b2c3d"}]}}}`))
	f.Fuzz(func(t *testing.T, source, name string, raw []byte) {
		for _, r := range inventory.Affected(&event.Event{Account: acct, Source: source, Name: name, Raw: raw}) {
			if back, err := resource.ParseKey(r.Key()); err != nil || back != r {
				t.Fatalf("%+v does not survive its key: %+v, %v", r, back, err)
			}
		}
	})
}
