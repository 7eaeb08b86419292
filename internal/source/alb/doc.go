// Package alb reads the access logs of application load balancers.
//
// It is: a reader of lines with quoted fields.
// It takes: lines as load balancers deliver them to S3 every five minutes.
// It gives: an event for each request, about the load balancer: who asks is an address, nothing more.
// Next door: line has the tools, logs opens it for files and objects.
package alb
