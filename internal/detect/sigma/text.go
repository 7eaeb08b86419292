package sigma

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// textAt is the compact JSON text of the value at the steps, its keys in the order of the record and nothing escaped that
// need not be. It reads the raw record again, which costs; only rules that look into objects as text pay for it.
func textAt(raw []byte, at []step) string {
	for _, s := range at {
		var err error
		if s.array {
			var items []json.RawMessage
			if err = json.Unmarshal(raw, &items); err == nil && s.index < len(items) {
				raw = items[s.index]
			}
		} else {
			var fields map[string]json.RawMessage
			if err = json.Unmarshal(raw, &fields); err == nil {
				raw = fields[s.key]
			}
		}
		if err != nil {
			return ""
		}
	}
	return compact(raw)
}

// compact writes one JSON value anew.
func compact(raw []byte) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var b strings.Builder
	var open []frame
	for {
		t, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			return ""
		}
		if r, ok := t.(json.Delim); ok && (r == '}' || r == ']') {
			b.WriteString(r.String())
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 {
			b.WriteString(open[len(open)-1].separator())
		}
		if r, ok := t.(json.Delim); ok {
			b.WriteString(r.String())
			open = append(open, frame{object: r == '{'})
			continue
		}
		writeScalar(&b, t)
	}
}

// frame is an object or array that is being written.
type frame struct {
	object bool
	n      int // keys and values so far
}

// separator is what stands before the next key or value.
func (f *frame) separator() string {
	f.n++
	switch {
	case f.n == 1:
		return ""
	case f.object && f.n%2 == 0:
		return ":"
	}
	return ","
}

func writeScalar(b *strings.Builder, t json.Token) {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(t); err != nil {
		return // a token of a decoder always encodes
	}
	b.WriteString(strings.TrimSuffix(line.String(), "\n"))
}
