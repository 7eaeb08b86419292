// Package inspector reads findings of Amazon Inspector.
//
// It is: the one place that knows what a finding of Inspector looks like (the second generation, inspector2).
// It takes: the bytes of one finding: the detail of an EventBridge event, or one of ListFindings.
// It gives: a claim about the instance, image or function, with what is weak in it; or a reason that names the field.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package inspector
