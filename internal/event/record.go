package event

import (
	"bytes"
	"strings"

	"jobzero/internal/rawjson"
)

// Record is one log record as its producer wrote it: the bytes, and where in them the members lie that everybody asks for.
// It costs no allocation, so that a million records can be judged without a million events being made. It lives as long as
// its bytes.
type Record struct {
	Raw []byte // one JSON object that has been checked
	Log Log

	scanned bool // the spans say what is there; otherwise nothing is known yet
	others  bool // some members at the top have no slot
	dotted  bool // some member's name has a dot in it: a dotted path may mean that one
	compact bool // there is no white space between its tokens
	spans   [slots]place
}

// place is where a value lies in Raw; to is zero when there is none.
type place struct{ from, to int32 }

// Slot is a member of a CloudTrail record, by its path.
type Slot uint8

// The slots. The names are CloudTrail's own, which is what nearly every record is.
const (
	EventVersion Slot = iota
	UserIdentity
	EventTime
	EventSource
	EventName
	AWSRegion
	SourceIPAddress
	UserAgent
	ErrorCode
	ErrorMessage
	RequestParameters
	ResponseElements
	AdditionalEventData
	RequestID
	EventID
	ReadOnly
	Resources
	EventType
	APIVersion
	ManagementEvent
	RecipientAccountID
	SharedEventID
	VPCEndpointID
	EventCategory
	ServiceEventDetails
	InsightDetails
	TLSDetails
	SessionCredentialFromConsole
	IdentityType
	IdentityARN
	IdentityAccount
	IdentityPrincipal
	IdentityUser
	IdentityKey
	IdentityInvokedBy
	IdentitySession
	IdentityIssuerARN
	IdentityIssuerName
	slots
)

// paths is every slot's path, in the order of the slots.
var paths = [slots]string{
	"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
	"errorCode", "errorMessage", "requestParameters", "responseElements", "additionalEventData", "requestID", "eventID",
	"readOnly", "resources", "eventType", "apiVersion", "managementEvent", "recipientAccountId", "sharedEventID",
	"vpcEndpointId", "eventCategory", "serviceEventDetails", "insightDetails", "tlsDetails", "sessionCredentialFromConsole",
	"userIdentity.type", "userIdentity.arn", "userIdentity.accountId", "userIdentity.principalId", "userIdentity.userName",
	"userIdentity.accessKeyId", "userIdentity.invokedBy", "userIdentity.sessionContext",
	"userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.sessionContext.sessionIssuer.userName",
}

// String is the slot's path in a record.
func (s Slot) String() string { return paths[s] }

// SlotOf gives the slot of a path, false when there is none.
func SlotOf(path string) (Slot, bool) {
	for s, p := range paths {
		if p == path {
			return Slot(s), true
		}
	}
	return 0, false
}

// Get is the value of a slot as it was written, empty when the record has none.
func (r *Record) Get(s Slot) rawjson.Value {
	p := r.spans[s]
	return r.Raw[p.from:p.to]
}

// Part is the value of a slot of a record that was scanned or not: where nobody has, it is looked for.
func (r *Record) Part(s Slot) rawjson.Value {
	if r.Knows(s) {
		return r.Get(s)
	}
	v := rawjson.Value(bytes.TrimSpace(r.Raw))
	for name := range strings.SplitSeq(s.String(), ".") {
		var next rawjson.Value
		if len(v) > 0 && v[0] == '{' {
			for it := rawjson.Over(v); it.Next(); {
				if string(it.Name) == name {
					next = it.Value // of several the last, as in every decoder
				}
			}
		}
		v = next
	}
	return v
}

// Set says where the value of a slot lies in Raw; false when it was set before. Only who scans a record calls it.
func (r *Record) Set(s Slot, from, to int) bool {
	first := r.spans[s].to == 0
	r.spans[s] = place{int32(from), int32(to)} //nolint:gosec // a record is a megabyte at most
	return first
}

// Other notes the name of a member that has no slot. top: it stands at the top of the record.
func (r *Record) Other(name []byte, top bool) {
	r.others = r.others || top
	for _, c := range name {
		r.dotted = r.dotted || c == '.'
	}
}

// Begin empties the record for another scan.
func (r *Record) Begin() { *r = Record{scanned: true} }

// Knows reports whether what Get gives for the slot is all that there is: then nobody has to look through the bytes.
func (r *Record) Knows(Slot) bool { return r.scanned && !r.dotted }

// Scanned reports whether the record was checked and taken apart by who made it.
func (r *Record) Scanned() bool { return r.scanned }

// Pack notes that there is no white space between the record's tokens.
func (r *Record) Pack() { r.compact = true }

// Compact reports whether the record is known to have no white space between its tokens.
func (r *Record) Compact() bool { return r.compact }

// Complete reports whether every member at the top has a slot.
func (r *Record) Complete() bool { return r.scanned && !r.others }
