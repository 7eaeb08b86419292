// Package rds makes databases private and hard to lose.
//
// It is: the RDS actions.
// It takes: a database, a cluster or a snapshot of one.
// It gives: a database that the Internet does not reach, a snapshot that is ours alone, a lock on deletion.
// Next door: inventory/rds reads what is changed here.
package rds
