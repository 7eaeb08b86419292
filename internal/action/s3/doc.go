// Package s3 closes buckets.
//
// It is: the S3 actions.
// It takes: a bucket, and whether it is declared public.
// It gives: a bucket's own public access block, or a policy without its public statements.
// Next door: inventory/s3 reads what is changed here.
package s3
