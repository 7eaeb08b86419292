package claim

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/principal"
	"jobzero/internal/rawjson"
)

// Object is one JSON object of a vendor's, read member by member. The first thing that is wrong is kept with its path, and
// then everything reads as empty: a parser asks for all that it wants and looks at Err once.
type Object struct {
	Raw  rawjson.Value // as it was written; empty when there is none
	path string        // of the object, with a dot at its end; empty for the document
	doc  *document
}

type document struct {
	err  error
	fold bool // the first letter of names may be a capital
}

// Read checks that raw is one JSON object.
func Read(raw []byte) Object { return read(raw, &document{}) }

// ReadFolded does as Read, for vendors who write accountId in one place and AccountId in another. Ask for accountId.
func ReadFolded(raw []byte) Object { return read(raw, &document{fold: true}) }

func read(raw []byte, doc *document) Object {
	if err := rawjson.Object(raw, nil); err != nil {
		doc.err = fault.Wrap(fault.Invalid, err, "broken record")
	}
	return Object{Raw: bytes.TrimSpace(raw), doc: doc}
}

// ReadMany checks that raw is an object, or an array of them; there is always at least one, if only to ask for its Err.
func ReadMany(raw []byte) []Object {
	doc := &document{}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		return []Object{read(raw, doc)}
	}
	if err := rawjson.Array(raw, nil); err != nil {
		doc.err = fault.Wrap(fault.Invalid, err, "broken record")
	}
	all := Object{doc: doc}.elements("", raw)
	if len(all) == 0 {
		all = []Object{{doc: doc}}
		all[0].Fail("the list", "is empty")
	}
	return all
}

// Err is the first thing that was wrong in the whole document.
func (o Object) Err() error { return o.doc.err }

// Fail says what is wrong with a member.
func (o Object) Fail(name, format string, args ...any) {
	if o.doc.err == nil {
		o.doc.err = fault.New(fault.Invalid, "%s%s %s", o.path, name, fmt.Sprintf(format, args...))
	}
}

// Has reports whether there is such a member and it is not null.
func (o Object) Has(name string) bool { return !o.get(name).IsNull() }

// get is the value of a member, empty when there is none.
func (o Object) get(name string) (v rawjson.Value) {
	if o.doc.err != nil {
		return nil
	}
	for it := rawjson.Over(o.Raw); it.Next(); {
		if !o.doc.same(it.Name, name) {
			continue
		}
		if v != nil {
			o.Fail(name, "stands in the record twice")
			return nil
		}
		v = it.Value
	}
	return v
}

// same compares a member's name with the one that is wanted.
func (d *document) same(name []byte, want string) bool {
	if string(name) == want {
		return true
	}
	return d.fold && len(name) == len(want) && len(name) > 0 && name[0] == want[0]-'a'+'A' && string(name[1:]) == want[1:]
}

func (o Object) wrong(name, want string, v rawjson.Value) {
	o.Fail(name, "is of type %s, want %s", v.Kind(), want)
}

// Text is an optional string; null is as good as absent.
func (o Object) Text(name string) string {
	v := o.get(name)
	if v.IsNull() {
		return ""
	}
	s, ok := v.Text()
	if !ok {
		o.wrong(name, "string", v)
	}
	return s
}

// Need is a string that must be there and say something.
func (o Object) Need(name string) string {
	s := o.Text(name)
	if strings.TrimSpace(s) == "" {
		o.Fail(name, "is missing")
	}
	return s
}

// Account is a twelve-digit account that must be there.
func (o Object) Account(name string) string {
	s := o.Need(name)
	if !principal.IsAccount(s) {
		o.Fail(name, "%.40q is no twelve-digit account", s)
	}
	return s
}

// Region is an optional region. It is part of the keys of resources, so nothing else may stand there.
func (o Object) Region(name string) string {
	s := o.Text(name)
	if !IsRegion(s) {
		o.Fail(name, "%.60q is no region", s)
		return ""
	}
	return s
}

// IsRegion reports whether s may stand for a region; an empty one may.
func IsRegion(s string) bool { return isWord(s, "-") && len(s) <= 40 }

// Flag is an optional boolean.
func (o Object) Flag(name string) bool {
	v := o.get(name)
	if !v.IsNull() && v.Kind() != "boolean" {
		o.wrong(name, "boolean", v)
	}
	return string(v) == "true"
}

// Number is an optional number; false when it is not there.
func (o Object) Number(name string) (float64, bool) {
	v := o.get(name)
	if v.IsNull() {
		return 0, false
	}
	if v.Kind() != "number" {
		o.wrong(name, "number", v)
		return 0, false
	}
	n, err := strconv.ParseFloat(string(v), 64)
	if err != nil {
		o.Fail(name, "%.40s is out of range", v)
		return 0, false
	}
	return n, true
}

// Severity is one of our five words in any case of letters.
func (o Object) Severity(name string) finding.Severity {
	word := o.Need(name)
	s, err := finding.ParseSeverity(strings.ToLower(word))
	if err != nil {
		o.Fail(name, "%.40q is none of informational, low, medium, high and critical", word)
	}
	return s
}

// Object is an optional object; where it is absent, so are its members.
func (o Object) Object(name string) Object {
	v := o.get(name)
	if v.IsNull() {
		v = nil
	} else if v.Kind() != "object" {
		o.wrong(name, "object", v)
		v = nil
	}
	return Object{Raw: v, path: o.path + name + ".", doc: o.doc}
}

// List is an optional array of objects.
func (o Object) List(name string) []Object { return o.elements(name, o.array(name)) }

// First is the first object of an optional array, an absent one when there is none.
func (o Object) First(name string) Object {
	if all := o.List(name); len(all) > 0 {
		return all[0]
	}
	return Object{path: o.path + name + "[0].", doc: o.doc}
}

// Texts is an optional array of strings.
func (o Object) Texts(name string) (all []string) {
	for it := rawjson.Over(o.array(name)); it.Next(); {
		s, ok := it.Value.Text()
		if !ok {
			o.wrong(name+"[]", "string", it.Value)
		}
		all = append(all, s)
	}
	return all
}

// Tags are a resource's tags in any of the shapes that vendors give them: an object, or a list of keys or names with values.
func (o Object) Tags(name string) map[string]string {
	tags := map[string]string{}
	if v := o.get(name); v.Kind() == "object" {
		for it := rawjson.Over(v); it.Next(); {
			tags[string(it.Name)], _ = it.Value.Text()
		}
	} else {
		for _, t := range o.List(name) {
			tags[t.Text("key")+t.Text("name")] = t.Text("value")
		}
	}
	if len(tags) == 0 {
		return nil
	}
	return tags
}

func (o Object) array(name string) rawjson.Value {
	v := o.get(name)
	if v.IsNull() {
		return nil
	}
	if v.Kind() != "array" {
		o.wrong(name, "array", v)
		return nil
	}
	return v
}

func (o Object) elements(name string, list rawjson.Value) (all []Object) {
	if o.doc.err != nil {
		return nil
	}
	for it := rawjson.Over(list); it.Next(); {
		at := name + "[" + strconv.Itoa(len(all)) + "]"
		if it.Value.Kind() != "object" {
			o.wrong(at, "object", it.Value)
			return nil
		}
		all = append(all, Object{Raw: it.Value, path: o.path + at + ".", doc: o.doc})
	}
	return all
}

// isWord reports whether s has letters, digits and some others only; an empty one has.
func isWord(s, others string) bool {
	for _, c := range []byte(s) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}
