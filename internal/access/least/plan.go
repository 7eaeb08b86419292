package least

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// Options say what is needed, and how it is written.
type Options struct {
	Used     []Use
	Declared []Declared
	Logged   []string // services of which the log has all data events, by the name before the colon of their actions
	Drop     bool     // leave out what the log cannot show and nobody declared
	Inline   bool     // write it into the principal, not as managed policies
	Days     int      // that the log covers; 0: not known
}

// Plan is a smaller policy and why.
type Plan struct {
	Subject  *Subject
	Policies []*Text   // in place of all that is attached now
	Grants   []Grant   // each action that was granted, by name
	Services []Service // added up
	Lost     []string  // actions that were used, and that no policy here allows
	Before   Measure
	After    Measure
	Proved   int      // uses that were held against the policies before and after
	Notes    []string // what a person should know before it is applied
}

// Measure is how large policies are.
type Measure struct {
	Actions, Statements, Policies int
	Characters                    int // without white space, of all policies together
}

// Grant is one action that was granted, and what becomes of it.
type Grant struct {
	Action string
	Level  names.Level
	Reason Reason
	Why    string    `json:",omitempty"` // of one that cannot be judged
	Count  int       `json:",omitempty"` // calls that were let through
	Last   time.Time `json:",omitzero"`
}

// Stays reports whether it is granted after, too.
func (g Grant) Stays() bool { return g.Reason != Unused && g.Reason != Dropped }

// Change is what the plan changes, for whoever applies it and undoes it.
type Change struct {
	Principal string
	Kind      Kind
	Holders   []string // ARNs of users and roles that get it
	Before    []estate.Held
	After     []*Text
}

// Change gives the change of a plan.
func (p *Plan) Change() Change {
	return Change{p.Subject.Principal, p.Subject.Kind, p.Subject.Holders, p.Subject.Policies, p.Policies}
}

// Reduce makes the smaller policy. An error is fault.Invalid where a policy or a use cannot be, and fault.Internal where what was written
// would not do, so that it is never handed out.
func Reduce(s *Subject, o Options) (*Plan, error) {
	for _, u := range o.Used {
		if wrong := u.wrong(); wrong != "" {
			return nil, fault.New(fault.Invalid, "a use: %s", wrong)
		}
	}
	st, err := read(s.Policies)
	if err != nil {
		return nil, err
	}
	granted := st.granted()
	n := needs{}
	n.use(o.Used)
	n.declare(o.Declared, granted)
	left := n.unseen(granted, o.Logged, o.Drop)
	parts := narrow(st, n)
	p := &Plan{Subject: s, Before: measureOf(documentsOf(s.Policies), granted)}
	if err := p.fit(parts, o); err != nil {
		return nil, err
	}
	if err := p.prove(o.Used); err != nil {
		return nil, err
	}
	p.judge(granted, n, left, o)
	p.Lost = lostOf(parts, o.Used)
	if granted.has(open().at[passRole]) && n.named(passRole) {
		p.Notes = append(p.Notes, "iam:PassRole is left for the roles that were seen to be passed: not every service's calls name the role")
	}
	p.note(o)
	return p, p.measure()
}

func documentsOf(list []estate.Held) []*policy.Document {
	var out []*policy.Document
	for _, h := range list {
		out = append(out, h.Document)
	}
	return out
}

func measureOf(list []*policy.Document, granted set) Measure {
	m := Measure{Actions: granted.count(), Policies: len(list)}
	for _, d := range list {
		m.Statements += len(d.Statements)
		m.Characters += d.Size
	}
	return m
}

// Documents are the policies that are written.
func (p *Plan) Documents() []*policy.Document {
	var out []*policy.Document
	for _, t := range p.Policies {
		out = append(out, t.Document)
	}
	return out
}

// measure reads the policies again: what is counted is what stands there.
func (p *Plan) measure() error {
	var list []estate.Held
	for _, t := range p.Policies {
		list = append(list, estate.Held{Document: t.Document})
	}
	st, err := read(list)
	if err != nil {
		return err
	}
	p.After = measureOf(p.Documents(), st.granted())
	return nil
}

// judge says of each granted action what becomes of it.
func (p *Plan) judge(granted set, n needs, left map[string]Reason, o Options) {
	calls := map[string]Grant{}
	for _, u := range o.Used {
		if u.Went() {
			c := calls[strings.ToLower(u.Action)]
			c.Count += u.Count - u.Refused
			if u.Last.After(c.Last) {
				c.Last = u.Last
			}
			calls[strings.ToLower(u.Action)] = c
		}
	}
	granted.each(func(i int) {
		k := &open().all[i]
		g := calls[k.name]
		g.Action, g.Level, g.Reason = k.action.Name, k.action.Level, Unused
		if r, ok := left[k.name]; ok {
			g.Reason = r
		}
		for _, w := range n[k.name] {
			if slices.Index(order, w.why) < slices.Index(order, g.Reason) {
				g.Reason = w.why
			}
		}
		if g.Reason == Unseen || g.Reason == Dropped {
			g.Why = k.unseen.why()
		}
		p.Grants = append(p.Grants, g)
	})
	p.Services = sum(p.Grants)
}

func lostOf(parts *narrower, used []Use) []string {
	out := map[string]bool{}
	for _, u := range used {
		if parts.lost[strings.ToLower(u.Action)] {
			out[proper(u.Action)] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// note says what a person should know.
func (p *Plan) note(o Options) {
	say := func(format string, args ...any) { p.Notes = append(p.Notes, fmt.Sprintf(format, args...)) }
	kept, dropped, used := 0, 0, 0
	for _, g := range p.Grants {
		switch g.Reason {
		case Unseen:
			kept++
		case Dropped:
			dropped++
		case Used:
			used++
		case Stated, Companion, Unused:
		}
	}
	if used == 0 && len(o.Declared) == 0 {
		say("nothing that is granted was used: is the principal needed at all?")
	}
	if kept > 0 {
		say("%d actions that the log cannot show are kept as they were", kept)
	}
	if dropped > 0 {
		say("%d actions that the log cannot show are left out, used or not", dropped)
	}
	if o.Days > 0 && o.Days < 90 {
		say("the log covers %d days: what is done once a quarter is not in it", o.Days)
	}
	if len(p.Lost) > 0 {
		say("used, and allowed by none of these policies as they are now: %s", strings.Join(p.Lost, ", "))
	}
	for _, arn := range p.Subject.Unread {
		say("the text of %s is not known: it stays attached, and may allow more", arn)
	}
	groups := map[string]bool{}
	for _, h := range p.Subject.Policies {
		if h.Group != "" && !groups[h.Group] {
			groups[h.Group] = true
			say("it has policies from %s: the smaller policy is its own, and it has to leave the group", h.Group)
		}
	}
}
