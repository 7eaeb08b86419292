package actiontest

import "jobzero/internal/testmoto"

// odd are the calls whose IAM action has another name.
var odd = map[string]string{
	"s3:GetPublicAccessBlock":    "s3:GetBucketPublicAccessBlock",
	"s3:PutPublicAccessBlock":    "s3:PutBucketPublicAccessBlock",
	"s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}

// permission is the IAM action that a call takes.
func permission(c testmoto.Call) string {
	name := c.Service + ":" + c.Action
	if p, ok := odd[name]; ok {
		return p
	}
	return name
}
