package correlate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
)

// busy is a machine that holds something of everything.
func busy(t testing.TB, o correlate.Options) ([]correlate.Spec, *correlate.Machine) {
	t.Helper()
	specs := []correlate.Spec{
		logins(),
		{ID: "then", Type: correlate.TemporalOrdered, Rules: []string{"many", "success"}, Timespan: 10 * time.Minute},
		{ID: "few", Type: correlate.EventCount, Rules: []string{"failed"}, Timespan: 3 * time.Minute, Condition: []correlate.Test{{Op: correlate.LT, Number: 4}}, Lateness: 45 * time.Minute},
		{ID: "sum", Type: correlate.ValueSum, Rules: []string{"failed"}, Timespan: 30 * time.Minute, Condition: gte(2), Lateness: 45 * time.Minute},
	}
	m := machine(t, specs, o)
	m.Take(diary(t, m, "0m failed ann 1\n1m failed ann 1\n2m failed ann 1\n3m success ann 1\n4m failed bob 1\n8m failed ann 1"))
	m.Advance(append(seen(57*time.Minute), correlate.Mark{Source: "idle", Idle: true}))
	m.Take(diary(t, m, "13m failed ann 1\n11m failed ann 1\n14m failed ann 1"))
	return specs, m
}

// TestRestoreChanged: a correlation that has changed or is gone loses its state, says so, and no other does.
func TestRestoreChanged(t *testing.T) {
	specs, m := busy(t, correlate.Options{})
	held := map[string]int{}
	for _, r := range m.Report() {
		held[r.Correlation] = r.Groups
	}
	snapshot := m.Snapshot()
	specs[0].Lateness, specs[0].MaxGroups, specs[0].Sources = time.Hour, 100, []string{"cloudtrail"} // none of which the state depends on
	specs[2].Condition = gte(5)
	m, drops, err := correlate.Restore(specs[:3], correlate.Options{}, snapshot)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "drops", []correlate.Drop{
		{Correlation: "few", Groups: held["few"], Why: "the correlation has changed"},
		{Correlation: "sum", Groups: held["sum"], Why: "there is no such correlation any more"},
	}, drops)
	after := map[string]int{}
	for _, r := range m.Report() {
		after[r.Correlation] = r.Groups
	}
	equal(t, "groups", map[string]int{"many": held["many"], "then": held["then"], "few": 0}, after)
	if held["few"]*held["many"]*held["then"]*held["sum"] == 0 {
		t.Errorf("a correlation had nothing to lose: %v", held)
	}
	if _, drops, err = correlate.Restore(specs[:3], correlate.Options{}, m.Snapshot()); err != nil || len(drops) != 0 {
		t.Error(drops, err)
	}
}

// TestRestoreRefuses what is not whole, wherever it was cut or changed.
func TestRestoreRefuses(t *testing.T) {
	specs, m := busy(t, correlate.Options{})
	snapshot := m.Snapshot()
	for n := range snapshot {
		if _, _, err := correlate.Restore(specs, correlate.Options{}, snapshot[:n]); !fault.Is(err, fault.Invalid) {
			t.Fatalf("cut at %d: %v", n, err)
		}
		damaged := append([]byte(nil), snapshot...)
		damaged[n] ^= 0x10
		if _, _, err := correlate.Restore(specs, correlate.Options{}, damaged); !fault.Is(err, fault.Invalid) {
			t.Fatalf("damaged at %d: %v", n, err)
		}
	}
}

// TestLoadRefuses rows that do not belong together.
func TestLoadRefuses(t *testing.T) {
	specs, m := busy(t, correlate.Options{Rows: true})
	rows := m.Dirty()
	var heads, groups []correlate.Row
	for _, r := range rows {
		if r.ID == "" {
			heads = append(heads, r)
		} else {
			groups = append(groups, r)
		}
	}
	if len(heads) != len(specs)+1 || len(groups) < 4 {
		t.Fatalf("%d heads and %d groups", len(heads), len(groups))
	}
	for name, bad := range map[string][]correlate.Row{
		"no heads":          groups,
		"a group twice":     append(rows, groups[0]),
		"another version":   {{State: append([]byte{9}, heads[0].State[1:]...)}},
		"another's head":    {{Correlation: "many", State: append([]byte{9}, heads[1].State[1:]...)}},
		"a head with more":  {{Correlation: "many", State: append(append([]byte{}, heads[1].State...), 0)}},
		"a group with more": append(heads, correlate.Row{Correlation: groups[0].Correlation, ID: "g", State: append(append([]byte{}, groups[0].State...), 0)}),
		"marks with more":   {{State: append(append([]byte{}, heads[0].State...), 0)}},
		"an empty group":    append(heads, correlate.Row{Correlation: "many", ID: "g", State: []byte{1, 1, 0, 0, 0}}),
	} {
		if _, _, err := correlate.Load(specs, correlate.Options{}, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, drops, err := correlate.Load(specs, correlate.Options{}, rows); err != nil || len(drops) != 0 {
		t.Error(drops, err)
	}
	if _, _, err := correlate.Load(append(specs, specs[0]), correlate.Options{}, rows); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// TestDirty: only what has changed is saved.
func TestDirty(t *testing.T) {
	specs, m := busy(t, correlate.Options{Rows: true})
	m.Dirty()
	equal(t, "nothing has changed", 0, len(m.Dirty()))
	names := func() string {
		var out []string
		for _, r := range m.Dirty() {
			name := r.Correlation
			switch {
			case r.ID != "" && r.State == nil:
				name += "(gone)"
			case r.ID != "":
				name += "(group)"
			}
			out = append(out, name)
		}
		return strings.Join(out, " ")
	}
	m.Take(diary(t, m, "15m success zoe"))
	equal(t, "one hit", "then then(group)", names())
	m.Take(diary(t, m, "15m failed bob 1 id=e04"))
	m.Advance(seen(57 * time.Minute))
	if got := names(); !strings.HasPrefix(got, " many") || strings.Contains(got, "gone") {
		t.Errorf("rows %q", got)
	}
	m.Advance(append(seen(300*time.Minute), correlate.Mark{Source: "idle", Seen: morning.Add(300 * time.Minute)}))
	got := names()
	if strings.Contains(got, "(group)") || strings.Count(got, "(gone)") < 5 {
		t.Errorf("rows %q", got)
	}
	quiet := machine(t, specs, correlate.Options{})
	quiet.Take(diary(t, quiet, "15m success zoe"))
	equal(t, "not asked for", 0, len(quiet.Dirty()))
}

// TestShards: each key has one shard, a family stays together, groups are spread, and another shard takes only its share.
func TestShards(t *testing.T) {
	specs, m := busy(t, correlate.Options{})
	three, err := correlate.Split(specs, 3)
	if err != nil {
		t.Fatal(err)
	}
	four, _ := correlate.Split(specs, 4)
	var have [4]int
	moved := 0
	for i := range 4000 {
		k := correlate.Key{For: "sum", Group: []string{fmt.Sprint("user-", i)}}
		have[four.Of(k)]++
		if a, b := three.Of(k), four.Of(k); a != b {
			moved++
			if b != 3 {
				t.Fatalf("%v moves from shard %d to the old shard %d", k, a, b)
			}
		}
		many := correlate.Key{For: "many", Group: k.Group}
		if three.Of(many) != three.Of(correlate.Key{For: "then"}) {
			t.Fatal("correlations that watch one another are apart")
		}
	}
	for i, n := range have {
		if n < 800 || n > 1200 {
			t.Errorf("shard %d of 4 has %d of 4000 groups", i, n)
		}
	}
	if moved < 800 || moved > 1200 {
		t.Errorf("%d of 4000 groups move to the fourth shard", moved)
	}
	hits := diary(t, m, "15m failed ann 1")
	kept := 0
	for i := range 3 {
		for _, h := range three.Keep(hits, i) {
			kept += len(h.Keys)
		}
	}
	equal(t, "keys that are kept by all shards together", len(hits[0].Keys), kept)
	if _, err := correlate.Split(specs, 0); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
