// Package cloudfront reads the standard logs of CloudFront.
//
// It is: a reader of lines with tabs between their fields, or of one JSON object a line.
// It takes: lines behind a header that names their fields.
// It gives: an event for each request, about the distribution: who asks is an address, nothing more.
// Next door: line has the tools, logs opens it for files and objects.
package cloudfront
