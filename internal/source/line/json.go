package line

import (
	"bytes"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// JSON is an entry that is one JSON object, to be looked into.
type JSON struct{ top rawjson.Value }

// Open checks that the entry is one JSON object. Errors are fault.Invalid and name the byte.
func Open(text []byte) (JSON, error) {
	if len(text) > MaxBytes {
		return JSON{}, fault.New(fault.Invalid, "the record has %d bytes, more than the limit of %d", len(text), MaxBytes)
	}
	if err := rawjson.Object(text, nil); err != nil {
		return JSON{}, fault.Wrap(fault.Invalid, err, "broken record")
	}
	return JSON{bytes.TrimSpace(text)}, nil
}

// Inside is a value of what was checked before.
func Inside(v []byte) JSON { return JSON{bytes.TrimSpace(v)} }

// At is the value at a path, nil when there is none. Of members with one name the last counts, as for rules.
func (j JSON) At(path ...string) rawjson.Value {
	v := j.top
	for _, name := range path {
		var next rawjson.Value
		if len(v) > 0 && v[0] == '{' {
			for it := rawjson.Over(v); it.Next(); {
				if string(it.Name) == name {
					next = it.Value
				}
			}
		}
		v = next
	}
	return v
}

// Has reports whether there is anything at a path, be it null.
func (j JSON) Has(path ...string) bool { return len(j.At(path...)) > 0 }

// Text is the text or number at a path; empty when it is something else, or "-", which AWS writes for nothing.
func (j JSON) Text(path ...string) string { return Text(j.At(path...)) }

// Text is a value as a text: empty for what is neither text nor number, and for "-".
func Text(v rawjson.Value) string {
	s, ok := v.Text()
	switch {
	case !ok && v.Kind() == "number":
		return string(v)
	case s == "-":
		return ""
	}
	return s
}
