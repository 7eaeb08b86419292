package reach

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// Radius is how far a credential reaches.
type Radius struct {
	Start      string
	Score      int
	Accounts   []Seized
	Principals []Become
	Resources  []Share
	Data       []Datum
	Stays      []Stay
	Cut        bool // the work was cut off by its limit: it is more

	walk *walk
}

// Seized is an account in which the credential reaches somebody.
type Seized struct {
	ID           string
	Administered policy.Truth // whether it becomes its administrator
	Principals   int          // users and roles for certain
	Perhaps      int          // and further ones perhaps
}

// Become is a user or role that the credential becomes.
type Become struct {
	ARN    string
	Steps  int
	Truth  policy.Truth
	Method string // of the last step
	From   string // whom it is taken from
}

// Share is how many resources of a type it can do something with; each count is of certain ones, Perhaps of those of which something is not certain.
type Share struct {
	Type                                    resource.Type
	Total                                   int // in the whole estate
	Sees, Reads, Changes, Controls, Perhaps int
}

// Datum is data of a class that it can read.
type Datum struct {
	Class                 string // empty: nobody says
	Total, Reads, Perhaps int    // resources
}

// Stay is a way to stay.
type Stay struct {
	Name, Title string
	As          string // who can
	Truth       policy.Truth
}

// Radius finds how far somebody's credential reaches. The score is a sum: see Score. An error is fault.NotFound.
func (g *Graph) Radius(who string) (*Radius, error) {
	from, err := g.node(who)
	if err != nil {
		return nil, err
	}
	w := g.walk(from)
	r := &Radius{Start: g.holders[from.who].ARN, walk: w}
	r.people(g, w)
	r.resources(g, w.spread())
	r.stays(g, w)
	r.Cut = w.cut
	r.Score = r.score()
	return r, nil
}

func (r *Radius) people(g *Graph, w *walk) {
	accounts := map[string]*Seized{}
	in := func(id string) *Seized {
		if accounts[id] == nil {
			accounts[id] = &Seized{ID: id}
		}
		return accounts[id]
	}
	for _, n := range w.order {
		v, a := w.seen[n], in(g.Account(n))
		switch {
		case n.kind == admin:
			a.Administered = max(a.Administered, v.truth)
			continue
		case n.kind != holder || v.edge.Method == nil:
			continue
		case v.truth == policy.Yes:
			a.Principals++
		default:
			a.Perhaps++
		}
		r.Principals = append(r.Principals, Become{g.holders[n.who].ARN, v.steps, v.truth, v.edge.Method.Name, g.Name(v.edge.From)})
	}
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		r.Accounts = append(r.Accounts, *accounts[id])
	}
	slices.SortStableFunc(r.Principals, func(a, b Become) int {
		return cmp.Or(cmp.Compare(b.Truth, a.Truth), cmp.Compare(a.Steps, b.Steps), strings.Compare(a.ARN, b.ARN))
	})
}

func (r *Radius) resources(g *Graph, s *spread) {
	types, classes := make([]Share, len(g.types)), make([]Datum, len(g.classes))
	for i, l := range s.levels {
		t, d := &types[g.sorts[i].typ], &classes[g.sorts[i].class]
		t.Total++
		d.Total++
		if l == 0 {
			continue
		}
		yes := l & wholly
		maybe := l >> perhaps &^ yes
		t.Sees += one(yes & sees)
		t.Reads += one(yes & reads)
		t.Changes += one(yes & changes)
		t.Controls += one(yes & controls)
		t.Perhaps += one(maybe)
		d.Reads += one(yes & reads)
		d.Perhaps += one(maybe & reads)
	}
	for i, x := range types {
		if x.Type = g.types[i]; x.Sees+x.Reads+x.Changes+x.Controls+x.Perhaps > 0 {
			r.Resources = append(r.Resources, x)
		}
	}
	for i, x := range classes {
		if x.Class = g.classes[i]; x.Reads+x.Perhaps > 0 {
			r.Data = append(r.Data, x)
		}
	}
	slices.SortFunc(r.Resources, func(a, b Share) int { return cmp.Compare(a.Type, b.Type) })
	slices.SortFunc(r.Data, func(a, b Datum) int { return cmp.Compare(a.Class, b.Class) })
}

func one(l level) int {
	if l != 0 {
		return 1
	}
	return 0
}

// maxStayers is of how many the ways to stay are asked: the nearest, each of other rights.
const maxStayers = 200

func (r *Radius) stays(g *Graph, w *walk) {
	found, asked := map[string]int{}, map[int]bool{}
	for _, n := range w.order {
		b := g.being(n)
		if asked[b.kin.number] && !b.kin.personal {
			continue
		}
		if len(asked) == maxStayers {
			return
		}
		asked[b.kin.number] = true
		for _, m := range Methods() {
			if m.gain != gainStay || !b.kin.named(m) || b.node.kind == admin && slices.ContainsFunc(m.needs, func(n need) bool { return n.what == aSelf }) {
				continue
			}
			at, ok := found[m.Name]
			if ok && r.Stays[at].Truth == policy.Yes || isRole(b.arn()) && m.Name == "stay-own-key" {
				continue
			}
			a := g.judge(b, m, target{}, false)
			if t := min(a.truth, w.seen[n].truth); !ok && t != policy.No {
				found[m.Name] = len(r.Stays)
				r.Stays = append(r.Stays, Stay{m.Name, m.Title, g.Name(n), t})
			} else if ok && t == policy.Yes {
				r.Stays[at].As, r.Stays[at].Truth = g.Name(n), t
			}
		}
	}
}
