package actiontest

import (
	"jobzero/internal/policy/names"
	"jobzero/internal/testmoto"
)

// odd are the calls whose IAM action has another name.
var odd = map[string]string{
	"s3:GetPublicAccessBlock":    "s3:GetBucketPublicAccessBlock",
	"s3:PutPublicAccessBlock":    "s3:PutBucketPublicAccessBlock",
	"s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",

	"s3:GetBucketEncryption":                "s3:GetEncryptionConfiguration",
	"s3:PutBucketEncryption":                "s3:PutEncryptionConfiguration",
	"s3:DeleteBucketEncryption":             "s3:PutEncryptionConfiguration",
	"s3:GetBucketLifecycleConfiguration":    "s3:GetLifecycleConfiguration",
	"s3:PutBucketLifecycleConfiguration":    "s3:PutLifecycleConfiguration",
	"s3:DeleteBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}

// permission is the IAM action that a call takes.
func permission(c testmoto.Call) string {
	name := c.Service + ":" + c.Action
	if p, ok := odd[name]; ok {
		return p
	}
	return name
}

// narrowable reports whether a permission is about resources: of one that is not, IAM takes no resource but all.
func narrowable(permission string) bool {
	known, ok := names.Find(permission)
	return !ok || len(known.About) > 0
}
