package file

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/eventbridge"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
	"jobzero/internal/source/span"
)

// content is one stream of JSON being read.
type content struct {
	r         *reader
	from      input
	events    int64  // delivered so far
	dead      int64  // dead letters so far
	others    int64  // values that are no CloudTrail records
	first     string // what the first of the others looks like
	tells     others // entries of other logs that tell of nothing
	readers   map[event.Log]line.Reader
	envelopes *cwlogs.Reader
	pending   *source.DeadLetter // too large and perhaps no record: decided by what else is in the stream
}

// json reads a stream of JSON to its end. What goes wrong in it is a dead letter; only the sink or the context end it.
func (r *reader) json(in *bufio.Reader, from input) error {
	if what := look(in); what != "" && !from.named {
		r.skip(from.place, what)
		return nil
	} else if what == isEmpty {
		r.skip(from.place, what)
		return nil
	}
	r.stats.Files++
	c := &content{r: r, from: from}
	return c.pieces(span.NewReader(in, span.Options{MaxRecord: r.o.MaxRecord, Names: names()}))
}

// pieces takes what the stream gives, to its end.
func (c *content) pieces(records *span.Reader) error {
	for n := 0; ; n++ {
		p, err := records.Next()
		if stop := c.r.ctx.Err(); stop != nil {
			return stop // not the input's fault: no dead letter
		}
		if errors.Is(err, io.EOF) {
			return c.end()
		}
		if n == 0 && !c.from.named && !plausible(p) {
			c.r.stats.Files--
			c.r.skip(c.from.place, "not JSON")
			return nil
		}
		if err := c.piece(p); err != nil {
			return err
		}
	}
}

const isEmpty = "empty"

// names tell records from other JSON.
func names() []string { return append(cloudtrail.Names(), logs.Names()...) }

// look says why the stream is no JSON by its first bytes; empty when it may be some.
func look(in *bufio.Reader) string {
	head, err := in.Peek(512)
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) == 0 && errors.Is(err, io.EOF):
		return isEmpty
	case len(text) == 0 || text[0] == '{' || text[0] == '[':
		return ""
	}
	return "not JSON"
}

// plausible says whether the first piece of a stream whose name promises nothing is JSON, or was CloudTrail once.
func plausible(p span.Piece) bool {
	if p.State == span.Oversize {
		return true
	}
	for _, name := range names() {
		if bytes.Contains(p.Bytes, []byte(`"`+name+`"`)) {
			return true
		}
	}
	return p.State == span.Whole && isJSON(p.Bytes) || p.List == "Records"
}

// isJSON says whether the value is JSON by the letter.
func isJSON(b []byte) bool {
	return rawjson.Array(append(append([]byte{'['}, b...), ']'), nil) == nil
}

// piece takes one record, or what is in its place.
func (c *content) piece(p span.Piece) error {
	origin := event.Origin{Source: c.r.o.Source, Place: c.from.place, Offset: p.Offset}
	switch {
	case p.State == span.Oversize && c.events == 0 && p.Known < 2 && p.List != "Records":
		c.other(describe(p.Bytes))
		if c.pending == nil {
			d := c.letter(origin, p)
			c.pending = &d
		}
		return nil
	case p.State == span.Broken && p.Size == int64(len(p.Bytes)) && isJSON(p.Bytes): // a number or a word at the top
		c.other(describe(p.Bytes))
		return nil
	case p.State != span.Whole:
		return c.bury(c.letter(origin, p))
	}
	e, err := parse(bytes.Clone(p.Bytes), origin)
	if other, ok := errors.AsType[*source.Other](err); ok {
		if known, err := c.log(p.Bytes, origin); known {
			return err
		}
		if p.List == "Records" && (c.events > 0 || p.Bytes[0] != '{') {
			p.Reason = "not a CloudTrail record, though it stands among them: " + describe(p.Bytes)
			return c.bury(c.letter(origin, p))
		}
		c.other(other.Name)
		return nil
	}
	if err != nil {
		p.Reason = err.Error()
		return c.bury(c.letter(origin, p))
	}
	if err := c.settle(); err != nil {
		return err
	}
	c.events++
	c.r.stats.Events++
	return c.r.sink.Event(e)
}

// parse reads a value: a record, an EventBridge envelope around one, or an entry of LookupEvents with the record as text.
func parse(raw []byte, origin event.Origin) (*event.Event, error) {
	if raw[0] != '{' && isJSON(raw) {
		return nil, &source.Other{Name: describe(raw)}
	}
	e, err := cloudtrail.Parse(raw, origin)
	if !errors.Is(err, cloudtrail.ErrOther) {
		return e, err
	}
	if eventbridge.IsEnvelope(raw) {
		return eventbridge.Open(raw, origin)
	}
	var text string
	_ = rawjson.Object(raw, func(key []byte, v rawjson.Value) error { // Parse has found it well formed
		if string(key) == "CloudTrailEvent" {
			text, _ = v.Text()
		}
		return nil
	})
	if text != "" {
		e, err = cloudtrail.Parse([]byte(text), origin)
	}
	if errors.Is(err, cloudtrail.ErrOther) {
		return nil, &source.Other{Name: describe(raw)}
	}
	return e, err
}

// describe names a value that is no record by its first members.
func describe(raw []byte) string {
	var names []string
	stop := errors.New("enough")
	err := rawjson.Object(raw, func(key []byte, _ rawjson.Value) error {
		if len(names) == 4 {
			names = append(names, "…")
			return stop
		}
		names = append(names, fmt.Sprintf("%.40q", key))
		return nil
	})
	if len(names) == 0 {
		if err == nil {
			return "an empty object"
		}
		return "a JSON " + rawjson.Value(raw).Kind()
	}
	return "an object with the members " + strings.Join(names, ", ")
}

func (c *content) other(name string) {
	if c.others++; c.others == 1 {
		c.first = name
	}
}

func (c *content) letter(origin event.Origin, p span.Piece) source.DeadLetter {
	return source.DeadLetter{Origin: origin, Reason: p.Reason, Bytes: source.Clip(p.Bytes), Size: p.Size, At: c.r.o.Now()}
}

func (c *content) bury(d source.DeadLetter) error {
	if err := c.settle(); err != nil {
		return err
	}
	c.dead++
	return c.r.bury(d)
}

// settle decides on what was too large: among other records it was one too.
func (c *content) settle() error {
	if c.pending == nil {
		return nil
	}
	d := *c.pending
	c.pending = nil
	c.others--
	return c.bury(d)
}

// end names what was skipped.
func (c *content) end() error {
	c.tells.tell(c.r, c.from.place)
	switch {
	case c.others == 0:
	case c.events == 0 && c.dead == 0:
		c.r.stats.Files--
		c.r.skip(c.from.place, fmt.Sprintf("JSON, but no CloudTrail records: %d values, the first %s", c.others, c.first))
	default:
		c.r.stats.RecordsSkipped += c.others
		c.r.sink.Skipped(c.from.place, fmt.Sprintf("%d values that are no CloudTrail records, the first %s", c.others, c.first))
	}
	return nil
}
