package testmoto

import (
	"net/http"
	"strings"
)

// odd are the calls whose IAM action has another name
// (docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html for S3, and SQS's batches).
func odd() map[string]string {
	return map[string]string{
		"s3:GetPublicAccessBlock":               "s3:GetBucketPublicAccessBlock",
		"s3:PutPublicAccessBlock":               "s3:PutBucketPublicAccessBlock",
		"s3:DeletePublicAccessBlock":            "s3:PutBucketPublicAccessBlock",
		"s3:GetBucketEncryption":                "s3:GetEncryptionConfiguration",
		"s3:PutBucketEncryption":                "s3:PutEncryptionConfiguration",
		"s3:DeleteBucketEncryption":             "s3:PutEncryptionConfiguration",
		"s3:GetBucketLifecycleConfiguration":    "s3:GetLifecycleConfiguration",
		"s3:PutBucketLifecycleConfiguration":    "s3:PutLifecycleConfiguration",
		"s3:DeleteBucketLifecycle":              "s3:PutLifecycleConfiguration",
		"s3:DeleteBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
		"s3:ListBuckets":                        "s3:ListAllMyBuckets",
		"s3:ListObjectsV2":                      "s3:ListBucket",
		"sqs:DeleteMessageBatch":                "sqs:DeleteMessage",
		"sqs:ChangeMessageVisibilityBatch":      "sqs:ChangeMessageVisibility",
		"cloudcontrolapi:GetResource":           "cloudformation:GetResource",
		"cloudcontrolapi:ListResources":         "cloudformation:ListResources",
		"lambda:Invoke":                         "lambda:InvokeFunction",
		"guardduty:GET /detector":               "guardduty:ListDetectors",
		"inspector2:POST /status/batch/get":     "inspector2:BatchGetAccountStatus",
		"macie2:GET /macie":                     "macie2:GetMacieSession",
		"securityhub:GET /accounts":             "securityhub:DescribeHub",
	}
}

// Permission is the IAM action that a call takes, such as s3:GetBucketPolicy. REST calls whose path the recorder does not know give the method
// and the path.
func (c Call) Permission() string {
	name := c.Service + ":" + c.Action
	switch {
	case c.Service == "s3" && strings.Contains(c.URL, "/configuration/publicAccessBlock"):
		return "s3:" + verb(c.Method) + "AccountPublicAccessBlock"
	case c.Service == "s3" && c.Method == http.MethodGet && strings.Contains(c.URL, "list-type=2"):
		return "s3:ListBucket"
	}
	if p, ok := odd()[name]; ok {
		return p
	}
	return name
}
