// Package claimtest is what the tests of the formats share.
//
// It is: the questions that every parser of other tools' findings must answer alike.
// It takes: a parser's samples and what it made of them.
// It gives: a failure of the test that asked.
// Next door: source/guardduty and the other formats ask with it.
package claimtest

import (
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
)

// Parse is a parser of a format.
type Parse func([]byte, event.Origin) (source.Report, error)

// Origin is where One and Refusal say that the bytes are from.
func Origin() event.Origin { return event.Origin{Source: "eventbridge", Place: "q#m", Offset: -1} }

// With replaces a piece of a sample, which must be there.
func With(tb testing.TB, sample, old, by string) []byte {
	tb.Helper()
	if !strings.Contains(sample, old) {
		tb.Fatalf("the sample has no %s", old)
	}
	return []byte(strings.Replace(sample, old, by, 1))
}

// One is the single claim of a record.
func One(tb testing.TB, parse Parse, raw []byte) source.Claim {
	tb.Helper()
	r, err := parse(raw, Origin())
	if err != nil || len(r.Claims) != 1 || len(r.Changed) != 0 {
		tb.Fatalf("%v: %+v", err, r)
	}
	Hold(tb, r, err)
	return r.Claims[0]
}

// Refusal wants the record to be invalid and to give nothing, and the error to say what is wrong.
func Refusal(tb testing.TB, parse Parse, raw []byte, want string) {
	tb.Helper()
	r, err := parse(raw, Origin())
	if len(r.Claims)+len(r.Changed) != 0 || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
		tb.Errorf("%v and %+v, want %q", err, r, want)
	}
}

// Hold wants something or an error of a parser, and what it gives to be such that it can be kept, found again and shown.
func Hold(tb testing.TB, r source.Report, err error) {
	tb.Helper()
	if (len(r.Claims)+len(r.Changed) == 0) == (err == nil) {
		tb.Fatalf("%+v with error %v", r, err)
	}
	for _, ref := range r.Changed {
		if _, err := resource.ParseKey(ref.Key()); err != nil {
			tb.Errorf("%+v: %v", ref, err)
		}
	}
	for _, c := range r.Claims {
		f := c.Finding
		if _, err := json.Marshal(f); err != nil {
			tb.Errorf("can not be kept: %v", err)
		}
		if _, err := json.Marshal(ocsf.Imported(f, "v1")); err != nil {
			tb.Errorf("has no view: %v", err)
		}
		if ref, err := resource.ParseKey(f.Subject()); err != nil || ref.Key() != f.Subject() {
			tb.Errorf("subject %q reads as %+v, %v", f.Subject(), ref, err)
		}
		f.Evidence = nil // too long to be shown
		if f.Severity.Rank() == 0 || f.Detected.IsZero() || f.Occurred.IsZero() || f.Detected.Before(f.Occurred) || f.Title == "" || f.Sighting == "" || f.Fingerprint == "" {
			tb.Errorf("something is missing: %+v", f)
		}
	}
}
