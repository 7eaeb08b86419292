package cloudtrail

import (
	"bytes"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// top gives the slot of a member of the record.
func top(name []byte) (event.Slot, bool) { //nolint:cyclop // a table; the compiler makes a search of it
	switch string(name) {
	case "eventVersion":
		return event.EventVersion, true
	case "userIdentity":
		return event.UserIdentity, true
	case "eventTime":
		return event.EventTime, true
	case "eventSource":
		return event.EventSource, true
	case "eventName":
		return event.EventName, true
	case "awsRegion":
		return event.AWSRegion, true
	case "sourceIPAddress":
		return event.SourceIPAddress, true
	case "userAgent":
		return event.UserAgent, true
	case "errorCode":
		return event.ErrorCode, true
	case "errorMessage":
		return event.ErrorMessage, true
	case "requestParameters":
		return event.RequestParameters, true
	case "responseElements":
		return event.ResponseElements, true
	case "additionalEventData":
		return event.AdditionalEventData, true
	case "requestID":
		return event.RequestID, true
	case "eventID":
		return event.EventID, true
	case "readOnly":
		return event.ReadOnly, true
	case "resources":
		return event.Resources, true
	case "eventType":
		return event.EventType, true
	case "apiVersion":
		return event.APIVersion, true
	case "managementEvent":
		return event.ManagementEvent, true
	case "recipientAccountId":
		return event.RecipientAccountID, true
	case "sharedEventID":
		return event.SharedEventID, true
	case "vpcEndpointId":
		return event.VPCEndpointID, true
	case "eventCategory":
		return event.EventCategory, true
	case "serviceEventDetails":
		return event.ServiceEventDetails, true
	case "insightDetails":
		return event.InsightDetails, true
	case "tlsDetails":
		return event.TLSDetails, true
	case "sessionCredentialFromConsole":
		return event.SessionCredentialFromConsole, true
	}
	return 0, false
}

// identity gives the slot of a member of userIdentity.
func identity(name []byte) (event.Slot, bool) {
	switch string(name) {
	case "type":
		return event.IdentityType, true
	case "arn":
		return event.IdentityARN, true
	case "accountId":
		return event.IdentityAccount, true
	case "principalId":
		return event.IdentityPrincipal, true
	case "userName":
		return event.IdentityUser, true
	case "accessKeyId":
		return event.IdentityKey, true
	case "invokedBy":
		return event.IdentityInvokedBy, true
	case "sessionContext":
		return event.IdentitySession, true
	}
	return 0, false
}

// issuer gives the slot of a member of userIdentity.sessionContext.sessionIssuer.
func issuer(name []byte) (event.Slot, bool) {
	switch string(name) {
	case "arn":
		return event.IdentityIssuerARN, true
	case "userName":
		return event.IdentityIssuerName, true
	}
	return 0, false
}

// session has no slots of its own: the members of userIdentity.sessionContext.
func session([]byte) (event.Slot, bool) { return 0, false }

// level is an object of a record whose members may have slots.
type level func(name []byte) (event.Slot, bool)

// below gives the level of an object's member, nil when nothing in it has a slot. The names are the same on every level.
func below(name []byte) level {
	switch string(name) {
	case "userIdentity":
		return identity
	case "sessionContext":
		return session
	case "sessionIssuer":
		return issuer
	}
	return nil
}

// Quick reads the record that begins at b[i] into r when it is plain: compact ASCII, with every member that the view needs of
// the type that CloudTrail gives it. That is nearly every record; it takes no copy and makes no garbage. It gives the index
// behind the record, or -1, and then Parse says what the record is.
func Quick(b []byte, i int, r *event.Record) int {
	r.Begin()
	q := quick{b: b, start: i, r: r}
	end := rawjson.QuickObject(b, i, q.top)
	if end < 0 || end-i > MaxBytes {
		return -1
	}
	r.Raw = b[i:end]
	if !isPlain(r) {
		return -1
	}
	return end
}

// quick is one record being read. Its methods are what QuickObject visits members with: an index behind the value, or -1.
type quick struct {
	b     []byte
	start int
	r     *event.Record
}

func (q *quick) top(name []byte, at int) int {
	s, ok := top(name)
	if !ok {
		return q.other(name, at, true)
	}
	if s == event.UserIdentity && q.b[at] == '{' {
		return q.set(s, at, rawjson.QuickObject(q.b, at, q.identity))
	}
	return q.set(s, at, rawjson.QuickValue(q.b, at))
}

func (q *quick) identity(name []byte, at int) int {
	s, ok := identity(name)
	if !ok {
		return q.other(name, at, false)
	}
	if s == event.IdentitySession && q.b[at] == '{' {
		return q.set(s, at, rawjson.QuickObject(q.b, at, q.session))
	}
	return q.set(s, at, rawjson.QuickValue(q.b, at))
}

func (q *quick) session(name []byte, at int) int {
	if string(name) == "sessionIssuer" && q.b[at] == '{' {
		if len(q.r.Get(event.IdentityIssuerARN))+len(q.r.Get(event.IdentityIssuerName)) > 0 {
			return -1 // it stands there twice
		}
		return rawjson.QuickObject(q.b, at, q.issuer)
	}
	if string(name) == "sessionIssuer" {
		return -1
	}
	return q.other(name, at, false)
}

func (q *quick) issuer(name []byte, at int) int {
	s, ok := issuer(name)
	if !ok {
		return q.other(name, at, false)
	}
	return q.set(s, at, rawjson.QuickValue(q.b, at))
}

func (q *quick) set(s event.Slot, at, end int) int {
	if end < 0 || !q.r.Set(s, at-q.start, end-q.start) { // a member that stands there twice is for Parse to refuse
		return -1
	}
	return end
}

func (q *quick) other(name []byte, at int, top bool) int {
	if bytes.IndexByte(name, '\\') >= 0 {
		return -1 // it may be one of ours in disguise
	}
	q.r.Other(name, top)
	return rawjson.QuickValue(q.b, at)
}
