// Package resolver reads the query logs of the Route 53 resolver: the names that instances ask for.
//
// It is: a reader of one JSON object a query.
// It takes: objects as they come to S3, to log groups and to streams.
// It gives: an event for each query, about the instance that asked, or else the VPC.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package resolver
