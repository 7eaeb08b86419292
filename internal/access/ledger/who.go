package ledger

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/policy"
)

// Deed is what somebody did to a resource.
type Deed struct {
	Root      Root   `json:"root"`
	Principal string `json:"principal"`
	Act
	Resource string `json:"resource"`
	// Perhaps: the ledger's resource stands for many, and the one that was asked about may be among them.
	Perhaps bool `json:"perhaps,omitempty"`
	Total
}

// Touched gives who touched a resource: of a bucket its objects too, of others what is below their name. It may hold * and ?.
func (v View) Touched(resource string) []Deed {
	return v.deeds(func(_ Act, has string) (bool, bool) { return about(resource, has) })
}

// Did gives who used an action, which may hold * and ?, whatever the letters' case.
func (v View) Did(action string) []Deed {
	action = strings.ToLower(action)
	return v.deeds(func(a Act, _ string) (bool, bool) { return policy.Like(action, strings.ToLower(a.Name)), false })
}

// about says whether what the ledger has is the resource that is asked for, and whether it only may be.
func about(asked, has string) (is, perhaps bool) {
	if has == asked || strings.HasPrefix(has, asked+"/") || strings.HasPrefix(has, asked+":") {
		return true, false
	}
	if strings.ContainsAny(asked, "*?") && policy.Like(asked, has) {
		return true, false
	}
	if has != "*" && strings.ContainsAny(has, "*?") && policy.Like(has, asked) {
		return true, true
	}
	return false, false
}

// deeds adds up the rows that are wanted.
func (v View) deeds(want func(Act, string) (is, perhaps bool)) []Deed {
	type name struct {
		root      Root
		act       Act
		who, what string
		perhaps   bool
	}
	type answer struct{ is, perhaps bool }
	type pair struct{ act, resource uint32 }
	known := map[pair]answer{}
	sums := map[name]*Total{}
	for _, r := range v.l.rows {
		p := pair{r.key.act, r.key.resource}
		a, ok := known[p]
		if !ok {
			a.is, a.perhaps = want(v.l.acts.of(p.act), v.l.words.of(p.resource))
			known[p] = a
		}
		c, some := v.sum(r)
		if !a.is || !some || r.key == (key{}) {
			continue
		}
		n := name{root: v.l.roots.of(r.key.root), act: v.l.acts.of(p.act), who: v.l.words.of(r.key.principal), what: v.l.words.of(p.resource), perhaps: a.perhaps}
		if sums[n] == nil {
			sums[n] = &Total{}
		}
		sums[n].add(c)
	}
	out := make([]Deed, 0, len(sums))
	for n, t := range sums {
		d := Deed{Root: n.root, Principal: n.who, Act: n.act, Resource: n.what, Perhaps: n.perhaps, Total: *t}
		d.Root.Kind = kindOf(n.root)
		out = append(out, d)
	}
	slices.SortFunc(out, compareDeeds)
	return out
}

// compareDeeds puts the last first.
func compareDeeds(a, b Deed) int {
	return cmp.Or(b.Last.Compare(a.Last), strings.Compare(a.Principal, b.Principal), strings.Compare(a.Root.ID, b.Root.ID), strings.Compare(string(a.Root.Strength), string(b.Root.Strength)),
		strings.Compare(a.Name, b.Name), strings.Compare(a.Resource, b.Resource), strings.Compare(string(a.Level), string(b.Level)), cmp.Compare(a.Count, b.Count))
}
