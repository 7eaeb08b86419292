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

// Quick reads plain records where they lie: compact ASCII, with every member that the view needs of the type that CloudTrail
// gives it. That is nearly every record; it takes no copy and makes no garbage. It is used for one buffer after another.
type Quick struct {
	q     rawjson.Quick
	b     []byte
	start int
	r     *event.Record
}

// Reset turns to another buffer.
func (q *Quick) Reset(b []byte) {
	q.b = b
	q.q.Reset(b)
}

// Record reads the record that begins at the byte i into r. It gives the index behind the record, or -1, and then Parse says
// what the record is.
func (q *Quick) Record(i int, r *event.Record) int {
	r.Begin()
	q.start, q.r = i, r
	end := q.members(i)
	if end < 0 || end-i > MaxBytes {
		return -1
	}
	r.Raw = q.b[i:end]
	if !isPlain(r) {
		return -1
	}
	return end
}

// name reads the name of a member and gives it as it was written, and where the value begins.
func (q *Quick) name(i int) ([]byte, int) {
	if q.q.At(i) != '"' {
		return nil, -1
	}
	end := q.q.Text(i + 1)
	if end < 0 || q.q.At(end) != ':' || end+1 >= len(q.b) {
		return nil, -1
	}
	return q.b[i+1 : end-1], end + 1
}

// next gives the index of the next member's name, or where the object ends, which over says.
func (q *Quick) next(i int) (at int, over bool) {
	switch q.q.At(i) {
	case ',':
		return i + 1, false
	case '}':
		return i + 1, true
	}
	return -1, true
}

// members reads the record itself.
func (q *Quick) members(i int) int {
	if q.q.At(i) != '{' {
		return -1
	}
	for i++; ; {
		name, at := q.name(i)
		if at < 0 {
			return -1
		}
		s, ok := top(name)
		switch {
		case !ok:
			i = q.other(name, at, true)
		case s == event.UserIdentity && q.b[at] == '{':
			i = q.set(s, at, q.identity(at))
		case s == event.Resources:
			i = q.set(s, at, q.resources(at))
		default:
			i = q.set(s, at, q.q.Value(at))
		}
		var over bool
		if i, over = q.next(i); over {
			return i
		}
	}
}

// identity reads userIdentity.
func (q *Quick) identity(i int) int {
	if i++; q.q.At(i) == '}' {
		return i + 1
	}
	for {
		name, at := q.name(i)
		if at < 0 {
			return -1
		}
		s, ok := identity(name)
		switch {
		case !ok:
			i = q.other(name, at, false)
		case s == event.IdentitySession && q.b[at] == '{':
			i = q.set(s, at, q.session(at))
		default:
			i = q.set(s, at, q.q.Value(at))
		}
		var over bool
		if i, over = q.next(i); over {
			return i
		}
	}
}

// session reads userIdentity.sessionContext.
func (q *Quick) session(i int) int {
	if i++; q.q.At(i) == '}' {
		return i + 1
	}
	for issuers := 0; ; {
		name, at := q.name(i)
		if at < 0 {
			return -1
		}
		if string(name) == "sessionIssuer" {
			if issuers++; issuers > 1 || q.b[at] != '{' {
				return -1
			}
			i = q.issuer(at)
		} else {
			i = q.other(name, at, false)
		}
		var over bool
		if i, over = q.next(i); over {
			return i
		}
	}
}

// issuer reads userIdentity.sessionContext.sessionIssuer.
func (q *Quick) issuer(i int) int {
	if i++; q.q.At(i) == '}' {
		return i + 1
	}
	for {
		name, at := q.name(i)
		if at < 0 {
			return -1
		}
		if s, ok := issuer(name); ok {
			i = q.set(s, at, q.q.Value(at))
		} else {
			i = q.other(name, at, false)
		}
		var over bool
		if i, over = q.next(i); over {
			return i
		}
	}
}

// resources reads a list of objects whose members have the types that Parse wants, or null.
func (q *Quick) resources(i int) int {
	if q.b[i] != '[' {
		if q.b[i] == 'n' {
			return q.q.Value(i)
		}
		return -1
	}
	if i++; q.q.At(i) == ']' {
		return i + 1
	}
	for {
		if q.q.At(i) != '{' {
			return -1
		}
		if i = q.resource(i); i < 0 {
			return -1
		}
		switch q.q.At(i) {
		case ',':
			i++
		case ']':
			return i + 1
		default:
			return -1
		}
	}
}

func (q *Quick) resource(i int) int {
	if i++; q.q.At(i) == '}' {
		return i + 1
	}
	for seen := 0; ; {
		name, at := q.name(i)
		if at < 0 {
			return -1
		}
		bit := 0
		switch string(name) {
		case "ARN", "arn", "ARNPrefix":
			bit = 1
		case "accountId":
			bit = 2
		case "type":
			bit = 4
		}
		if seen&bit != 0 || bit != 0 && q.b[at] != '"' || bit == 0 && bytes.IndexByte(name, '\\') >= 0 {
			return -1
		}
		seen |= bit
		var over bool
		if i, over = q.next(q.q.Value(at)); over {
			return i
		}
	}
}

func (q *Quick) set(s event.Slot, at, end int) int {
	if end < 0 || !q.r.Set(s, at-q.start, end-q.start) { // a member that stands there twice is for Parse to refuse
		return -1
	}
	return end
}

func (q *Quick) other(name []byte, at int, top bool) int {
	if bytes.IndexByte(name, '\\') >= 0 {
		return -1 // it may be one of ours in disguise
	}
	q.r.Other(name, top)
	return q.q.Value(at)
}
