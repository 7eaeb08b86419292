package intel

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// maxTexts is how many texts of one record are looked up in depth.
const maxTexts = 2000

// found is an indicator that names what stands in a field.
type found struct {
	row   uint32
	field string
	said  string
}

// Detect gives what is known to be bad about a record, as of the time that it tells: it makes a set an Engine.
func (s *Set) Detect(r *event.Record) []detect.Match { return s.Match(r, time.Time{}) }

// Match is Detect as of a time; a zero one is that of the record. There is one match for each value that indicators name, its level
// that of the surest of them, in the order of their ids. A record that is no JSON has none.
func (s *Set) Match(r *event.Record, at time.Time) []detect.Match {
	if len(s.rows) == 0 || !r.Scanned() && rawjson.Object(r.Raw, nil) != nil {
		return nil
	}
	var hits []found
	s.each(r, func(k Kind, field string, text []byte) {
		s.look(k, text, func(row uint32) { hits = append(hits, found{row, field, string(text)}) })
	})
	if len(s.scanned) > 0 {
		all := s.observe(r)
		for _, n := range s.scanned {
			if s.tests[s.rows[n].test-1].holds(all) {
				hits = append(hits, found{row: n, field: "the record", said: "what the pattern asks for"})
			}
		}
	}
	if len(hits) == 0 {
		return nil
	}
	return s.matches(r, at, hits)
}

// each calls look for every text of a record that names somebody or something outside.
func (s *Set) each(r *event.Record, look func(k Kind, field string, text []byte)) {
	wants := func(k Kind) bool { return s.has[k] > 0 || s.wanted[k] }
	if r.Log != event.CloudTrail {
		for _, p := range places[r.Log] {
			if wants(p.kind) {
				reach(r.Raw, p.path, func(text []byte) { s.list(p.kind, text, func(one []byte) { look(p.kind, p.path, one) }) })
			}
		}
		if r.Log == event.WAF {
			headers(r.Raw, wants, look)
		}
		return
	}
	for i := range trail {
		p := &trail[i]
		if !wants(p.kind) {
			continue
		}
		if text, ok := textOf(r.Part(p.slot)); ok {
			look(p.kind, p.slot.String(), text)
		}
	}
	if !s.deep {
		return
	}
	left := maxTexts
	for _, slot := range callers {
		deepTexts(r.Part(slot), &left, func(text []byte) {
			k := ShapeOf(string(text))
			if k != Nothing && wants(k) {
				look(k, slot.String(), text)
			}
			if u, err := url.Parse(string(text)); k == URL && err == nil && wants(Domain) {
				look(Domain, slot.String(), []byte(u.Hostname()))
			}
		})
	}
}

// list cuts a field of several addresses, such as x-forwarded-for.
func (*Set) list(k Kind, text []byte, each func(one []byte)) {
	if k != Address || !strings.ContainsRune(string(text), ',') {
		each(text)
		return
	}
	for one := range strings.SplitSeq(string(text), ",") {
		each([]byte(strings.TrimSpace(one)))
	}
}

// headers reads those of a request that WAF saw.
func headers(raw rawjson.Value, wants func(Kind) bool, look func(k Kind, field string, text []byte)) {
	for it := rawjson.Over(member(member(raw, "httpRequest"), "headers")); it.Next(); {
		name, _ := member(it.Value, "name").Text()
		text, ok := textOf(member(it.Value, "value"))
		switch field := "httpRequest.headers " + name; {
		case !ok:
		case strings.EqualFold(name, "user-agent") && wants(UserAgent):
			look(UserAgent, field, text)
		case strings.EqualFold(name, "host") && wants(Domain):
			look(Domain, field, text)
		}
	}
}

// observe gives everything that patterns may ask about.
func (s *Set) observe(r *event.Record) []observed {
	var out []observed
	s.each(r, func(k Kind, field string, text []byte) {
		o := observed{kind: k, field: field, said: string(text)}
		switch k {
		case Address:
			a, err := netip.ParseAddr(o.said)
			if err != nil {
				return
			}
			o.addr = a.Unmap()
			o.text = o.addr.String()
		case Email:
			o.text = string(tail([]byte(strings.ToLower(o.said))))
		default:
			var err error
			if o.text, err = normal(k, o.said); err != nil {
				o.text = o.said
			}
		}
		out = append(out, o)
	})
	return out
}

// matches makes matches of what was found, without what is not valid at the time or whose pattern does not hold.
func (s *Set) matches(r *event.Record, at time.Time, hits []found) []detect.Match {
	if at.IsZero() {
		at = timeOf(r)
	}
	var all []observed
	by := map[string]*detect.Match{}
	var out []*detect.Match
	for _, h := range hits {
		i := s.at(h.row)
		if !i.valid(at) {
			continue
		}
		if i.test != nil {
			if all == nil {
				all = s.observe(r)
			}
			if !i.test.holds(all) {
				continue
			}
		}
		key := i.Kind.String() + "/" + i.Value
		m := by[key]
		if m == nil {
			m = &detect.Match{Rule: i.rule()}
			by[key] = m
			out = append(out, m)
		}
		if level := i.Severity(); level.Rank() > m.Rule.Level.Rank() {
			m.Rule.Level = level
		}
		if why := i.reason(h); len(m.Why) < mostReasons && !slices.ContainsFunc(m.Why, func(w detect.Reason) bool { return w.Search == why.Search }) {
			m.Why = append(m.Why, why)
		}
	}
	slices.SortFunc(out, func(a, b *detect.Match) int { return cmp.Compare(a.Rule.ID, b.Rule.ID) })
	var result []detect.Match
	for _, m := range out {
		result = append(result, *m)
	}
	return result
}

// mostReasons is how many indicators of one value are named in a match.
const mostReasons = 5

// rule is what a match of the indicator says about itself. Its id names the value, so that a finding is about one thing and one
// principal.
func (i Indicator) rule() *detect.Rule {
	what := map[Kind]string{
		Nothing: "a pattern", Address: "an address", Domain: "a name", URL: "a URL", Hash: "a file", Email: "an e-mail address", UserAgent: "a program",
		AccessKey: "an access key", Account: "an account", User: "a user",
	}[i.Kind]
	r := &detect.Rule{
		ID: "intel/" + i.Kind.String() + "/" + cut(i.Value), Name: "intel-" + i.Kind.String(), Status: "stable", Level: i.Severity(),
		Title: "Threat intelligence knows " + what + ": " + cut(i.Value), Description: i.Note, Author: i.Source,
		File:   fmt.Sprintf("%s:%d", i.Source, i.Line),
		Answer: detect.Answer{Person: "Look at who says so and how sure they are, then at everything else that this principal and this " + i.Kind.String() + " did."},
	}
	if i.Kind == AccessKey {
		r.Subject = detect.AccessKey
	}
	return r
}

// reason says which indicator it was.
func (i Indicator) reason(h found) detect.Reason {
	var b strings.Builder
	b.WriteString("indicator")
	if i.ID != "" {
		b.WriteString(" " + i.ID)
	}
	b.WriteString(" of " + i.Source)
	if i.Confidence != Unsaid {
		fmt.Fprintf(&b, ", confidence %d", i.Confidence)
	}
	if !i.Until.IsZero() {
		b.WriteString(", valid until " + i.Until.Format(time.DateOnly))
	}
	if i.Note != "" {
		b.WriteString(" (" + i.Note + ")")
	}
	return detect.Reason{Search: b.String(), Matched: true, Tests: []detect.Test{{Field: h.field, Want: i.Value, Got: cut(h.said), Matched: true}}}
}
