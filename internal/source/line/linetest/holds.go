// Package linetest says what must be true of every reader of a log, whatever it is given.
//
// It is: the one suite that the tests and fuzz targets of all such readers run.
// It takes: how a reader is opened, and a text of entries.
// It gives: the events and errors of its entries, after failing the test where a promise of line.Reader is broken.
// Next door: line has the promise, vpcflow, alb and the others keep it.
package linetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/rawjson"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// Open opens a reader anew.
type Open func() line.Reader

// taken is when the log took the entries in that say no time themselves.
var taken = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Read gives the entries of a text, one a line, to a reader, and to a second one that must make the same of them.
func Read(tb testing.TB, open Open, text string) (events []*event.Event, errs []error) {
	tb.Helper()
	first, second := open(), open()
	for n, said := range strings.Split(text, "\n") {
		if said == "" {
			continue
		}
		in := line.Entry{Text: []byte(said), Origin: event.Origin{Source: "file", Place: "a.log", Offset: int64(n)}, Time: taken}
		e, err := first.Read(in)
		again, _ := second.Read(in)
		switch {
		case err != nil && e != nil:
			tb.Errorf("line %d: an event and the error %v", n+1, err)
		case err != nil:
			known(tb, err)
			errs = append(errs, err)
		case e == nil:
			tb.Errorf("line %d: neither an event nor an error", n+1)
		default:
			holds(tb, e, said)
			if again == nil || again.ID != e.ID {
				tb.Errorf("line %d: the same entry has another ID the second time", n+1)
			}
			events = append(events, e)
		}
	}
	return events, errs
}

func known(tb testing.TB, err error) {
	tb.Helper()
	if _, other := errors.AsType[*source.Other](err); !other && !errors.Is(err, line.ErrHeader) && !fault.Is(err, fault.Invalid) {
		tb.Errorf("an error of no known kind: %v", err)
	}
}

func holds(tb testing.TB, e *event.Event, said string) {
	tb.Helper()
	switch {
	case e.Log == event.CloudTrail:
		tb.Error("the event is of no log")
	case e.ID == "" || len(e.ID) > 256:
		tb.Errorf("the ID has %d bytes", len(e.ID))
	case e.Time.Year() < 2000 || e.Time.Location() != time.UTC:
		tb.Errorf("the time is %s", e.Time)
	case e.Account != "" && !principal.IsAccount(e.Account):
		tb.Errorf("the account is %q", e.Account)
	}
	if err := rawjson.Object(e.Raw, nil); err != nil {
		tb.Errorf("the record is no JSON object: %v\n%s", err, e.Raw)
		return
	}
	if e.Line == nil {
		if !bytes.Equal(e.Raw, []byte(said)) {
			tb.Errorf("the record is not what was delivered: %s", e.Raw)
		}
		return
	}
	if string(e.Line) != said {
		tb.Errorf("the line is not what was delivered: %s", e.Line)
	}
	same(tb, e.Raw, said)
}

// same checks that every value of a record stands in its line. Bytes that are no UTF-8 are replaced and not looked for.
func same(tb testing.TB, raw []byte, said string) {
	tb.Helper()
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		tb.Fatal(err)
	}
	for name, v := range fields {
		values := []any{v}
		if list, ok := v.([]any); ok {
			values = list
		}
		for _, v := range values {
			text, ok := v.(string)
			if n, isNumber := v.(json.Number); isNumber {
				text, ok = n.String(), true
			}
			if !ok {
				tb.Errorf("%s is neither text nor number", name)
			}
			if !strings.ContainsRune(text, '�') && !strings.Contains(said, text) {
				tb.Errorf("%s is %q, which the line does not say", name, text)
			}
		}
	}
}
