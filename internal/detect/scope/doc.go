// Package scope lets rules count only where they are meant to, and as much as they are meant to there.
//
// It is: the joint between rules that name accounts, units, environments and tags and the organisation that has them.
// It takes: rules, the organisation as it is now, and the matches of an engine with the account that they are in.
// It gives: the matches that are in scope, each with the level of its account.
// Next door: detect/sigma reads what rules say about scopes, org knows the accounts.
package scope
