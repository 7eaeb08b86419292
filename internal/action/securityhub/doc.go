// Package securityhub turns Security Hub on, and says in it where a finding stands.
//
// It is: the Security Hub actions.
// It takes: an account and region, or a finding.
// It gives: a hub; a finding with another status.
// Next door: inventory/securityhub reads whether there is a hub; source/securityhub reads findings.
package securityhub
