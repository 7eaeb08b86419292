package ocsf

import (
	"net/netip"
	"slices"
	"strconv"

	"jobzero/internal/rawjson"
)

// rest is the members of a record that no attribute has taken yet. What is left at the end is unmapped.
type rest struct {
	members []member
	inner   []*rest
	prefix  string // dotted path of the object, with the dot
}

type member struct {
	name  string
	value rawjson.Value
	taken bool
}

// open takes a record apart; false when it is no JSON object.
func open(raw []byte) (*rest, bool) {
	const usual = 32 // members of a record
	r := &rest{members: make([]member, 0, usual)}
	err := rawjson.Object(raw, func(key []byte, v rawjson.Value) error {
		r.add(key, v)
		return nil
	})
	if err != nil {
		return &rest{}, false
	}
	return r, true
}

func (r *rest) add(name []byte, v rawjson.Value) {
	r.members = append(r.members, member{name: string(name), value: v})
}

// means reports whether a name is the one of a key, which has small letters and digits alone: "Remote IP", remoteip and
// remote_ip are one field.
func means(name, key string) bool {
	at := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			continue
		}
		if at == len(key) || key[at] != c {
			return false
		}
		at++
	}
	return at == len(key)
}

// find gives the first member of one of the keys.
func (r *rest) find(keys ...string) *member {
	for _, k := range keys {
		for i := range r.members {
			if m := &r.members[i]; !m.taken && means(m.name, k) {
				return m
			}
		}
	}
	return nil
}

// drop takes members whose value stands elsewhere in the view.
func (r *rest) drop(keys ...string) {
	for _, k := range keys {
		if m := r.find(k); m != nil {
			m.taken = true
		}
	}
}

// parsed takes members whose value the parser of the record has read into the event: under exactly this name.
func (r *rest) parsed(names ...string) {
	for i := range r.members {
		if m := &r.members[i]; slices.Contains(names, m.name) {
			m.taken = true
		}
	}
}

// text takes a text, or a number as it was written. A dash stands for nothing in the logs that are lines.
func (r *rest) text(keys ...string) string {
	m := r.find(keys...)
	if m == nil {
		return ""
	}
	s, ok := m.value.Text()
	if !ok && m.value.Kind() == "number" {
		s, ok = string(m.value), true
	}
	if !ok {
		return ""
	}
	m.taken = true
	if s == "-" {
		return ""
	}
	return s
}

// whole takes a number without a fraction, be it written as a text; nil when it is none, and then it is left.
func (r *rest) whole(keys ...string) *int64 {
	m := r.find(keys...)
	if m == nil {
		return nil
	}
	s, ok := m.value.Text()
	if !ok {
		s = string(m.value)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil
	}
	m.taken = true
	return &n
}

// port takes what is a port.
func (r *rest) port(keys ...string) *int64 {
	m := r.find(keys...)
	n := r.whole(keys...)
	if n != nil && (*n < 0 || *n > 65535) {
		m.taken = false
		return nil
	}
	return n
}

// address takes what is an IP address, without a zone; anything else is left.
func (r *rest) address(keys ...string) string {
	m := r.find(keys...)
	if m == nil {
		return ""
	}
	s, ok := m.value.Text()
	if !ok || !isAddress(s) {
		return ""
	}
	m.taken = true
	return s
}

func isAddress(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

// flag takes a boolean, be it written as a text.
func (r *rest) flag(keys ...string) *bool {
	m := r.find(keys...)
	if m == nil {
		return nil
	}
	s, ok := m.value.Text()
	if !ok {
		s = string(m.value)
	}
	if s != "true" && s != "false" {
		return nil
	}
	m.taken = true
	yes := s == "true"
	return &yes
}

// any takes a value of any kind but null.
func (r *rest) any(keys ...string) JSON {
	m := r.find(keys...)
	if m == nil || m.value.IsNull() {
		return ""
	}
	m.taken = true
	return JSON(m.value)
}

// peek looks at a value of any kind but null and leaves it.
func (r *rest) peek(key string) JSON {
	m := r.find(key)
	if m == nil || m.value.IsNull() {
		return ""
	}
	return JSON(m.value)
}

// object goes into a member; what nobody takes of it stands under its path. Without such an object it gives an empty one.
func (r *rest) object(key string) *rest {
	m := r.find(key)
	if m == nil || m.value.Kind() != "object" {
		return &rest{}
	}
	m.taken = true
	in := &rest{prefix: r.prefix + m.name + "."}
	for it := rawjson.Over(m.value); it.Next(); {
		in.add(it.Name, it.Value)
	}
	r.inner = append(r.inner, in)
	return in
}

// texts takes a list that holds nothing but texts.
func (r *rest) texts(key string) []string {
	m := r.find(key)
	if m == nil || m.value.Kind() != "array" {
		return nil
	}
	var out []string
	for it := rawjson.Over(m.value); it.Next(); {
		s, ok := it.Value.Text()
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	m.taken = true
	return out
}

// exact takes a text as it stands, a dash too.
func (r *rest) exact(key string) string {
	m := r.find(key)
	if m == nil {
		return ""
	}
	s, ok := m.value.Text()
	m.taken = ok
	return s
}

// keep gives back a text that was taken as one of the keys and found no place. An empty one is not kept.
func (r *rest) keep(text string, keys ...string) {
	if text == "" {
		return
	}
	for i := range r.members {
		if m := &r.members[i]; m.taken && slices.ContainsFunc(keys, func(k string) bool { return means(m.name, k) }) {
			m.taken = false
			return
		}
	}
}

// reset gives back everything that was taken of an object.
func (r *rest) reset() {
	for i := range r.members {
		r.members[i].taken = false
	}
}

// left is what nobody took, by its dotted path. Nulls and dashes say that there is nothing: they are not kept.
func (r *rest) left() map[string]JSON {
	out := map[string]JSON{}
	r.gather(out)
	if len(out) == 0 {
		return nil
	}
	return out
}

func (r *rest) gather(out map[string]JSON) {
	for _, m := range r.members {
		if !m.taken && !m.value.IsNull() && string(m.value) != `"-"` {
			out[r.prefix+m.name] = JSON(m.value)
		}
	}
	for _, in := range r.inner {
		in.gather(out)
	}
}
