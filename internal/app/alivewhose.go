package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/tie"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// takenOn is what somebody has of the sessions of one name.
type takenOn struct {
	join  tie.Join
	all   []lineage.Session // his, and those that may be his
	doubt string            // why software does not end them
}

// shared says whose the sessions of a name are, by person; without one: somebody's who is not known.
func (n *namesakes) shared(whose func(lineage.Session) tie.Join) map[person.ID]*takenOn {
	out := map[person.ID]*takenOn{}
	for _, s := range n.all {
		j := whose(s)
		t := out[j.Person]
		if t == nil {
			t = &takenOn{join: j}
			out[j.Person] = t
		}
		if t.all = append(t.all, s); j.Sure == tie.Perhaps {
			t.join, t.doubt = j, "perhaps his: "+j.Reason
		}
	}
	for _, t := range out {
		switch {
		case t.doubt != "":
		case len(out) > 1:
			t.doubt = "others have sessions of this name too, which would end with his"
		case t.all[0].Role == "":
			t.doubt = "AWS has no way to end a session of a root user"
		}
	}
	return out
}

// belongs brings the sessions to those whose they are. What only may be somebody's, or is another's too, leaves it open: a person ends it.
// It gives those of roles of Identity Center, which nobody can change by themselves, by person.
func (s *survey) belongs() map[person.ID][]*takenOn {
	seated := map[person.ID][]*takenOn{}
	for _, arn := range slices.Sorted(maps.Keys(s.live.names)) {
		n := s.live.names[arn]
		for id, t := range n.shared(func(x lineage.Session) tie.Join { return s.live.roots.Whose(s.book, x) }) {
			if s.of[id] == nil {
				continue
			}
			if n.seats {
				if t.all = tie.Living(t.all, n.role, n.rights, t.join.Numbered(), s.live.at); len(t.all) == 0 {
					continue
				}
			}
			if s.of[id].has(t, s.house.config.Watch().Has(t.all[0].Account)) && n.seats {
				seated[id] = append(seated[id], t)
			}
		}
	}
	return seated
}

// has notes sessions of somebody's. It reports whether software may end them.
func (l *left) has(t *takenOn, watched bool) bool {
	first, what := t.all[0], words(t.all)
	thing := tie.Thing{What: "session", ID: first.ARN, Principal: t.join.Principal, Account: first.Account, Works: true, Sure: t.join.Sure}
	defer func() { l.Things = append(l.Things, thing) }()
	switch {
	case t.doubt != "":
		l.Unsure = append(l.Unsure, what+": "+t.doubt)
		return false
	case !watched:
		l.Unsure = append(l.Unsure, what+": nobody here may end it, because the account is not watched")
		return false
	}
	if thing.Action = tie.Ends(first.ARN); strings.HasPrefix(first.Role, tie.Reserved) {
		return true
	}
	ref := resource.Ref{Type: resource.Role, Account: first.Account, ID: first.Role}
	l.Remains = append(l.Remains, what)
	l.holdings = append(l.holdings, held{word: heldSession, ref: ref, arn: first.ARN, text: what, sure: t.join, of: first.Name, data: leaseOf(t.join, t.all)})
	return true
}

// words says of sessions of one role and name, or of several roles, when they began and how long they last.
func words(all []lineage.Session) string {
	first, last := span(all)
	s := all[0]
	what := fmt.Sprintf("a session of role %s in %s that is called %s", s.Role, s.Account, s.Name)
	switch {
	case s.Role == "":
		what = "a session of the root user of " + s.Account
	case len(all) > 1:
		what = fmt.Sprintf("%d sessions of role %s in %s that are called %s", len(all), s.Role, s.Account, s.Name)
	}
	return fmt.Sprintf("%s, begun %s, lasts until %s", what, first.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339))
}

// span is when the first of some sessions was issued, and when the last ends.
func span(all []lineage.Session) (first, last time.Time) {
	first, last = all[0].Issued, all[0].Until
	for _, s := range all {
		if first = earlier(first, s.Issued); s.Until.After(last) {
			last = s.Until
		}
	}
	return first, last
}

// lease is what a finding about sessions keeps, so that they can be looked at again.
type lease struct {
	tie.Join
	Name  string    `json:"name"`           // of the sessions
	Roots []string  `json:"roots"`          // that are his
	Until time.Time `json:"until"`          // the last end that was known
	Set   string    `json:"set,omitempty"`  // by which permission set
	User  string    `json:"user,omitempty"` // his number in Identity Center; empty: he is not there any more
}

func leaseOf(j tie.Join, all []lineage.Session) lease {
	_, last := span(all)
	out := lease{Join: j, Name: all[0].Name, Until: last}
	for _, s := range all {
		if !slices.Contains(out.Roots, s.Root.ID) {
			out.Roots = append(out.Roots, s.Root.ID)
		}
	}
	if strings.HasPrefix(all[0].Role, tie.Reserved) {
		out.Set = setOf(all[0].Role)
		if j.Kind == tie.Seat {
			out.User = j.Principal
		}
	}
	return out
}
