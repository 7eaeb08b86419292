package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// Group is how far a correlation came for one combination of the values that it groups by.
type Group struct {
	Values []string  `json:"values"` // in the order of group-by
	Hits   int       `json:"hits"`   // in the window that came nearest
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Value  float64   `json:"value"`
	Holds  bool      `json:"holds"`
	Found  string    `json:"found"`             // what is in the window and what is wanted
	Absent []string  `json:"missing,omitempty"` // rules without a hit in it
}

// The limits of a watch: what goes over them is counted and not looked at window by window.
const (
	maxGroups   = 1000
	maxMoments  = 200 // of one group
	shownGroups = 10
	never       = 366 * 24 * time.Hour // no event is late: files are in no order
)

// Watch follows the correlations of a set over events.
type Watch struct {
	set     sigma.Set
	engine  detect.Engine
	follow  *follow.Follower
	groups  map[string]map[string]*moments // by correlation and values
	matches map[string]int                 // by rule
}

// moments are when a group had hits.
type moments struct {
	values []string
	at     []time.Time
}

// NewWatch begins. Correlations that cannot be run are errors and left out; when there is no watch, the last error says why.
func NewWatch(set sigma.Set) (*Watch, []error) {
	f, bad := follow.New(set, follow.Options{Lateness: never, Limits: correlate.Options{MaxBytes: 64 << 20}})
	if f == nil {
		return nil, bad
	}
	return &Watch{set, sigma.NewEngine(set.Rules), f, map[string]map[string]*moments{}, map[string]int{}}, bad
}

// Take takes an event, in any order of time.
func (w *Watch) Take(e *event.Event) {
	matches := w.engine.Detect(e.Record())
	for _, m := range matches {
		w.matches[m.Rule.ID]++
	}
	hits := w.follow.Hits(e, matches, func() string { return string(e.ID) })
	for _, h := range hits {
		for _, k := range h.Keys {
			w.note(k, h.Time)
		}
	}
	w.follow.Take(hits)
}

func (w *Watch) note(k correlate.Key, at time.Time) {
	groups := w.groups[k.For]
	if groups == nil {
		groups = map[string]*moments{}
		w.groups[k.For] = groups
	}
	name := strings.Join(k.Group, "\x00")
	g := groups[name]
	if g == nil {
		if len(groups) >= maxGroups {
			return
		}
		g = &moments{values: k.Group}
		groups[name] = g
	}
	if len(g.at) < maxMoments {
		g.at = append(g.at, at)
	}
}

// End gives the account of each correlation that is its own master, in the order of their ids. It ends the watch.
func (w *Watch) End() []Account {
	var out []Account
	for _, c := range w.set.Correlations {
		if c.Part {
			continue
		}
		a := about(Correlation, &c.Rule)
		a.Groups = w.look(c.ID)
		out = append(out, a)
	}
	fired := map[string][]string{}
	for _, f := range w.follow.End() {
		if f.Final {
			fired[f.Correlation] = append(fired[f.Correlation], f.Why)
		}
	}
	at := 0
	for _, c := range w.set.Correlations {
		if c.Part {
			continue
		}
		a := &out[at]
		at++
		w.conclude(a, c, fired[c.ID])
		if n := len(a.Groups); n > shownGroups {
			a.Groups, a.MoreGroups = a.Groups[:shownGroups], n-shownGroups
		}
	}
	return out
}

func (w *Watch) conclude(a *Account, c *sigma.Correlation, fired []string) {
	switch {
	case c.Idle != "":
		a.Verdict, a.Why = Idle, "it can never match here: "+c.Idle
	case len(fired) > 0:
		a.Verdict, a.Level, a.Why = Fired, string(c.Level), fired[0]
		if len(fired) > 1 {
			a.Why += fmt.Sprintf("; and %d times more", len(fired)-1)
		}
	default:
		a.Verdict = Quiet
		if a.Why = w.unseen(c); a.Why == "" && len(a.Groups) > 0 {
			g := a.Groups[0]
			a.Why = "no group fulfils the condition; the nearest has " + g.Found
		}
	}
}

// unseen names the rules of a correlation that no event matched, when that leaves nothing to count.
func (w *Watch) unseen(c *sigma.Correlation) string {
	var none []string
	for _, s := range c.Sources {
		if s.Rule != nil && w.matches[s.Rule.ID] == 0 {
			none = append(none, s.Name)
		}
	}
	if len(none) == 0 || len(w.groups[c.ID]) > 0 && (c.Condition != nil || c.Type != sigma.Temporal && c.Type != sigma.TemporalOrdered) {
		return ""
	}
	return "no event matched " + strings.Join(none, ", ") + ": explain the rule by itself to see why"
}

// look finds the window of each group that comes nearest: one that holds, else the one with the largest value.
func (w *Watch) look(id string) []Group {
	var out []Group
	for _, g := range w.groups[id] {
		var best *Group
		for _, at := range g.at {
			p, err := w.follow.Explain(id, g.values, at)
			if err != nil || p.Hits == 0 {
				continue
			}
			if best == nil || p.Holds && !best.Holds || p.Holds == best.Holds && (p.Value > best.Value || p.Value == best.Value && p.From.Before(best.From)) {
				best = &Group{g.values, p.Hits, p.From.UTC(), p.To.UTC(), p.Value, p.Holds, p.Found, p.Missing}
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(boolean(b.Holds), boolean(a.Holds)), cmp.Compare(b.Value, a.Value), slices.Compare(a.Values, b.Values))
	})
	return out
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
