// Package file reads the logs that AWS writes from files, whatever form they have.
//
// It is: a streaming reader of folders, gzip, zip, JSON and lines, with memory that does not depend on the input's size.
// It takes: paths, or one stream such as an S3 object; names are hints, content decides.
// It gives: events, dead letters and the names of what it skipped, in an order that is always the same.
// Next door: span finds the records, cloudtrail and logs read them; replay and source/s3notify are the users.
package file
