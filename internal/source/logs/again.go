package logs

import (
	"bytes"
	"errors"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
)

// IsOurs reports whether a dead letter is of one of the logs here: of another log than CloudTrail's, or of an envelope of CloudWatch
// Logs, whatever is in it.
func IsOurs(l event.Letter) bool {
	return l.Beside != nil && (l.Beside.Log != event.CloudTrail || l.Beside.Group != "") || isEnvelope(l.Bytes)
}

func isEnvelope(text []byte) bool {
	if text = bytes.TrimSpace(text); cwlogs.IsPacked(text) {
		return true
	}
	j, err := line.Open(text)
	return err == nil && cwlogs.Looks(j)
}

// Again reads a dead letter that is ours as its source did, with what is known of logs now: an entry by what was known beside it,
// an envelope with all entries in it. Errors are fault.Invalid; of an envelope they are those of the first entry that has one, and
// then nothing of it is given.
func (o Options) Again(l event.Letter) ([]*event.Event, error) {
	if l.Beside == nil || l.Beside.Log == event.CloudTrail && l.Beside.Group == "" {
		return o.envelope(l)
	}
	r, err := o.readerOf(l)
	if err != nil {
		return nil, named(err)
	}
	if l.Beside.Header != "" {
		if _, err := r.Read(line.Entry{Text: []byte(l.Beside.Header), Origin: l.Origin}); !errors.Is(err, line.ErrHeader) {
			return nil, fault.New(fault.Invalid, "its header is none: %.60q", l.Beside.Header)
		}
	}
	e, err := r.Read(line.Entry{Text: bytes.TrimRight(l.Bytes, "\r\n"), Origin: l.Origin, Time: l.Beside.Time})
	if err != nil {
		return nil, named(err)
	}
	return []*event.Event{e}, nil
}

// readerOf is the reader for the entry in a letter.
func (o Options) readerOf(l event.Letter) (line.Reader, error) {
	p, b := line.PlaceOf(l.Origin.Place), l.Beside
	p.Account, p.Region, p.Group = b.Account, b.Region, b.Group
	if b.Group != "" {
		return o.Envelopes(p).Of(b.Account, b.Group)
	}
	return o.Open(b.Log, p)
}

// envelope reads all that is in an envelope.
func (o Options) envelope(l event.Letter) (all []*event.Event, err error) {
	err = o.Envelopes(line.PlaceOf(l.Origin.Place)).Open(l.Bytes, l.Origin, func(s cwlogs.Said) error {
		_, other := errors.AsType[*source.Other](s.Err)
		switch {
		case s.Event != nil:
			all = append(all, s.Event)
		case s.Err != nil && !other && !errors.Is(s.Err, line.ErrHeader):
			return s.Err
		}
		return nil
	})
	if err != nil {
		return nil, named(err)
	}
	return all, nil
}

// named makes an error of what is no record: a dead letter that tells of nothing is not delivered.
func named(err error) error {
	if other, ok := errors.AsType[*source.Other](err); ok {
		return fault.New(fault.Invalid, "nothing happened in it: %s", other.Name)
	}
	if errors.Is(err, line.ErrHeader) {
		return fault.New(fault.Invalid, "it only names the fields of the lines behind it")
	}
	return err
}
