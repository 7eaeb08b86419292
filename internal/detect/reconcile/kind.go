package reconcile

import (
	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
)

// Kind is a kind of management event that a rule of EventBridge and a trail may leave out as a whole.
type Kind string

// The kinds.
const (
	Write   Kind = "write"   // what changes something; both bring it by default
	Service Kind = "service" // what a service did by itself: EventBridge has another detail-type for it
	Read    Kind = "read"    // both bring it only where they are told to
	Noisy   Kind = "noisy"   // of KMS and the RDS Data API: the two that a trail can be told to leave out
	Other   Kind = "other"   // what is not compared, and is no silence either
)

// largest is the size of a record that EventBridge brings for sure, in bytes. It takes entries of 256 KiB, its envelope included
// (user guide of EventBridge, "Quotas"); larger ones come by S3 alone.
const largest = 200 << 10

// KindOf is the kind of an event, false when the two ways are not held against each other for it: what is no management event
// of CloudTrail is brought by S3 alone or by where a person has sent it. The kinds are those of the user guide of CloudTrail, "Logging
// management events" (readWriteType, excludeManagementEventSources), and of EventBridge, "AWS service events delivered via
// CloudTrail".
func KindOf(e *event.Event) (Kind, bool) {
	if e.ID == "" {
		return Other, false
	}
	class, _ := coverage.ClassOf(e)
	if category, _ := e.Record().Part(event.EventCategory).Text(); category != "" && category != "Management" {
		return Other, false // such as NetworkActivity, which is neither data nor insight
	}
	if string(e.Record().Part(event.ManagementEvent)) == "false" {
		return Other, false
	}
	switch {
	case class == coverage.Read:
		return Read, true
	case class != coverage.Write:
		return Other, false
	case e.Source == "kms.amazonaws.com" || e.Source == "rdsdata.amazonaws.com":
		return Noisy, true
	case e.Type == "AwsServiceEvent":
		return Service, true
	default:
		return Write, true
	}
}

// optional kinds are held against each other only where S3 has been heard bringing them too: a trail may leave them out.
func (k Kind) optional() bool { return k == Read || k == Noisy }
