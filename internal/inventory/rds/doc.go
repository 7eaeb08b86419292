// Package rds reads to whom snapshots of databases are given.
//
// It is: two readers of types of ours, because CloudFormation knows no snapshots.
// It takes: a session that may only read, and the name of a snapshot.
// It gives: the accounts that may restore it, and whether everybody may.
// Next door: expect judges them; cloudcontrol reads the databases themselves.
package rds
