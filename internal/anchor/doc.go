// Package anchor keeps the head of the log's chain where whoever can write our database cannot: signed, in a bucket with Object Lock.
//
// It is: the form of a checkpoint, the keys that sign it (KMS, or a file), the bucket that keeps it, and the check of a chain against it.
// It takes: the head of the chain with the links since the last checkpoint, and a way into the account of the bucket.
// It gives: checkpoints that nobody can change or take away before their time; and the first link that is not as it was.
// Next door: store has the chain; app writes checkpoints from time to time; cli holds the chain against them.
package anchor

// What is called here, as IAM actions: of the bucket, of its objects, and of the key. PutObject with a retention asks for two.
const (
	LockNeeds   = "s3:GetBucketObjectLockConfiguration"
	ListNeeds   = "s3:ListBucketVersions"
	ReadNeeds   = "s3:GetObjectVersion"
	WriteNeeds  = "s3:PutObject"
	RetainNeeds = "s3:PutObjectRetention"
	SignNeeds   = "kms:Sign"
	PublicNeeds = "kms:GetPublicKey"
)
