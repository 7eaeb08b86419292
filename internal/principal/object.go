package principal

import (
	"bytes"
	"encoding/json"
	"strings"

	"jobzero/internal/fault"
)

// member is one key of a JSON object with the exact bytes of its value and where they start.
type member struct {
	Key   string
	Value json.RawMessage
	Start int
}

// members reads an object in order. A key that stands twice is refused, whatever its case: two readers of such a document
// may each believe another one, and a decision about access must not depend on which.
func members(text []byte, what string) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fault.New(fault.Invalid, "%s: want a JSON object", what)
	}
	var out []member
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s", what)
		}
		key, ok := t.(string)
		if !ok {
			return nil, fault.New(fault.Invalid, "%s: want a key", what)
		}
		if seen[strings.ToLower(key)] {
			return nil, fault.New(fault.Invalid, "%s: %q stands twice", what, key)
		}
		seen[strings.ToLower(key)] = true
		raw, err := value(d, what)
		if err != nil {
			return nil, err
		}
		out = append(out, member{Key: key, Value: raw, Start: int(d.InputOffset()) - len(raw)})
	}
	return out, nil
}

// element is one element of a JSON array with its place.
type element struct {
	Value json.RawMessage
	Start int
}

func elements(text []byte, what string) ([]element, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, fault.New(fault.Invalid, "%s: want a JSON list", what)
	}
	var out []element
	for d.More() {
		raw, err := value(d, what)
		if err != nil {
			return nil, err
		}
		out = append(out, element{Value: raw, Start: int(d.InputOffset()) - len(raw)})
	}
	return out, nil
}

func value(d *json.Decoder, what string) (json.RawMessage, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s", what)
	}
	return raw, nil
}

// texts reads a string, number or truth value, or a list of them, as IAM lets either stand.
func texts(raw json.RawMessage, what string) ([]string, error) {
	if len(raw) > 0 && raw[0] == '[' {
		list, err := elements(raw, what)
		if err != nil {
			return nil, err
		}
		out := make([]string, 0, len(list))
		for _, e := range list {
			s, err := scalar(e.Value, what)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		return out, nil
	}
	s, err := scalar(raw, what)
	if err != nil {
		return nil, err
	}
	return []string{s}, nil
}

func scalar(raw json.RawMessage, what string) (string, error) {
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || bytes.Equal(raw, []byte("null")):
		return "", fault.New(fault.Invalid, "%s: want a text or a list of texts", what)
	case raw[0] != '"':
		return string(raw), nil // 12, true: IAM reads them as texts
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "%s", what)
	}
	return s, nil
}
