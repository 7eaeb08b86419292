// Package follow lets correlations see what single rules find.
//
// It is: the joint between the engine that judges one record and the machine that judges many.
// It takes: a linked set of rules and correlations, and the matches of records in any order.
// It gives: findings of correlations, each with the event that completed it and why.
// Next door: detect/sigma reads and judges rules, detect/correlate runs the windows.
package follow
