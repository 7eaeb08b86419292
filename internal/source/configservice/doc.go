// Package configservice reads notifications of AWS Config.
//
// It is: the one place that knows what AWS Config tells its subscribers.
// It takes: the bytes of one notification: the detail of an EventBridge event, or the message of an SNS notification.
// It gives: a claim for a rule's verdict on a resource; for a configuration item the resource that changed, to be read again.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package configservice
