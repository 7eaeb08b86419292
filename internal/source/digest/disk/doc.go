// Package disk gives CloudTrail's objects from a copy of a bucket on disk.
//
// It is: digest.Objects over a folder in the layout of S3, opened so that no name leads out of it.
// It takes: paths to a folder that holds AWSLogs somewhere below, to AWSLogs itself, or to an account's folder in it.
// It gives: objects by their key, and from the files beside a digest the metadata that a copy loses.
// Next door: source/digest verifies what it gives.
//
// S3 keeps a digest's signature as metadata of its object, and no copy has it. For FILE.json.gz it is looked for in two files
// beside it:
//
//	FILE.json.gz.signature      the value of x-amz-meta-signature, in hexadecimal, and nothing else
//	FILE.json.gz.metadata.json  what this prints: aws s3api head-object --bucket BUCKET --key KEY
package disk
