package tie

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"jobzero/internal/access/holding"
	"jobzero/internal/principal/person"
)

// Move is what somebody has who came to another team.
type Move struct {
	Person person.Person `json:"-"`
	Team   string        `json:"team"`
	Peers  int           `json:"peers"` // of the new team, whose principals are known
	Keep   []Grant       `json:"keep"`  // somebody of the new team has it too
	Go     []Grant       `json:"go"`    // nobody of the new team has it; unknown when there are no peers
}

// Grant is something that is given to people: a group, a policy, an assignment.
type Grant struct {
	What    string `json:"what"`
	ID      string `json:"id"`
	Account string `json:"account,omitempty"`
	Peers   int    `json:"peers"` // how many of the new team have it
}

// Unit is the team that somebody is in, or else the department.
func Unit(p *person.Person) string { return cmp.Or(p.Team, p.Department) }

// Mover holds what somebody has against what those have who are in his team now.
func (b *Book) Mover(p person.Person, w *holding.World, joins []Join, now time.Time) Move {
	m := Move{Person: p, Team: Unit(&p)}
	of := map[person.ID][]Join{}
	for _, j := range joins {
		if j.Sure != Perhaps && (j.Kind == User || j.Kind == Seat) {
			of[j.Person] = append(of[j.Person], j)
		}
	}
	peers := map[Grant]int{}
	for i := range b.people {
		q := &b.people[i]
		if q.ID == p.ID || person.Key(Unit(q)) != person.Key(m.Team) || q.State(now) != person.Here || len(of[q.ID]) == 0 {
			continue
		}
		m.Peers++
		for g := range given(w, of[q.ID]) {
			peers[g]++
		}
	}
	mine := slices.SortedFunc(maps.Keys(given(w, of[p.ID])), func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Account, b.Account))
	})
	for _, g := range mine {
		n := peers[g]
		g.Peers = n
		if n > 0 {
			m.Keep = append(m.Keep, g)
		} else {
			m.Go = append(m.Go, g)
		}
	}
	return m
}

// given is what the principals of somebody have, each once.
func given(w *holding.World, joins []Join) map[Grant]bool {
	out := map[Grant]bool{}
	for _, j := range joins {
		if u := w.Users[j.Principal]; j.Kind == User && u != nil {
			for _, g := range u.Groups {
				out[Grant{What: "group", ID: g, Account: u.Account}] = true
			}
			for _, p := range u.Policies {
				out[Grant{What: "policy", ID: p, Account: u.Account}] = true
			}
		}
		if j.Kind != Seat {
			continue
		}
		assigned := w.Of(j.Principal)
		for _, m := range w.In(j.Principal) {
			out[Grant{What: "Identity Center group", ID: cmp.Or(w.Groups[m.Group].Name, m.Group)}] = true
			assigned = append(assigned[:len(assigned):len(assigned)], w.Of(m.Group)...)
		}
		for _, a := range assigned {
			out[Grant{What: "assignment", ID: a.Set, Account: a.Account}] = true
		}
	}
	return out
}
