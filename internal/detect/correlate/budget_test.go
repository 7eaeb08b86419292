package correlate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/detect/correlate"
)

// TestEvicts: the group that has gone longest without progress goes first, its firings are told for the last time, and all of
// that is counted and named.
func TestEvicts(t *testing.T) {
	m := machine(t, []correlate.Spec{logins()}, correlate.Options{MaxGroups: 3})
	got := m.Take(diary(t, m, "1m failed ann\n2m failed bob\n3m failed bob\n4m failed bob\n5m failed eve\n1m failed ann\n6m failed zoe\n7m failed ulf"))
	slices.SortFunc(got, func(a, b correlate.Firing) int { return strings.Compare(a.Why, b.Why) })
	equal(t, "told", []string{"many bob: 2m0s to 4m0s, 3 hits, value 3"}, briefs(got))
	if !got[0].Cut || !strings.HasSuffix(got[0].Why, "some had to be let go, there were more") {
		t.Errorf("it does not say that it was cut: %+v", got[0])
	}
	equal(t, "counts", correlate.Counts{Taken: 8, Firings: 1, EvictedGroups: 2, EvictedHits: 4}, m.Report()[0].Counts)
	var cases []string
	for _, l := range m.Losses() {
		cases = append(cases, fmt.Sprintf("%s %v %d %s %s", l.Kind, l.Group, l.Hits, l.Time.Sub(morning), l.Why))
	}
	equal(t, "cases", []string{
		"evicted [bob] 3 4m0s the machine's budget is used up: 3 hits let go",
		"evicted [eve] 1 5m0s the machine's budget is used up: 1 hits let go",
	}, cases)
	two := logins()
	two.ID, two.Rules = "two", []string{"odd"}
	m = machine(t, []correlate.Spec{logins(), two}, correlate.Options{MaxGroups: 2})
	m.Take(diary(t, m, "1m odd ann\n2m failed bob\n3m failed eve"))
	equal(t, "the oldest of all correlations", []int{2, 0}, []int{m.Report()[0].Groups, m.Report()[1].Groups})
	m.Take(diary(t, m, "4m odd ann\n5m odd bob"))
	equal(t, "the oldest of all correlations", []int{0, 2}, []int{m.Report()[0].Groups, m.Report()[1].Groups})
	own := logins()
	own.ID, own.MaxGroups = "own", 1
	m = machine(t, []correlate.Spec{logins(), own}, correlate.Options{})
	m.Take(diary(t, m, "1m failed ann\n2m failed bob"))
	equal(t, "a correlation's own budget", []int{2, 1}, []int{m.Report()[0].Groups, m.Report()[1].Groups})
}

// TestBytes: many small groups keep within the bytes too.
func TestBytes(t *testing.T) {
	const most = 100_000
	m := machine(t, manyFailures(time.Hour), correlate.Options{MaxBytes: most})
	for i := range 2000 {
		m.Take([]correlate.Hit{failure(i, 2000)})
		if _, bytes := m.Size(); bytes > most {
			t.Fatalf("%d bytes after %d groups", bytes, i+1)
		}
	}
	r := m.Report()[0]
	if r.Groups < 200 || r.EvictedGroups != 2000-r.Groups {
		t.Errorf("%d groups are held, %d were evicted", r.Groups, r.EvictedGroups)
	}
	if n := m.Appointments(); n > 2*r.Groups+1025 {
		t.Errorf("the queue has %d entries for %d groups", n, r.Groups)
	}
	if n := len(m.Losses()); n != 100 {
		t.Errorf("%d cases are named", n)
	}
}

// TestCrowded: one group may not hold everything; the condition still holds while it does.
func TestCrowded(t *testing.T) {
	s := logins()
	m := machine(t, []correlate.Spec{s}, correlate.Options{MaxHits: 80})
	var told []correlate.Firing
	for i := range 1000 {
		told = append(told, m.Take(diary(t, m, fmt.Sprintf("%ds failed ann id=%04d", i/10, i)))...)
	}
	told = append(told, m.Advance(seen(time.Hour))...)
	f := told[len(told)-1]
	equal(t, "told", "many ann: 0s to 1m39s, 1000 hits, value 81", brief(f))
	if !f.Cut {
		t.Error("it does not say that it was cut")
	}
	c := m.Report()[0].Counts
	if c.Taken != 1000 || c.EvictedGroups != 0 || c.EvictedHits < 900 {
		t.Errorf("counts %+v", c)
	}
	if l := m.Losses()[0]; l.Kind != correlate.Crowded || l.Hits != 11 || l.Why != "the group has more than 80 hits within a window: 11 hits let go" {
		t.Errorf("case %+v", l)
	}
}

// TestMembers: the list is short, has the earliest of each rule, and is the same however the hits came and went.
func TestMembers(t *testing.T) {
	s := correlate.Spec{ID: "x", Type: correlate.Temporal, Rules: []string{"noise", "rare"}, Timespan: 10 * time.Minute}
	text := times(300, "%ds noise a") + "290s rare a\n291s rare a\n292s rare a\n293s rare a"
	var want []string
	for _, batch := range []int{1, 7, 304} {
		m := machine(t, []correlate.Spec{s}, correlate.Options{MaxMembers: 6})
		hits := diary(t, m, text)
		slices.Reverse(hits)
		for part := range slices.Chunk(hits, batch) {
			m.Take(part)
		}
		var f []correlate.Firing
		for after := 5 * time.Minute; after < time.Hour; after += time.Duration(batch) * time.Second {
			f = append(f, m.Advance(seen(after))...)
		}
		if len(f) != 1 {
			t.Fatalf("told %v", briefs(f))
		}
		var got []string
		for _, h := range f[0].Hits {
			got = append(got, h.Time.Sub(morning).String()+h.Rules[0])
		}
		want = []string{"0snoise", "1snoise", "2snoise", "4m50srare", "4m51srare", "4m52srare"}
		equal(t, "hits", want, got)
		equal(t, "count", 304, f[0].Count)
	}
}

// TestUnderPressure: with hits that come at any time and budgets that are far too small nothing is invented, everything is
// counted, and the budgets are kept.
func TestUnderPressure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		specs := someSpecs(t, 0)
		o := correlate.Options{
			MaxGroups: rapid.IntRange(1, 6).Draw(t, "groups"), MaxHits: rapid.IntRange(1, 20).Draw(t, "hits"),
			MaxBytes: rapid.IntRange(1000, 10_000).Draw(t, "bytes"), Rows: rapid.Bool().Draw(t, "rows"),
		}
		m, err := correlate.New(specs, o)
		if err != nil {
			t.Fatal(err)
		}
		deliveries := someDeliveries(t, m, specs, 40*time.Second)
		var hits []correlate.Hit
		given := map[string]int{}
		told := map[string]correlate.Firing{}
		for _, d := range deliveries {
			hits = append(hits, d.hit)
			for _, k := range d.hit.Keys {
				if slices.Contains(specOf(specs, k.For).Rules, d.hit.Rule) {
					given[k.For]++
				}
			}
			firings := m.Take([]correlate.Hit{d.hit})
			firings = append(firings, m.Advance([]correlate.Mark{{Source: "fast", Seen: d.hit.Time}, {Source: "slow", Seen: d.hit.Time}})...)
			for _, f := range firings {
				told[f.Fingerprint] = f
			}
			if rapid.IntRange(0, 5).Draw(t, "restart") == 0 {
				if m, _, err = correlate.Restore(specs, o, m.Snapshot()); err != nil {
					t.Fatal(err)
				}
			}
			groups, bytes := m.Size()
			if g, b := m.Recount(); g != groups || b != bytes {
				t.Fatalf("holds %d groups of %d bytes, and says %d of %d", g, b, groups, bytes)
			}
			if groups > o.MaxGroups || groups > 1 && bytes > o.MaxBytes+5000 {
				t.Fatalf("holds %d groups of %d bytes", groups, bytes)
			}
		}
		for _, r := range m.Report() {
			if c := r.Counts; !chained(specOf(specs, r.Correlation)) && c.Taken+c.Duplicates+c.Missed+c.Unusable != given[r.Correlation] {
				t.Fatalf("%s was given %d hits and counts %+v", r.Correlation, given[r.Correlation], c)
			}
		}
		nothingInvented(t, specs, hits, told)
	})
}

func specOf(specs []correlate.Spec, id string) *correlate.Spec {
	return &specs[slices.IndexFunc(specs, func(s correlate.Spec) bool { return s.ID == id })]
}

// nothingInvented: what correlations that are judged at once told is part of what all hits together amount to.
func nothingInvented(t *rapid.T, specs []correlate.Spec, hits []correlate.Hit, told map[string]correlate.Firing) {
	base := alone(specs)
	all := naiveFirings(base, hits)
	for _, f := range told {
		if !slices.ContainsFunc(base, func(s correlate.Spec) bool { return s.ID == f.Correlation }) {
			continue
		}
		real := slices.ContainsFunc(all, func(n correlate.Firing) bool {
			return n.Correlation == f.Correlation && slices.Equal(n.Group, f.Group) &&
				!f.Start.Before(n.Start) && !f.End.After(n.End) && f.Value <= n.Value && (f.Cut || f.Count <= n.Count)
		})
		if !real {
			t.Fatalf("invented: %s", line(f))
		}
	}
}
