// Package coverage says where a rule can see, and where it is blind.
//
// It is: what each rule needs to be recorded, held against what was heard from each account.
// It takes: rules, and what the house has heard: which kind of record, of which account, by which way, when last.
// It gives: for each rule and account one of live, late and blind, with the reason.
// Next door: sigma knows which calls a rule is about; store keeps what was heard.
package coverage
