package principal

import (
	"bytes"
	"encoding/json"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
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
	if len(text) == 0 || text[0] != '{' {
		return nil, fault.New(fault.Invalid, "%s: want a JSON object", what)
	}
	var out []member
	for it := rawjson.Over(text); it.Next(); {
		m := member{Key: string(it.Name), Value: json.RawMessage(it.Value), Start: it.At}
		for _, old := range out {
			if strings.EqualFold(old.Key, m.Key) {
				return nil, fault.New(fault.Invalid, "%s: %q stands twice", what, m.Key)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// element is one element of a JSON array with its place.
type element struct {
	Value json.RawMessage
	Start int
}

func elements(text []byte, what string) ([]element, error) {
	if len(text) == 0 || text[0] != '[' {
		return nil, fault.New(fault.Invalid, "%s: want a JSON list", what)
	}
	var out []element
	for it := rawjson.Over(text); it.Next(); {
		out = append(out, element{Value: json.RawMessage(it.Value), Start: it.At})
	}
	return out, nil
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
