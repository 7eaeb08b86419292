package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/principal"
	"jobzero/internal/principal/lineage"
)

// Use is an action that a principal used on a resource, over all accounts, regions, days and whoever was behind it. Resource is an
// ARN, or a pattern of one (see climb and trail.Touch): each * stands for what is not told.
type Use struct {
	Action   string    `json:"action"`
	Resource string    `json:"resource"`
	Count    int       `json:"count"` // calls, refused ones too
	Refused  int       `json:"refused"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// Used gives what a principal used, by action and resource. What no policy decides, such as signing in, is left out.
func (l *Ledger) Used(principal string) []Use {
	return l.Within(time.Time{}, time.Time{}).Used(principal)
}

// Used is Ledger.Used within the view.
func (v View) Used(principal string) []Use { return v.used(principal, false) }

// UsedDaily is Used with each day by itself, and those of an action and resource in their order. Where days were folded there are months, or
// one for all.
func (v View) UsedDaily(principal string) []Use { return v.used(principal, true) }

func (v View) used(principal string, daily bool) []Use {
	type name struct {
		action, resource string
		day              uint32
	}
	sums := map[name]*Total{}
	add := func(n name, c cell) {
		if sums[n] == nil {
			sums[n] = &Total{}
		}
		sums[n].add(c)
	}
	for _, r := range v.l.of(principal) {
		act := v.l.acts.of(r.key.act)
		if act.Free {
			continue
		}
		n := name{action: act.Name, resource: v.l.words.of(r.key.resource)}
		if c, ok := v.sum(r); ok && !daily {
			add(n, c)
		}
		for _, c := range r.days {
			if n.day = c.day; daily && c.day >= v.since && c.day < v.till {
				add(n, c)
			}
		}
	}
	out := make([]Use, 0, len(sums))
	for n, t := range sums {
		out = append(out, Use{n.action, n.resource, t.Count, t.Refused, t.First, t.Last})
	}
	slices.SortFunc(out, func(a, b Use) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), strings.Compare(a.Resource, b.Resource), a.First.Compare(b.First))
	})
	return out
}

// Principals gives all principals of the ledger, sorted.
func (l *Ledger) Principals() []string {
	l.of("")
	out := make([]string, 0, len(l.index))
	for who := range l.index {
		if who != "" {
			out = append(out, who)
		}
	}
	slices.Sort(out)
	return out
}

// Activity is when a principal did anything at all.
type Activity struct {
	Total
	Human     Root      `json:"human,omitzero"`      // the last person behind it
	HumanLast time.Time `json:"human_last,omitzero"` // and when that was
}

// Activity says when a principal did anything at all, signing in as well; false when it did nothing.
func (v View) Activity(principal string) (a Activity, ok bool) {
	for _, r := range v.l.of(principal) {
		c, some := v.sum(r)
		if !some {
			continue
		}
		ok = true
		a.add(c)
		root := v.l.roots.of(r.key.root)
		at := time.Unix(int64(c.last), 0).UTC()
		if root.Human() && (at.After(a.HumanLast) || at.Equal(a.HumanLast) && root.ID < a.Human.ID) {
			a.Human, a.HumanLast = root, at
		}
	}
	return a, ok
}

// pathless is a role's ARN as records have it that do not tell its path; empty of what is no role.
func pathless(arn string) string {
	a, err := principal.ParseARN(arn)
	name, ok := strings.CutPrefix(a.Resource, "role/")
	if err != nil || !ok {
		return ""
	}
	a.Resource = "role/*" + name[strings.LastIndexByte(name, '/')+1:]
	return a.String()
}

func kindOf(r Root) lineage.Kind {
	if r.Kind == "" {
		return lineage.Unknown
	}
	return r.Kind
}
