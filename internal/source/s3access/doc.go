// Package s3access reads the server access logs of S3 buckets.
//
// It is: a reader of lines with quoted fields.
// It takes: lines as S3 delivers them, best effort: some come late, twice or never.
// It gives: an event for each request, with the requester where S3 knows one; anonymous requests have none.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package s3access
