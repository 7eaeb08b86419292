package baseline_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
)

// drawn are events within a day and a half, of few users and values, so that much happens twice.
func drawn(t *rapid.T) []*event.Event {
	n := rapid.IntRange(1, 60).Draw(t, "events")
	all := make([]*event.Event, n)
	for i := range all {
		e := habit(rapid.IntRange(0, 3).Draw(t, "user"), rapid.IntRange(0, 4).Draw(t, "call"), morning)
		e.Time = morning.Add(time.Duration(rapid.IntRange(0, 31*60).Draw(t, "minute")) * time.Minute)
		e.SourceIP = fmt.Sprintf("198.51.%d.1", rapid.IntRange(0, 5).Draw(t, "network"))
		all[i] = e
	}
	return all
}

func learnt(all []*event.Event) *baseline.Learner {
	l := baseline.New(baseline.Options{})
	for _, e := range all {
		l.Take(e, baseline.Of(e))
	}
	return l
}

// TestKnowledgeMindsNoOrder: what is known of principals and values depends on the set of events only.
func TestKnowledgeMindsNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		want := learnt(all).Known()
		other := rapid.Permutation(all).Draw(t, "order")
		other = append(other, rapid.SliceOfN(rapid.SampledFrom(all), 0, 5).Draw(t, "copies")...)
		if d := cmp.Diff(want, learnt(other).Known()); d != "" {
			t.Fatalf("another order (-want +got):\n%s", d)
		}
	})
}

// TestRestartsChangeNothing: after a restart from a snapshot or from rows all goes on as if there had been none.
func TestRestartsChangeNothing(t *testing.T) {
	options := baseline.Options{Learn: 2 * time.Hour, Rows: true, MaxEvidence: 1 << 10}
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		cut := rapid.IntRange(0, len(all)).Draw(t, "restart")
		whole, l := baseline.New(options), baseline.New(options)
		table := map[[2]string]baseline.Row{}
		for i, e := range all {
			if i == cut {
				l = reborn(t, l, options, table, rapid.Bool().Draw(t, "rows"))
			}
			e.Raw = []byte(`{"eventID":"` + string(e.ID) + `"}`)
			s1, story1 := whole.Take(e, baseline.Of(e))
			s2, story2 := l.Take(e, baseline.Of(e))
			if d := cmp.Diff(s1, s2) + cmp.Diff(story1, story2); d != "" {
				t.Fatalf("event %d (-without +with restart):\n%s", i, d)
			}
			if i%7 == 0 {
				save(table, l.Dirty())
			}
		}
		if d := cmp.Diff(whole.Rows(), l.Rows()); d != "" {
			t.Fatalf("another state (-without +with restart):\n%s", d)
		}
	})
}

func save(table map[[2]string]baseline.Row, rows []baseline.Row) {
	for _, row := range rows {
		if key := [2]string{row.Scope, row.ID}; row.State == nil {
			delete(table, key)
		} else {
			table[key] = row
		}
	}
}

func reborn(t *rapid.T, l *baseline.Learner, o baseline.Options, table map[[2]string]baseline.Row, fromRows bool) *baseline.Learner {
	save(table, l.Dirty())
	n, err := baseline.Restore(o, l.Snapshot())
	if fromRows {
		n, err = baseline.Load(o, slices.Collect(maps.Values(table)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRowsFollow: what Dirty gave is at any time all that is known, what was forgotten included.
func TestRowsFollow(t *testing.T) {
	o := baseline.Options{MaxPrincipals: 20, Rows: true}
	l, table := baseline.New(o), map[[2]string]baseline.Row{}
	for i := range 3000 {
		e := box(i, fmt.Sprintf("i-%08x", i%40), fmt.Sprintf("198.51.100.%d", i%40), morning.Add(time.Duration(i)*time.Minute))
		if i%2 == 0 {
			e = habit(i*7919%50, i, e.Time)
		}
		l.Take(e, baseline.Of(e))
		if i%100 != 99 {
			continue
		}
		save(table, l.Dirty())
		got, err := baseline.Load(o, slices.Collect(maps.Values(table)))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Snapshot()) != string(l.Snapshot()) {
			t.Fatalf("after %d events the rows are not what is known", i+1)
		}
	}
	if got := l.Dirty(); len(got) != 1 {
		t.Errorf("nothing changed, and %d rows are dirty", len(got))
	}
}
