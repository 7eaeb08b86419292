// Package apigateway reads the access logs of API Gateway, whose format is made by whoever owns the API.
//
// It is: a reader of JSON objects with the usual names for $context variables, and of the common log format.
// It takes: entries as they come to log groups and streams.
// It gives: an event for each request, with the caller where the API knows one.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package apigateway
