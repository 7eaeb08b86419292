package cloudtrail

import (
	"errors"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/span"
)

// The limits of a record. CloudTrail cuts its own at 256 KiB, or 1 MiB in Lake.
const (
	MaxBytes = span.MaxRecord
	maxID    = 256 // an eventID is a UUID of 36 characters
)

// ErrOther says that the JSON is no CloudTrail record at all: something to skip and to name, not to repair.
var ErrOther = errors.New("not a CloudTrail record")

// Names are the members that tell a CloudTrail record from other JSON: two of them must be there.
func Names() []string {
	return []string{"eventID", "eventName", "eventSource", "eventTime", "userIdentity", "recipientAccountId"}
}

// Parse makes an event of one record. Raw is kept, not copied: it must not be changed afterwards. Errors are ErrOther or carry
// fault.Invalid with a text that names the field.
func Parse(raw []byte, origin event.Origin) (*event.Event, error) {
	if len(raw) > MaxBytes {
		return nil, fault.New(fault.Invalid, "the record has %d bytes, more than the limit of %d", len(raw), MaxBytes)
	}
	var r record
	if err := span.Object(raw, r.member); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "broken record")
	}
	if !r.isCloudTrail() {
		return nil, ErrOther
	}
	e := &event.Event{Origin: origin, Raw: raw}
	if err := r.fill(e); err != nil {
		return nil, err
	}
	return e, nil
}

// record holds the members of a record that the view needs, as they were written.
type record struct {
	id, at, stamp, name, source     span.Value
	account, region, kind, readOnly span.Value
	errorCode, ip, agent            span.Value
	identity, resources, insight    span.Value
	twice                           string // a needed member that stands there twice
}

// slot is where a member is kept; nil for those that the view does not need.
func (r *record) slot(key []byte) *span.Value {
	switch string(key) {
	case "eventID":
		return &r.id
	case "eventTime":
		return &r.at
	case "@timestamp":
		return &r.stamp
	case "eventName":
		return &r.name
	case "eventSource":
		return &r.source
	case "recipientAccountId":
		return &r.account
	case "awsRegion":
		return &r.region
	case "eventType":
		return &r.kind
	case "readOnly":
		return &r.readOnly
	case "errorCode":
		return &r.errorCode
	case "sourceIPAddress":
		return &r.ip
	case "userAgent":
		return &r.agent
	case "userIdentity":
		return &r.identity
	case "resources":
		return &r.resources
	case "insightDetails":
		return &r.insight
	}
	return nil
}

// member takes one member. The same name twice is how a record can say one thing to one reader and another to the next.
func (r *record) member(key []byte, v span.Value) error {
	slot := r.slot(key)
	if slot == nil {
		return nil
	}
	if *slot != nil && r.twice == "" {
		r.twice = string(key)
	}
	*slot = v
	return nil
}

// isCloudTrail tells by the names. S3 notifications share most of them; their eventSource is aws:s3.
func (r *record) isCloudTrail() bool {
	if s, ok := r.source.Text(); ok && strings.HasPrefix(s, "aws:") {
		return false
	}
	n := 0
	for _, v := range []span.Value{r.id, r.name, r.source, r.at, r.identity, r.account} {
		if v != nil {
			n++
		}
	}
	return n >= 2
}

// fill checks the members and puts them in the event.
func (r *record) fill(e *event.Event) error {
	if r.twice != "" {
		return fault.New(fault.Invalid, "%s stands in the record twice", r.twice)
	}
	if r.insight != nil {
		if err := r.fromInsight(); err != nil {
			return err
		}
	}
	var f fields
	e.ID = event.ID(f.need("eventID", r.id))
	e.Name = f.need("eventName", r.name)
	e.Source = f.need("eventSource", r.source)
	e.Region = f.may("awsRegion", r.region)
	e.Type = f.may("eventType", r.kind)
	e.ErrorCode = f.may("errorCode", r.errorCode)
	e.SourceIP = f.may("sourceIPAddress", r.ip)
	e.UserAgent = f.may("userAgent", r.agent)
	e.Account = f.may("recipientAccountId", r.account)
	e.ReadOnly = f.flag("readOnly", r.readOnly)
	f.actor(&e.Actor, r.identity)
	e.Resources = f.resources(r.resources)
	if e.Account == "" {
		e.Account = e.Actor.Account // records before version 1.02 name no recipient
	}
	if f.err == nil {
		f.err = check(e)
	}
	if f.err == nil {
		e.Time, f.err = r.time()
	}
	return f.err
}

// check holds the rules for single fields.
func check(e *event.Event) error {
	if len(e.ID) > maxID {
		return fault.New(fault.Invalid, "eventID has %d characters, more than %d", len(e.ID), maxID)
	}
	if e.Account == "" {
		return fault.New(fault.Invalid, "recipientAccountId is missing, and so is userIdentity.accountId")
	}
	if !IsAccount(e.Account) {
		return fault.New(fault.Invalid, "recipientAccountId %.40q is no twelve-digit account", e.Account)
	}
	return nil
}

// IsAccount says whether s is a twelve-digit account.
func IsAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// time reads eventTime: RFC 3339, or the form without zone (UTC) that Lake and Athena print. Exports by way of Logstash have
// moved it to @timestamp.
func (r *record) time() (time.Time, error) {
	name, v := "eventTime", r.at
	if v == nil && r.stamp != nil {
		name, v = "@timestamp", r.stamp
	}
	var f fields
	text := f.need(name, v)
	if f.err != nil {
		return time.Time{}, f.err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "%s %.60q is no RFC 3339 time such as 2024-08-01T13:29:57Z", name, text)
}
