// Package s3 reads buckets and the account's public access block.
//
// It is: the S3 readers, in the CloudFormation schema.
// It takes: a session that may only read, and a bucket's name or an account.
// It gives: properties as CloudFormation has them, and as related things: "policy", "acl" and "account_public_access".
// Next door: expect judges buckets, action/s3 closes them.
package s3
