// Package detect is the part of the road that judges what happened.
//
// It is: the seam between events and whatever engine reads the rules.
// It takes: events from source and rules from content or a folder of the user's.
// It gives: findings, each with the rule, the reason and the raw event as evidence.
// Next door: source makes the events, triage reads the findings; detect/sigma is the engine, detect/ruletest runs .test files.
package detect
