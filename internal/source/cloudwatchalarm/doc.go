// Package cloudwatchalarm reads changes of state of CloudWatch's alarms.
//
// It is: the one place that knows how CloudWatch says that an alarm went off or ended.
// It takes: the bytes of an EventBridge event, with its envelope: the alarm's account stands nowhere else.
// It gives: a claim about the alarm, over when it is OK again; or a reason that names the field.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package cloudwatchalarm
