package coverage

import (
	"slices"
	"strings"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// Class is a kind of CloudTrail record, as a trail's selectors tell them apart.
type Class string

// The classes. EventBridge gets reads only from rules that ask for all management events.
const (
	Write   Class = "write"   // management events that change something
	Read    Class = "read"    // management events that change nothing
	Data    Class = "data"    // operations on what is in a resource; a trail records them only where it is told to
	Insight Class = "insight" // CloudTrail's own anomalies
	Entry   Class = "entry"   // of another log than CloudTrail
)

// ClassOf is the class of an event, and the service where that counts: data events are switched on service by service.
func ClassOf(e *event.Event) (Class, string) {
	if e.Log != event.CloudTrail {
		return Entry, ""
	}
	category, _ := e.Record().Part(event.EventCategory).Text()
	switch {
	case category == "Data":
		return Data, e.Source
	case category == "Insight":
		return Insight, ""
	case e.ReadOnly:
		return Read, ""
	default:
		return Write, ""
	}
}

// Need is a kind of record that a rule can fire on.
type Need struct {
	Log     event.Log
	Class   Class
	Service string // of data events
}

// String is the need in words.
func (n Need) String() string {
	switch n.Class {
	case Data:
		return "data events of " + strings.TrimSuffix(n.Service, ".amazonaws.com")
	case Read:
		return "read-only management events"
	case Insight:
		return "Insights events"
	case Entry:
		return "the log " + n.Log.String()
	default:
		return "management events"
	}
}

// Needs are the kinds of records that a rule can fire on; one of them is enough to see something.
func Needs(r *sigma.Compiled) []Need {
	var out []Need
	add := func(n Need) {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for _, log := range r.Logs {
		if log != event.CloudTrail {
			add(Need{Log: log, Class: Entry})
			continue
		}
		calls := r.Calls()
		if len(calls) == 0 {
			add(Need{Class: Write})
		}
		for _, call := range calls {
			add(needOf(call))
		}
	}
	return out
}

// needOf is the kind of record that a call leaves, by its name in lower case.
func needOf(call string) Need {
	if service := dataEvents[call]; service != "" {
		return Need{Class: Data, Service: service}
	}
	for _, verb := range []string{"get", "list", "describe", "head", "lookup", "batchget", "search", "scan", "query"} {
		if strings.HasPrefix(call, verb) && !writes[call] {
			return Need{Class: Read}
		}
	}
	return Need{Class: Write}
}

// writes are calls that CloudTrail marks as no reads for all their names.
var writes = map[string]bool{"getfederationtoken": true, "getsessiontoken": true, "getsignintoken": true}

// dataEvents are the services of the calls that are data events. From the user guide of CloudTrail, "Logging data events", for the
// services that rules are written about; what is not here counts as a management event.
var dataEvents = func() map[string]string {
	out := map[string]string{}
	for service, calls := range map[string]string{
		"s3.amazonaws.com": `AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject DeleteObjects
			DeleteObjectTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging
			GetObjectTorrent HeadObject ListObjects ListObjectVersions ListParts PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention
			PutObjectTagging RestoreObject SelectObjectContent UploadPart UploadPartCopy`,
		"lambda.amazonaws.com": "Invoke",
		"dynamodb.amazonaws.com": `BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction GetItem PutItem Query
			Scan TransactGetItems TransactWriteItems UpdateItem`,
		"sns.amazonaws.com": "Publish PublishBatch",
		"sqs.amazonaws.com": "SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch ChangeMessageVisibility",
		"ebs.amazonaws.com": "GetSnapshotBlock PutSnapshotBlock ListSnapshotBlocks ListChangedBlocks",
	} {
		for call := range strings.FieldsSeq(calls) {
			out[strings.ToLower(call)] = service
		}
	}
	return out
}()
