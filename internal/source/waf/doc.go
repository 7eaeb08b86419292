// Package waf reads the logs of AWS WAF.
//
// It is: a reader of one JSON object a request.
// It takes: objects as they come to S3, to log groups and to streams.
// It gives: an event for each request that a web ACL judged, named by its verdict.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package waf
