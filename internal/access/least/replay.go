package least

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Proposal is a change of policies that is tried over what was done.
type Proposal struct {
	Identity map[string][]*policy.Document // by the ARN of a user or role: in place of all that is attached to it
	SCP      *policy.Document              // beside the service control policies there are; nil: none
	Accounts []string                      // that the SCP is for; none: all that are bound by such policies
}

// Missed is what a proposal would have refused.
type Missed struct {
	Principal, Action, Resource string
	Day                         string // of the last time, in UTC
	First                       time.Time
	Count                       int    // calls that were let through
	Perhaps                     bool   // it hangs on what is not known of the calls
	Because                     string // the statement that denies; empty: nothing allows it any more
}

// Replayed is a proposal held against what was done.
type Replayed struct {
	Missed []Missed
	Tried  int      // uses that were held against it
	Bound  int      // principals that it binds and that did something
	Blind  int      // uses that the policies as they are now do not allow either: something else did, or they have changed
	Gone   []string // principals that did something and are in no file
}

// Replay holds a proposal against the uses of principals since a time, by the ARN of the user, role or session. The zero time is always.
func Replay(e *estate.Estate, p Proposal, uses map[string][]Use, since time.Time) (*Replayed, error) {
	level, err := p.level()
	if err != nil {
		return nil, err
	}
	out := &Replayed{}
	bound := map[string]bool{}
	for _, who := range slices.Sorted(maps.Keys(uses)) {
		h, ok := e.Holder(who)
		if !ok {
			out.Gone = append(out.Gone, who)
			continue
		}
		if !p.binds(h) {
			continue
		}
		for _, u := range uses[who] {
			if !u.Went() || u.Last.Before(since) {
				continue
			}
			bound[h.ARN] = true
			out.Tried++
			if err := out.try(e, p, level, who, u); err != nil {
				return nil, err
			}
		}
	}
	out.Bound = len(bound)
	slices.SortStableFunc(out.Missed, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Day, b.Day))
	})
	out.Missed = joined(out.Missed)
	return out, nil
}

func (p *Proposal) binds(h *estate.Holder) bool {
	if _, ok := p.Identity[h.ARN]; ok {
		return true
	}
	return p.SCP != nil && (len(p.Accounts) == 0 || slices.Contains(p.Accounts, h.Account))
}

// full allows everything: what AWS attaches beside a service control policy that only denies.
const full = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// level is what the proposal adds to the levels of an organisation; none: nothing.
func (p *Proposal) level() ([]*policy.Document, error) {
	if p.SCP == nil {
		return nil, nil //nolint:nilnil // nothing is added
	}
	if slices.ContainsFunc(p.SCP.Statements, func(s *policy.Statement) bool { return s.Allow }) {
		return []*policy.Document{p.SCP}, nil
	}
	all, _, err := policy.Parse("FullAWSAccess.json", policy.SCP, []byte(full))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "read FullAWSAccess")
	}
	return []*policy.Document{p.SCP, all}, nil
}

// try decides over one use before and after.
func (r *Replayed) try(e *estate.Estate, p Proposal, level []*policy.Document, who string, u Use) error {
	h, _ := e.Holder(who)
	q := estate.Question{Action: u.Action, Resource: cmp.Or(u.Resource, "*")}
	was, err := e.Can(who, q)
	if err != nil {
		return err
	}
	part := u.Resource == "" || u.Resource != "*" && strings.HasSuffix(u.Resource, "*")
	if was.Outcome == access.ImplicitlyDenied && !part || was.Outcome == access.ExplicitlyDenied {
		r.Blind++
		return nil
	}
	is, err := e.Try(who, func(to *access.Policies) {
		if list, ok := p.Identity[h.ARN]; ok {
			to.Identity = list
		}
		if level != nil {
			to.SCPs = append(to.SCPs[:len(to.SCPs):len(to.SCPs)], level)
		}
	}, q)
	if err != nil {
		return err
	}
	m := Missed{Principal: h.ARN, Action: u.Action, Resource: u.Resource, Day: u.Last.UTC().Format(time.DateOnly), First: u.First, Count: u.Count - u.Refused, Perhaps: part}
	switch {
	case is.Outcome == access.ExplicitlyDenied:
		m.Because = is.By[0].Statement.Name()
	case is.Outcome == access.ImplicitlyDenied && was.Outcome != access.ImplicitlyDenied:
	case is.Outcome == access.Unknown && was.Outcome == access.Allowed:
		m.Perhaps = true
	case part && p.mayDeny(h.ARN, u):
		m.Perhaps = true
	default:
		return nil
	}
	r.Missed = append(r.Missed, m)
	return nil
}

// mayDeny reports whether a Deny of the proposal is about some of what a use was about that is known in part.
func (p *Proposal) mayDeny(arn string, u Use) bool {
	docs := p.Identity[arn]
	if p.SCP != nil {
		docs = append(docs[:len(docs):len(docs)], p.SCP)
	}
	w := aboutOf(u)
	for _, d := range docs {
		for _, s := range d.Statements {
			if s.Allow || !s.Names(strings.ToLower(u.Action)) {
				continue
			}
			if s.NotRes == nil && slices.ContainsFunc(s.Resources, func(r *policy.Pattern) bool { return r.Meets(w.about) }) ||
				s.NotRes != nil && !slices.ContainsFunc(s.NotRes, func(r *policy.Pattern) bool { return r.Covers(w.about) }) {
				return true
			}
		}
	}
	return false
}

// joined adds up what is the same but for how often, in a sorted list.
func joined(list []Missed) []Missed {
	var out []Missed
	for _, m := range list {
		if n := len(out) - 1; n >= 0 && out[n].Principal == m.Principal && out[n].Action == m.Action && out[n].Resource == m.Resource && out[n].Day == m.Day {
			out[n].Count += m.Count
			out[n].Perhaps = out[n].Perhaps && m.Perhaps
			if m.First.Before(out[n].First) {
				out[n].First = m.First
			}
			continue
		}
		out = append(out, m)
	}
	return out
}

// Missed holds a plan against uses: what it would have refused. Uses that it was made of are never among them.
func (p *Plan) Missed(e *estate.Estate, uses []Use) (*Replayed, error) {
	change := Proposal{Identity: map[string][]*policy.Document{}}
	for _, arn := range p.Subject.Holders {
		change.Identity[arn] = p.Documents()
	}
	return Replay(e, change, map[string][]Use{p.Subject.Holders[0]: uses}, time.Time{})
}
