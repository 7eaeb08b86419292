// Package vpcflow reads VPC flow logs, in AWS's own format and in those that people make.
//
// It is: a reader of lines of fields with a space between them.
// It takes: lines, with or without a header line before them, or a format that the caller knows.
// It gives: an event for each flow, and by name what is none: windows without traffic, and windows with flows that AWS lost.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package vpcflow
