package hunt

import (
	"hash/maphash"
	"math/bits"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// maxSubjects is how many subjects of days are told apart; 16 bytes each. With more the numbers of tickets are lower bounds.
const maxSubjects = 1 << 20

// Forecast gathers what rules would have led to, had they been there. Its memory is bounded whatever it takes.
type Forecast struct {
	seed     maphash.Seed
	days     map[int]*day // by day since 1970
	subjects int
	full     bool
	who      top
	accounts top
	rules    map[string]*ruleCount
}

type day struct {
	alerts   int64
	subjects map[uint64]struct{}
}

// ruleCount is what one rule would have led to.
type ruleCount struct {
	rule     *detect.Rule
	alerts   int64
	subjects map[uint64]struct{} // of days
	values   []top               // by traits
}

// NewForecast begins.
func NewForecast() *Forecast {
	return &Forecast{seed: maphash.MakeSeed(), days: map[int]*day{}, rules: map[string]*ruleCount{}, who: newTop(topNames), accounts: newTop(topNames)}
}

// trait is a field of events that tells the usual from the rest, and what it says in a filter.
type trait struct {
	field string
	who   bool // it says who it was
	of    func(*event.Event) string
}

// traits are the fields that noise is looked for in, the most telling first. What a rule is about (the call, the resource) is
// not among them: a filter on it would put out the rule. Nor is the account: to leave one out is what scopes are for.
func traits() []trait {
	return []trait{
		{"userIdentity.sessionContext.sessionIssuer.userName", true, func(e *event.Event) string { return e.Actor.IssuerName }},
		{"userIdentity.userName", true, func(e *event.Event) string { return e.Actor.UserName }},
		{"userIdentity.invokedBy", false, func(e *event.Event) string { return e.Actor.InvokedBy }},
		{"userAgent", false, func(e *event.Event) string { return e.UserAgent }},
		{"sourceIPAddress", false, func(e *event.Event) string { return e.SourceIP }},
	}
}

// Add takes a finding. What of it would be one ticket is what triage would join: findings about one subject.
func (f *Forecast) Add(h Hit) {
	e := h.Event
	subject := detect.Finding(e, h.Match, e.Time).Subject()
	number := dayOf(e.Time)
	d := f.days[number]
	if d == nil {
		d = &day{subjects: map[uint64]struct{}{}}
		f.days[number] = d
	}
	r := f.rules[h.Match.Rule.ID]
	if r == nil {
		r = &ruleCount{rule: h.Match.Rule, subjects: map[uint64]struct{}{}}
		for range traits() {
			r.values = append(r.values, newTop(topTraits))
		}
		f.rules[h.Match.Rule.ID] = r
	}
	d.alerts++
	r.alerts++
	f.note(d.subjects, maphash.String(f.seed, subject))
	f.note(r.subjects, maphash.Comparable(f.seed, struct {
		subject string
		day     int
	}{subject, number}))
	f.who.add(whoOf(e), number)
	f.accounts.add(e.Account, number)
	for i, t := range traits() {
		r.values[i].add(t.of(e), number)
	}
}

// note remembers a subject as long as there is room.
func (f *Forecast) note(in map[uint64]struct{}, key uint64) {
	if _, known := in[key]; known {
		return
	}
	if f.subjects >= maxSubjects {
		f.full = true
		return
	}
	f.subjects++
	in[key] = struct{}{}
}

func dayOf(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }

func dayName(number int) string {
	return time.Unix(int64(number)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// The sizes of a top: of names, and of one trait of one rule.
const (
	topNames  = 4096
	topTraits = 256
	maxText   = 256 // bytes of a name; longer ones are not counted: a part of one would be no use in a filter
)

// top counts the most frequent names (Misra and Gries 1982): exact until there are more different ones than it has room for, and
// after that never too high, and too low by at most the number of all divided by the room.
type top struct {
	room  int
	names map[string]*often
}

type often struct {
	count int64
	days  [8]uint64 // a bit for each day, by its number modulo 512
}

func newTop(room int) top { return top{room, map[string]*often{}} }

func (t *top) add(name string, day int) {
	if name == "" || len(name) > maxText {
		return
	}
	o := t.names[name]
	if o == nil && len(t.names) >= t.room {
		for n, other := range t.names {
			if other.count--; other.count == 0 {
				delete(t.names, n)
			}
		}
		return
	}
	if o == nil {
		o = &often{}
		t.names[name] = o
	}
	o.count++
	o.days[day>>6&7] |= 1 << (day & 63)
}

// onDays is on how many days the name was seen.
func (o *often) onDays() (n int) {
	for _, w := range o.days {
		n += bits.OnesCount64(w)
	}
	return n
}
