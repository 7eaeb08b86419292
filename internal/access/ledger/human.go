package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/principal/lineage"
)

// Human is what one person did to data on one day: what is stored, not what it is stored in.
type Human struct {
	Day       string   `json:"day"` // 2026-03-01, UTC; 2026-03 where days were folded to months; empty where there are none
	Root      Root     `json:"root"`
	Reads     int      `json:"reads"`
	Writes    int      `json:"writes"`
	Refused   int      `json:"refused"` // of both
	Console   int      `json:"console"` // of both
	Resources int      `json:"resources"`
	Services  []string `json:"services"`
	Last      string   `json:"last"` // the time of the last, RFC 3339
}

// Humans gives which people touched data, by day, the last day first. others is how often it was touched by those of whom nobody
// knows who was behind them: they may have been people.
func (v View) Humans() (list []Human, others int) {
	type name struct {
		day  uint32
		root Root
	}
	type touched struct {
		h         Human
		resources map[uint32]bool
		last      uint32
	}
	sums := map[name]*touched{}
	for _, r := range v.l.rows {
		act, root := v.l.acts.of(r.key.act), v.l.roots.of(r.key.root)
		if !act.Data {
			continue
		}
		for _, c := range r.days {
			switch {
			case c.day < v.since || c.day >= v.till:
				continue
			case kindOf(root) == lineage.Unknown:
				others += int(c.times)
				continue
			case !root.Human():
				continue
			}
			n := name{c.day, root}
			t := sums[n]
			if t == nil {
				t = &touched{h: Human{Day: v.l.dayText(c.day), Root: root}, resources: map[uint32]bool{}}
				sums[n] = t
			}
			t.h.add(act, c)
			t.resources[r.key.resource] = true
			t.last = max(t.last, c.last)
		}
	}
	for _, t := range sums {
		t.h.Resources = len(t.resources)
		t.h.Last = time.Unix(int64(t.last), 0).UTC().Format(time.RFC3339)
		slices.Sort(t.h.Services)
		list = append(list, t.h)
	}
	slices.SortFunc(list, func(a, b Human) int {
		return cmp.Or(strings.Compare(b.Day, a.Day), strings.Compare(a.Root.ID, b.Root.ID), strings.Compare(string(a.Root.Kind), string(b.Root.Kind)), strings.Compare(string(a.Root.Strength), string(b.Root.Strength)))
	})
	return list, others
}

func (h *Human) add(a Act, c cell) {
	if a.Writes() {
		h.Writes += int(c.times)
	} else {
		h.Reads += int(c.times)
	}
	h.Refused += int(c.refused)
	h.Console += int(c.console)
	if service, _, _ := strings.Cut(a.Name, ":"); !slices.Contains(h.Services, service) {
		h.Services = append(h.Services, service)
	}
}

// dayText writes a day as far as the ledger has it.
func (l *Ledger) dayText(d uint32) string {
	t := time.Unix(int64(d)*day, 0).UTC()
	switch l.coarse.Days {
	case 0:
		return t.Format(time.DateOnly)
	case 1:
		return t.Format("2006-01")
	}
	return ""
}
