package cloudtrail

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
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
	if err := r.scan(raw); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "broken record")
	}
	if !r.isCloudTrail() {
		return nil, ErrOther
	}
	e := event.New(r.Record, origin)
	if err := r.fill(e); err != nil {
		return nil, err
	}
	return e, nil
}

// Take makes an event of a record that Quick has read, without looking through it again. The record's bytes are kept, not copied.
func Take(plain event.Record, origin event.Origin) (*event.Event, error) {
	r := record{Record: plain}
	e := event.New(plain, origin)
	if err := r.fill(e); err != nil {
		return nil, err
	}
	return e, nil
}

// record is one record being read carefully.
type record struct {
	event.Record
	twice string // a needed member that stands there twice
	wrong fields
}

// scan checks the record by the letter and finds what has a slot.
func (r *record) scan(raw []byte) error {
	if err := rawjson.Object(raw, nil); err != nil {
		return err
	}
	r.Begin()
	r.Raw = raw
	open := bytes.IndexByte(raw, '{')
	r.take(bytes.TrimRight(raw[open:], " \t\r\n"), open, "", topLevel)
	return nil
}

// take goes through an object of a level that begins at the byte at of the record.
func (r *record) take(v rawjson.Value, at int, path string, l *level) {
	for it := rawjson.Over(v); it.Next(); {
		name := path + string(it.Name)
		i, known := l.find(it.Name)
		if !known || l.members[i].slot == noSlot {
			r.Other(it.Name, l == topLevel)
		}
		if !known {
			continue
		}
		m := &l.members[i]
		if m.slot != noSlot && !r.Set(m.slot, at+it.At, at+it.At+len(it.Value)) && r.twice == "" {
			r.twice = name
		}
		switch {
		case m.takes&object == 0 || m.below == nil || it.Value.IsNull(): // nothing below has a slot
		case it.Value[0] != '{':
			r.wrong.wrong(name, "object", it.Value)
		default:
			r.take(it.Value, at+it.At, name+".", m.below)
		}
	}
}

// isCloudTrail tells by the names. S3 notifications share most of them; their eventSource is aws:s3.
func (r *record) isCloudTrail() bool {
	if s, ok := r.Get(event.EventSource).Text(); ok && strings.HasPrefix(s, "aws:") {
		return false
	}
	n := 0
	for _, s := range []event.Slot{event.EventID, event.EventName, event.EventSource, event.EventTime, event.UserIdentity, event.RecipientAccountID} {
		if len(r.Get(s)) > 0 {
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
	f := r.wrong
	name, source := r.Get(event.EventName), r.Get(event.EventSource)
	if v := r.Get(event.InsightDetails); len(v) > 0 {
		f.insight(v, &name, &source)
	}
	e.ID = event.ID(f.need("eventID", r.Get(event.EventID)))
	e.Name = f.need("eventName", name)
	e.Source = f.need("eventSource", source)
	e.ReadOnly = f.flag("readOnly", r.Get(event.ReadOnly))
	for _, m := range []struct {
		to   *string
		slot event.Slot
	}{
		{&e.Region, event.AWSRegion},
		{&e.Type, event.EventType},
		{&e.ErrorCode, event.ErrorCode},
		{&e.SourceIP, event.SourceIPAddress},
		{&e.UserAgent, event.UserAgent},
		{&e.Account, event.RecipientAccountID},
		{&e.Actor.Type, event.IdentityType},
		{&e.Actor.ARN, event.IdentityARN},
		{&e.Actor.Account, event.IdentityAccount},
		{&e.Actor.PrincipalID, event.IdentityPrincipal},
		{&e.Actor.UserName, event.IdentityUser},
		{&e.Actor.AccessKey, event.IdentityKey},
		{&e.Actor.InvokedBy, event.IdentityInvokedBy},
		{&e.Actor.IssuerARN, event.IdentityIssuerARN},
		{&e.Actor.IssuerName, event.IdentityIssuerName},
	} {
		*m.to = f.may(m.slot.String(), r.Get(m.slot))
	}
	e.Resources = f.resources(r.Get(event.Resources))
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
	name, v := "eventTime", r.Get(event.EventTime)
	if len(v) == 0 {
		name, v = r.stamp(name)
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

// stamp looks for the time where it stands when eventTime is not there.
func (r *record) stamp(name string) (string, rawjson.Value) {
	if r.Complete() {
		return name, nil
	}
	for it := rawjson.Over(bytes.TrimSpace(r.Raw)); it.Next(); {
		if string(it.Name) == "@timestamp" {
			return "@timestamp", it.Value
		}
	}
	return name, nil
}

// isDay asks the calendar whether a time of the right form names a day that there is.
func isDay(v rawjson.Value) bool {
	_, err := time.Parse(time.RFC3339, string(v[1:len(v)-1]))
	return err == nil
}
