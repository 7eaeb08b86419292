// Package guardduty turns GuardDuty on, and files its findings away.
//
// It is: the GuardDuty actions.
// It takes: an account and region, or a finding.
// It gives: a detector that is on; a finding that is archived.
// Next door: inventory/guardduty reads whether there is a detector; source/guardduty reads findings.
package guardduty
