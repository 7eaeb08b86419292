// Package accessanalyzer reads whether IAM Access Analyzer watches an account and region.
//
// It is: one reader of a type of ours, because CloudFormation has nothing to say of what is off.
// It takes: a session that may only read, and an account.
// It gives: Enabled.
// Next door: expect judges it; cloudcontrol reads the resources that the service is made of.
package accessanalyzer
