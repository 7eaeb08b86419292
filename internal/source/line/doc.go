// Package line is what the logs that AWS writes line by line, or object by object, have in common.
//
// It is: the seam for readers of such logs, and the small tools of all of them.
// It takes: entries as they were delivered, none of them trusted, and the name of the file or object around them.
// It gives: fields, one JSON object made of fields, IDs that stay the same, and what a delivery's name says.
// Next door: vpcflow, alb, s3access and the others read with it; logs knows them all.
package line
