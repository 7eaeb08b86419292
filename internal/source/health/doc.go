// Package health reads events of AWS Health.
//
// It is: the one place that knows what AWS tells the owners of accounts: exposed credentials, reports of abuse, planned work.
// It takes: the bytes of an EventBridge event, with its envelope: the account stands there unless an organisation's view is meant.
// It gives: a claim for each thing that the event affects; or a reason that names the field.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package health
