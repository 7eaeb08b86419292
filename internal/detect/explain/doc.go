// Package explain says why rules fired or did not.
//
// It is: the account that a person wants of one rule and one event, or of a correlation and many events.
// It takes: a linked set of rules, scopes, and events one at a time.
// It gives: verdicts in one sentence each, with the steps that led to them.
// Next door: detect/sigma traces conditions, detect/correlate explains windows; whatever else judges events gives the same account.
package explain
