// Package backup reads what is backed up in an account and region, and whether restoring it is tried.
//
// It is: one reader of a type of ours, because no resource of CloudFormation knows both.
// It takes: a session that may only read, and an account.
// It gives: the kinds of resources that have backups, and the restore tests with how they went.
// Next door: expect judges it; cloudcontrol reads the plans and vaults.
package backup
