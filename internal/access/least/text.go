package least

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Text is a policy as it is written, and read again.
type Text struct {
	Name     string
	JSON     []byte // indented, to be read
	Size     int    // characters without white space between its tokens, as AWS counts them
	Document *policy.Document
}

// text writes a statement in the order in which people read them.
func (s statement) text() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	member := func(name string, v any) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(plain(name))
		b.WriteByte(':')
		b.Write(plain(v))
	}
	if s.Sid != "" {
		member("Sid", s.Sid)
	}
	member("Effect", s.Effect)
	for _, list := range []struct {
		name  string
		texts []string
	}{{"Action", s.Action}, {"NotAction", s.NotAction}, {"Resource", s.Resource}, {"NotResource", s.NotResource}} {
		if len(list.texts) > 0 {
			member(list.name, one(list.texts))
		}
	}
	if len(s.Condition) > 0 {
		member("Condition", s.Condition)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// plain is JSON in which < and & stand as they are: AWS counts each letter.
func plain(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // texts only
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (s statement) size() int { return utf8.RuneCount(s.text()) }

// frame is what a policy has around its statements.
const frame = `{"Version":"2012-10-17","Statement":[]}`

// textOf writes a policy, and reads it again.
func textOf(name string, list []statement) (*Text, error) {
	var b bytes.Buffer
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i, s := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(s.text())
	}
	b.WriteString("]}")
	out := &Text{Name: name, Size: utf8.RuneCount(b.Bytes())}
	d, _, err := policy.Parse(name+".json", policy.Identity, b.Bytes())
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "read the policy that was written")
	}
	var wide bytes.Buffer
	if err := json.Indent(&wide, b.Bytes(), "", "  "); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "%s: write the policy", name)
	}
	wide.WriteByte('\n')
	out.JSON, out.Document = wide.Bytes(), d
	return out, nil
}

// pack puts statements into as few policies as it finds, none larger than most. Statements that are too long by themselves are cut in two; false
// where one cannot be.
func pack(list []statement, most int) ([][]statement, bool) {
	most -= len(frame)
	var out [][]statement
	var rooms []int
	queue := slices.Clone(list)
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		n := s.size() + 1
		if n > most {
			a, b, ok := s.halves()
			if !ok {
				return nil, false
			}
			queue = append([]statement{a, b}, queue...)
			continue
		}
		at := slices.IndexFunc(rooms, func(room int) bool { return room >= n })
		if at < 0 {
			out, rooms, at = append(out, nil), append(rooms, most), len(rooms)
		}
		out[at] = append(out[at], s)
		rooms[at] -= n
	}
	return out, true
}

// halves cuts a statement in two that say the same together.
func (s statement) halves() (a, b statement, ok bool) {
	a, b = s, s
	a.Sid, b.Sid = "", ""
	switch {
	case len(s.Resource) > 1 && len(s.Resource) >= len(s.Action):
		a.Resource, b.Resource = s.Resource[:len(s.Resource)/2], s.Resource[len(s.Resource)/2:]
	case len(s.Action) > 1:
		a.Action, b.Action = s.Action[:len(s.Action)/2], s.Action[len(s.Action)/2:]
	default:
		return a, b, false
	}
	return a, b, true
}
