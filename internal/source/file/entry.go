package file

import (
	"bytes"

	"jobzero/internal/event"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
)

// log takes a JSON object that is no CloudTrail record: an entry of another log, or an envelope of such. It gives false where it
// is neither, and nothing was taken.
func (c *content) log(text []byte, origin event.Origin) (bool, error) {
	if text[0] != '{' || !isJSON(text) {
		return false, nil
	}
	in := line.Entry{Text: text, Origin: origin}
	switch kind, log := logs.OfJSON(text); kind {
	case logs.Entry:
		in.Text = bytes.Clone(text)
		r, err := c.reader(log)
		if err != nil {
			return true, c.took(in, nil, err, beside(log, c.from.place))
		}
		e, err := r.Read(in)
		return true, c.took(in, e, err, beside(log, c.from.place))
	case logs.Unknown:
	case logs.Envelope:
		if c.envelopes == nil {
			c.envelopes = c.r.o.Logs.Envelopes(line.PlaceOf(c.from.place))
		}
		return true, c.took(in, nil, c.envelopes.Open(text, origin, c.said), nil)
	}
	return false, nil
}

// reader is the one for a log.
func (c *content) reader(log event.Log) (line.Reader, error) {
	if known := c.readers[log]; known != nil {
		return known, nil
	}
	made, err := c.r.o.Logs.Open(log, line.PlaceOf(c.from.place))
	if err != nil {
		return nil, err
	}
	if c.readers == nil {
		c.readers = map[event.Log]line.Reader{}
	}
	c.readers[log] = made
	return made, nil
}

// took does what follows from an entry.
func (c *content) took(in line.Entry, e *event.Event, err error, known *event.Beside) error {
	v := verdictOf(err)
	if v.dead != "" {
		return c.bury(c.r.letter(in, v.dead, known))
	}
	if e != nil {
		if err := c.settle(); err != nil {
			return err
		}
		c.events++
	}
	return c.r.follow(v, e, &c.tells)
}

// said does what follows from one log event of an envelope.
func (c *content) said(s cwlogs.Said) error { return halt(c.took(s.Entry, s.Event, s.Err, &s.Beside)) }
