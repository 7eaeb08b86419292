package rawjson

import "bytes"

// Value is one JSON value as it was written.
type Value []byte

// Kind names the value's type: object, array, string, number, boolean or null.
func (v Value) Kind() string {
	if len(v) == 0 {
		return "nothing"
	}
	switch v[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// IsNull reports whether there is no value: null or nothing at all.
func (v Value) IsNull() bool { return len(v) == 0 || v[0] == 'n' }

// Text is the content of a string; false for anything else.
func (v Value) Text() (string, bool) {
	if len(v) < 2 || v[0] != '"' {
		return "", false
	}
	return unquote(v), true
}

// Plain is the content of a string without escapes, lent from the value; false for anything else.
func (v Value) Plain() ([]byte, bool) {
	if len(v) < 2 || v[0] != '"' {
		return nil, false
	}
	in := v[1 : len(v)-1]
	if bytes.IndexByte(in, '\\') >= 0 {
		return nil, false
	}
	return in, true
}
