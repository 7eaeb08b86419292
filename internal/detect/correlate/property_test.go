package correlate_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect/correlate"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// someSpecs draws correlations of all types; later ones may watch earlier ones.
func someSpecs(t *rapid.T, lateness time.Duration) []correlate.Spec {
	var specs []correlate.Spec
	for i := range rapid.IntRange(1, 4).Draw(t, "correlations") {
		rules := []string{"a", "b", "c"}
		for _, s := range specs {
			rules = append(rules, s.ID)
		}
		rules = rapid.Permutation(rules).Draw(t, "rules")[:rapid.IntRange(1, 3).Draw(t, "watched")]
		if i > 0 && rapid.Bool().Draw(t, "chained") && !slices.Contains(rules, fmt.Sprint("x", i-1)) {
			rules = append(rules, fmt.Sprint("x", i-1))
		}
		s := correlate.Spec{
			ID:       fmt.Sprint("x", i),
			Rules:    rules,
			GroupBy:  rapid.SampledFrom([][]string{nil, {"user"}, {"host"}, {"user", "host"}}).Draw(t, "group by"),
			Timespan: time.Duration(rapid.IntRange(1, 12).Draw(t, "timespan")) * time.Second,
			Lateness: lateness + time.Duration(rapid.IntRange(0, 3).Draw(t, "more lateness"))*time.Second,
			Type: rapid.SampledFrom([]correlate.Type{
				correlate.EventCount, correlate.ValueCount, correlate.ValueSum, correlate.ValueAvg, correlate.ValuePercentile,
				correlate.Temporal, correlate.TemporalOrdered, correlate.Boolean, correlate.Boolean, correlate.EventCount,
			}).Draw(t, "type"),
		}
		for _, source := range []string{"fast", "slow"} {
			if rapid.Bool().Draw(t, "names "+source) {
				s.Sources = append(s.Sources, source)
			}
		}
		if s.Type == correlate.ValuePercentile {
			s.Percentile = rapid.SampledFrom([]float64{1, 50, 95, 100}).Draw(t, "percentile")
		}
		if s.Type == correlate.Boolean {
			s.Expr = someExpr(t, rules, 2)
		} else {
			s.Condition = someTests(t, s.Type)
		}
		if _, err := correlate.New(append(slices.Clone(specs), s), correlate.Options{}); err == nil {
			specs = append(specs, s)
		}
	}
	return specs
}

func someTests(t *rapid.T, kind correlate.Type) []correlate.Test {
	most := map[correlate.Type]int{correlate.ValueSum: 12, correlate.Temporal: 3, correlate.TemporalOrdered: 3}[kind]
	number := func() float64 { return float64(rapid.IntRange(1, cmp.Or(most, 4)).Draw(t, "number")) }
	op := rapid.SampledFrom([]correlate.Op{correlate.GT, correlate.GTE, correlate.GTE, correlate.GTE, correlate.LT, correlate.LTE, correlate.EQ, correlate.NEQ})
	tests := []correlate.Test{{Op: op.Draw(t, "op"), Number: number()}}
	if (kind == correlate.Temporal || kind == correlate.TemporalOrdered) && rapid.Bool().Draw(t, "all rules") {
		return nil
	}
	if rapid.IntRange(0, 3).Draw(t, "range") == 0 {
		tests = append(tests, correlate.Test{Op: op.Draw(t, "op"), Number: number()})
	}
	return tests
}

func someExpr(t *rapid.T, rules []string, depth int) correlate.Expr {
	kind := rapid.IntRange(0, 4).Draw(t, "expression")
	if depth == 0 || kind == 0 {
		return correlate.Rule(rapid.SampledFrom(rules).Draw(t, "rule"))
	}
	switch kind {
	case 1:
		return correlate.Or{someExpr(t, rules, depth-1), someExpr(t, rules, depth-1)}
	case 2:
		return correlate.And{someExpr(t, rules, depth-1), someExpr(t, rules, depth-1)}
	case 3:
		return correlate.And{someExpr(t, rules, depth-1), correlate.Not{Item: someExpr(t, rules, depth-1)}}
	default:
		return correlate.Not{Item: someExpr(t, rules, depth-1)}
	}
}

// delivery is a hit on its way.
type delivery struct {
	hit    correlate.Hit
	source string
	comes  time.Time
	again  bool // a copy
}

// someDeliveries draws events, the rules that they hit, and when each hit comes: no later than the lateness allows, and then
// perhaps again at any time.
func someDeliveries(t *rapid.T, m *correlate.Machine, specs []correlate.Spec, lateness time.Duration) []delivery {
	var out []delivery
	grain := rapid.SampledFrom([]time.Duration{time.Second / 2, time.Second, 3 * time.Second}).Draw(t, "grain")
	length := rapid.SampledFrom([]time.Duration{10 * time.Second, 50 * time.Second}).Draw(t, "length")
	some := func(most time.Duration, label string) time.Duration {
		return time.Duration(rapid.IntRange(0, int(most/grain)).Draw(t, label)) * grain
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "events") {
		at := morning.Add(some(length, "time"))
		source := rapid.SampledFrom([]string{"fast", "slow"}).Draw(t, "source")
		fields := map[string]string{
			"user":  rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "user"),
			"host":  rapid.SampledFrom([]string{"web", "db"}).Draw(t, "host"),
			"value": rapid.SampledFrom([]string{"0.25", "1", "2", "3.5"}).Draw(t, "value"),
		}
		for _, rule := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 2, rapid.ID[string]).Draw(t, "rules") {
			h := correlate.Hit{Rule: rule, Event: fmt.Sprintf("e%02d", i), Time: at, Ref: fmt.Sprint("ref", rapid.IntRange(0, 1).Draw(t, "ref"))}
			for _, id := range m.Wants(rule) {
				h.Keys = append(h.Keys, key(specs, id, fields))
			}
			d := delivery{h, source, at.Add(some(lateness, "delay")), false}
			out = append(out, d)
			for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "copies") {
				d.comes = d.comes.Add(some(30*time.Second, "delay of the copy"))
				d.again = true
				out = append(out, d)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b delivery) int { return a.comes.Compare(b.comes) })
	return out
}

func key(specs []correlate.Spec, id string, fields map[string]string) correlate.Key {
	s := specs[slices.IndexFunc(specs, func(s correlate.Spec) bool { return s.ID == id })]
	k := correlate.Key{For: id, Values: []string{fields["value"]}}
	for _, f := range s.GroupBy {
		k.Group = append(k.Group, fields[f])
	}
	return k
}

// world is k machines that share the work, the table in which their rows are kept and the one of what they told.
type world struct {
	t        *rapid.T
	specs    []correlate.Spec
	options  correlate.Options
	shards   correlate.Shards
	machines []*correlate.Machine
	rows     []map[string]correlate.Row
	told     map[string]correlate.Firing
}

func newWorld(t *rapid.T, specs []correlate.Spec, k int) *world {
	w := &world{t: t, specs: specs, options: correlate.Options{MaxMembers: 1000, Rows: true}, told: map[string]correlate.Firing{}}
	var err error
	if w.shards, err = correlate.Split(specs, k); err != nil {
		t.Fatal(err)
	}
	for range k {
		m, err := correlate.New(specs, w.options)
		if err != nil {
			t.Fatal(err)
		}
		w.machines = append(w.machines, m)
		w.rows = append(w.rows, map[string]correlate.Row{})
	}
	return w
}

// note does what an owner does with firings and rows, in what would be one transaction.
func (w *world) note(shard int, firings []correlate.Firing) {
	if rapid.Bool().Draw(w.t, "save") {
		w.save(shard)
	}
	for _, f := range firings {
		for _, old := range f.Supersedes {
			if was, ok := w.told[old]; !ok || was.Final {
				w.t.Fatalf("%s supersedes %s, which is not open (%v)", f.Fingerprint, old, ok)
			}
			delete(w.told, old)
		}
		if was := w.told[f.Fingerprint]; was.Final {
			w.t.Fatalf("%s was final and is told again", f.Fingerprint)
		}
		w.told[f.Fingerprint] = f
	}
}

// save brings the table of rows up to date.
func (w *world) save(shard int) {
	for _, row := range w.machines[shard].Dirty() {
		name := row.Correlation + "/" + row.ID
		if row.State == nil {
			delete(w.rows[shard], name)
		} else {
			w.rows[shard][name] = row
		}
	}
}

// restart replaces a machine by one that was loaded from what is saved.
func (w *world) restart(shard int, fromRows bool) {
	var m *correlate.Machine
	var drops []correlate.Drop
	var err error
	if fromRows {
		w.save(shard)
		m, drops, err = correlate.Load(w.specs, w.options, slices.Collect(maps.Values(w.rows[shard])))
	} else {
		snapshot := w.machines[shard].Snapshot()
		m, drops, err = correlate.Restore(w.specs, w.options, snapshot)
		if err == nil && string(m.Snapshot()) != string(snapshot) {
			w.t.Fatal("a restored machine gives another snapshot")
		}
	}
	if err != nil || len(drops) != 0 {
		w.t.Fatal(drops, err)
	}
	w.machines[shard] = m
}

func (w *world) lines() []string {
	var out []string
	for _, f := range w.told {
		out = append(out, line(f))
	}
	slices.Sort(out)
	return out
}

// TestOrderDoesNotMatter is the theorem of the package comment.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lateness := time.Duration(rapid.IntRange(0, 20).Draw(t, "lateness")) * time.Second
		specs := someSpecs(t, lateness)
		w := newWorld(t, specs, rapid.IntRange(1, 3).Draw(t, "replicas"))
		deliveries := someDeliveries(t, w.machines[0], specs, lateness)
		seen := map[string]time.Time{"fast": {}, "slow": {}}
		var known []correlate.Hit
		for rest := deliveries; len(rest) > 0; {
			n := rapid.IntRange(1, min(5, len(rest))).Draw(t, "batch")
			var batch []correlate.Hit
			for _, d := range rest[:n] {
				batch = append(batch, d.hit)
				if !d.again {
					known = append(known, d.hit)
				}
			}
			for i, m := range w.machines {
				w.note(i, m.Take(w.shards.Keep(batch, i)))
			}
			w.agreeAtOnce(known)
			for _, d := range rest[:n] {
				if !d.again && d.hit.Time.After(seen[d.source]) {
					seen[d.source] = d.hit.Time
				}
			}
			rest = rest[n:]
			for i := range w.machines {
				if rapid.Bool().Draw(t, "advance") {
					w.note(i, w.machines[i].Advance(marks(seen, rest)))
				}
				switch rapid.IntRange(0, 7).Draw(t, "restart") {
				case 0:
					w.restart(i, true)
				case 1:
					w.restart(i, false)
					w.rows[i] = map[string]correlate.Row{}
				}
			}
		}
		for i, m := range w.machines {
			w.note(i, m.Advance([]correlate.Mark{{Source: "fast", Seen: morning.Add(time.Hour)}, {Source: "slow", Seen: morning.Add(time.Hour)}}))
			w.save(i)
			if groups, _ := w.machines[i].Size(); groups != 0 {
				t.Fatalf("%d groups are held when all is over", groups)
			}
			for name := range w.rows[i] {
				if !strings.HasSuffix(name, "/") {
					t.Fatalf("row %s is left when all is over", name)
				}
			}
		}
		if d := gocmp.Diff(naive(specs, known), w.lines()); d != "" {
			t.Fatalf("firings (-reference +machine):\n%s", d)
		}
	})
}

// marks say how far each source has come; one that has nothing more to come may be idle.
func marks(seen map[string]time.Time, rest []delivery) []correlate.Mark {
	var out []correlate.Mark
	for source, at := range seen {
		more := slices.ContainsFunc(rest, func(d delivery) bool { return d.source == source && !d.again })
		out = append(out, correlate.Mark{Source: source, Seen: at, Idle: !more})
	}
	return out
}

// agreeAtOnce: whatever the watermarks, monotone correlations have told by now exactly the firings of the hits known by now.
func (w *world) agreeAtOnce(known []correlate.Hit) {
	base := alone(w.specs)
	name := func(s string) string { return strings.Join(strings.Fields(strings.SplitN(s, ":", 2)[0]), " ") }
	var want, got []string
	for _, l := range naive(base, known) {
		want = append(want, name(l))
	}
	for _, f := range w.told {
		if slices.ContainsFunc(base, func(s correlate.Spec) bool { return s.ID == f.Correlation }) {
			got = append(got, name(line(f)))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := gocmp.Diff(want, got); d != "" {
		w.t.Fatalf("told so far (-reference +machine):\n%s", d)
	}
}

func chained(s *correlate.Spec) bool {
	return slices.ContainsFunc(s.Rules, func(rule string) bool { return strings.HasPrefix(rule, "x") })
}

// alone are the correlations that are judged at once and watch no others.
func alone(specs []correlate.Spec) []correlate.Spec {
	return slices.DeleteFunc(slices.Clone(specs), func(s correlate.Spec) bool { return !monotone(&s) || chained(&s) })
}
