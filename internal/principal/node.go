package principal

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// node is a value of a document, whether that was a text or values of Go.
type node struct {
	kind    byte     // '{', '[', or 't' for a text, number or truth value; 0 for null
	text    string   // of 't', as IAM reads it
	members []member // of '{'
	list    []node   // of '['
	raw     []byte   // as it stands in the text
	start   int      // where it begins there; from the object or list around it
}

// member is one key of an object.
type member struct {
	Key string
	node
}

// read gives the node of a text that has been checked.
func read(raw []byte, start int) (node, error) {
	n := node{raw: raw, start: start}
	switch raw[0] {
	case '{':
		n.kind = '{'
		for it := rawjson.Over(raw); it.Next(); {
			of, err := read(it.Value, it.At)
			if err != nil {
				return node{}, err
			}
			n.members = append(n.members, member{string(it.Name), of})
		}
	case '[':
		n.kind = '['
		for it := rawjson.Over(raw); it.Next(); {
			of, err := read(it.Value, it.At)
			if err != nil {
				return node{}, err
			}
			n.list = append(n.list, of)
		}
	case '"':
		n.kind = 't'
		if err := json.Unmarshal(raw, &n.text); err != nil {
			return node{}, fault.Wrap(fault.Invalid, err, "policy")
		}
	case 'n':
	default:
		n.kind, n.text = 't', string(raw) // 12, true: IAM reads them as texts
	}
	return n, nil
}

// nodeOf gives the node of a value: members in the order of their names.
func nodeOf(v any) (n node, err error) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		n.kind = '{'
		for _, name := range slices.Sorted(maps.Keys(v)) {
			of, err := nodeOf(v[name])
			if err != nil {
				return n, err
			}
			n.members = append(n.members, member{name, of})
		}
	case []any:
		n.kind = '['
		for _, e := range v {
			of, err := nodeOf(e)
			if err != nil {
				return n, err
			}
			n.list = append(n.list, of)
		}
	case string:
		n.kind, n.text = 't', v
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return n, fault.Wrap(fault.Invalid, err, "policy: a value of type %T", v)
		}
		n.kind, n.text = 't', string(text)
	}
	return n, nil
}

// object gives the members of an object. A key that stands twice is refused, whatever its case: two readers of such a document
// may each believe another one, and a decision about access must not depend on which.
func (n node) object(what string) ([]member, error) {
	if n.kind != '{' {
		return nil, fault.New(fault.Invalid, "%s: want a JSON object", what)
	}
	seen := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		low := strings.ToLower(m.Key)
		if seen[low] {
			return nil, fault.New(fault.Invalid, "%s: %q stands twice", what, m.Key)
		}
		seen[low] = true
	}
	return n.members, nil
}

// texts reads a string, number or truth value, or a list of them, as IAM lets either stand.
func (n node) texts(what string) ([]string, error) {
	if n.kind != '[' {
		s, err := n.scalar(what)
		if err != nil {
			return nil, err
		}
		return []string{s}, nil
	}
	out := make([]string, 0, len(n.list))
	for _, e := range n.list {
		s, err := e.scalar(what)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (n node) scalar(what string) (string, error) {
	if n.kind != 't' {
		return "", fault.New(fault.Invalid, "%s: want a text or a list of texts", what)
	}
	return n.text, nil
}
