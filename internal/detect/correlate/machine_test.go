package correlate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
)

// logins are three failed logins of a user within ten minutes.
func logins() correlate.Spec {
	return correlate.Spec{
		ID: "many", Type: correlate.EventCount, Rules: []string{"failed"}, GroupBy: []string{"User"}, Timespan: 10 * time.Minute,
		Condition: gte(3), Lateness: 45 * time.Minute,
	}
}

func equal[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// TestTold follows one firing: told at once, again when it has doubled or gone on for a timespan, then for the last time.
func TestTold(t *testing.T) {
	m := machine(t, []correlate.Spec{logins()}, correlate.Options{})
	var got []string
	var names []string
	note := func(firings []correlate.Firing) {
		got = append(got, briefs(firings)...)
		for _, f := range firings {
			names = append(names, f.Fingerprint)
		}
	}
	for i := range 10 {
		note(m.Take(diary(t, m, fmt.Sprintf("%dm failed ann id=%d", 3*i, i))))
		note(m.Advance(seen(time.Duration(3*i) * time.Minute)))
	}
	note(m.Advance(seen(82 * time.Minute))) // the watermark is where a hit could still join
	note(m.Advance(seen(82*time.Minute + time.Second)))
	equal(t, "told", []string{
		"many ann: 0s to 6m0s, 3 hits, value 3, open",
		"many ann: 0s to 15m0s, 6 hits, value 4, open",
		"many ann: 0s to 27m0s, 10 hits, value 4, open",
		"many ann: 0s to 27m0s, 10 hits, value 4",
	}, got)
	if names = slices.Compact(names); len(names) != 1 {
		t.Errorf("it goes by the names %v", names)
	}
	report := m.Report()[0]
	equal(t, "counts", correlate.Counts{Taken: 10, Firings: 1}, report.Counts)
	if !report.Watermark.Equal(morning.Add(37*time.Minute + time.Second)) {
		t.Errorf("the watermark is %s", report.Watermark)
	}
}

// TestSupersedes: a late part of the past may move a beginning and join two firings; each is told under one name at a time.
func TestSupersedes(t *testing.T) {
	m := machine(t, []correlate.Spec{logins()}, correlate.Options{})
	first := m.Take(diary(t, m, "11m failed ann id=a\n12m failed ann id=b\n13m failed ann id=c\n33m failed ann id=d\n34m failed ann id=e\n35m failed ann id=f"))
	equal(t, "two", []string{"many ann: 11m0s to 13m0s, 3 hits, value 3, open", "many ann: 33m0s to 35m0s, 3 hits, value 3, open"}, briefs(first))
	moved := m.Take(diary(t, m, "8m failed ann id=g\n9m failed ann id=h"))
	equal(t, "moved from the 13th to the 11th minute, which needs no other name", nil, briefs(moved))
	moved = m.Take(diary(t, m, "7m failed ann id=i"))
	equal(t, "moved to the 9th", []string{"many ann: 7m0s to 13m0s, 6 hits, value 6, open"}, briefs(moved))
	if moved[0].Fingerprint == first[0].Fingerprint || !slices.Equal(moved[0].Supersedes, []string{first[0].Fingerprint}) {
		t.Errorf("from %s to %v", first[0].Fingerprint, moved)
	}
	joined := m.Take(diary(t, m, "22m failed ann id=j\n23m failed ann id=k\n24m failed ann id=l"))
	equal(t, "joined", []string{"many ann: 7m0s to 35m0s, 12 hits, value 6, open"}, briefs(joined))
	equal(t, "joined", []string{first[1].Fingerprint}, joined[0].Supersedes)
	one := machine(t, []correlate.Spec{logins()}, correlate.Options{MaxGroups: 1})
	one.Take(diary(t, one, "11m failed ann id=a\n12m failed ann id=b\n13m failed ann id=c"))
	last := one.Take(diary(t, one, "8m failed ann id=d\n9m failed ann id=e\n7m failed ann id=f\n14m failed bob"))
	equal(t, "moved and evicted at once", []string{"many ann: 7m0s to 13m0s, 6 hits, value 6"}, briefs(last))
	equal(t, "moved and evicted at once", []string{first[0].Fingerprint}, last[0].Supersedes)
	equal(t, "a name of the group", joined[0].Subject()+"-"+strings.SplitN(joined[0].Fingerprint, "-", 2)[1], joined[0].Fingerprint)
}

// TestChain is the specification's own example: failed logins, then a success. The fields to group by may differ.
func TestChain(t *testing.T) {
	many := logins()
	many.GroupBy = []string{"Computer"}
	then := correlate.Spec{ID: "then", Type: correlate.TemporalOrdered, Rules: []string{"many", "success"}, GroupBy: []string{"User"}, Timespan: 10 * time.Minute, Lateness: time.Minute}
	bursts := correlate.Spec{ID: "bursts", Type: correlate.EventCount, Rules: []string{"many"}, Timespan: 24 * time.Hour, Condition: gte(2)}
	m := machine(t, []correlate.Spec{then, bursts, many}, correlate.Options{})
	equal(t, "wants", []string{"many", "then", "bursts"}, m.Wants("failed"))
	equal(t, "wants", []string{"then"}, m.Wants("success"))
	hit := func(minute int, rule, computer, user string) correlate.Hit {
		h := correlate.Hit{Rule: rule, Event: fmt.Sprint(rule, minute), Time: morning.Add(time.Duration(minute) * time.Minute)}
		h.Keys = []correlate.Key{{For: "then", Group: []string{user}}}
		if rule == "failed" {
			h.Keys = append(h.Keys, correlate.Key{For: "many", Group: []string{computer}}, correlate.Key{For: "bursts"})
		}
		return h
	}
	var spray []correlate.Hit
	for i, user := range []string{"ann", "bob", "eve", "ann", "bob"} {
		spray = append(spray, hit(i, "failed", "web", user))
	}
	equal(t, "the spray", []string{"many web: 0s to 4m0s, 5 hits, value 5, open"}, briefs(m.Take(spray)))
	success := m.Take([]correlate.Hit{hit(11, "success", "", "ann"), hit(12, "success", "", "zoe")})
	equal(t, "a success of one who was in it", []string{"then ann: 2m0s to 11m0s, 4 hits, value 2, open"}, briefs(success))
	equal(t, "the event of a fact", "~"+correlate.Firing{Correlation: "many", Group: []string{"web"}}.Subject(), success[0].Hits[0].Event)
	var again []correlate.Hit
	for i := range 3 {
		again = append(again, hit(100+i, "failed", "db", "ann"), hit(120+i, "failed", "web", "ann"))
	}
	m.Take(again)
	got := briefs(m.Advance(seen(147*time.Minute + time.Second))) // the watermark of many has passed the beginning of one new burst
	equal(t, "one burst more is sure", []string{"bursts : 2m0s to 1h42m0s, 2 hits, value 2, open", "many web: 0s to 4m0s, 5 hits, value 5", "then ann: 2m0s to 11m0s, 4 hits, value 2"}, got)
	for _, r := range m.Report() {
		if want := morning.Add(102*time.Minute + time.Second); !r.Watermark.Equal(want) {
			t.Errorf("%s is at %s, ahead of the one it watches, or behind", r.Correlation, r.Watermark)
		}
	}
	got = briefs(m.Advance(seen(1000 * time.Hour)))
	slices.Sort(got)
	equal(t, "in the end", []string{"bursts : 2m0s to 2h2m0s, 3 hits, value 3", "many db: 1h40m0s to 1h42m0s, 3 hits, value 3", "many web: 2h0m0s to 2h2m0s, 3 hits, value 3"}, got)
}

// TestWatermark: the slowest source that is not idle decides; when all are idle the newest does.
func TestWatermark(t *testing.T) {
	all, named := logins(), logins()
	named.ID, named.Sources, named.Lateness = "named", []string{"trail", "flow"}, 0
	m := machine(t, []correlate.Spec{all, named}, correlate.Options{})
	at := func() string {
		var s []string
		for _, r := range m.Report() {
			if r.Watermark.IsZero() {
				s = append(s, "nowhere")
			} else {
				s = append(s, r.Watermark.Sub(morning).String())
			}
		}
		return strings.Join(s, " ")
	}
	mark := func(source string, minutes int, idle bool) correlate.Mark {
		return correlate.Mark{Source: source, Seen: morning.Add(time.Duration(minutes) * time.Minute), Idle: idle}
	}
	equal(t, "before all", "nowhere nowhere", at())
	for _, step := range []struct {
		mark correlate.Mark
		want string
	}{
		{mark("trail", 60, false), "15m0s nowhere"},
		{mark("flow", 50, false), "15m0s 50m0s"}, // a new source does not turn back the clock
		{mark("dns", 120, false), "15m0s 50m0s"},
		{mark("flow", 90, false), "15m0s 1h0m0s"},
		{mark("trail", 100, false), "45m0s 1h30m0s"},
		{mark("trail", 10, false), "45m0s 1h30m0s"},
		{mark("flow", 0, true), "55m0s 1h40m0s"},
		{mark("trail", 300, true), "1h15m0s 5h0m0s"},
		{mark("dns", 0, true), "4h15m0s 5h0m0s"},
		{correlate.Mark{Source: "new"}, "4h15m0s 5h0m0s"},
	} {
		m.Advance([]correlate.Mark{step.mark})
		equal(t, fmt.Sprint(step.mark), step.want, at())
	}
}

// TestLate: nothing is lost in silence.
func TestLate(t *testing.T) {
	m := machine(t, []correlate.Spec{logins()}, correlate.Options{})
	m.Take(diary(t, m, "60m failed ann id=a\n61m failed ann id=b\n30m failed bob id=c"))
	m.Advance(seen(110 * time.Minute)) // the watermark is at 65m
	got := m.Take(diary(t, m, "62m failed ann id=late\n50m failed ann id=lost\n60m failed ann id=a\n30m failed bob id=c\n65m failed ann id=d"))
	equal(t, "judged against what is held", []string{"many ann: 1h0m0s to 1h5m0s, 4 hits, value 4, open"}, briefs(got))
	if !got[0].Late || !strings.Contains(got[0].Why, "came behind the watermark") {
		t.Errorf("it does not say that a part came late: %+v", got[0])
	}
	equal(t, "counts", correlate.Counts{Taken: 5, Duplicates: 1, Late: 1, Missed: 2}, m.Report()[0].Counts)
	var cases []string
	for _, l := range m.Losses() {
		cases = append(cases, fmt.Sprint(l.Kind, " ", l.Group, l.Event, ": ", l.Why))
	}
	equal(t, "cases", []string{
		"late [ann]late: it came 3m behind the watermark and was judged against what was still held",
		"missed [ann]lost: it came 15m behind the watermark, when its window was no longer held",
		"missed [bob]c: it came 35m behind the watermark, when its window was no longer held",
	}, cases)
	equal(t, "cases are told once", 0, len(m.Losses()))
	// A copy behind the watermark adds a rule, but not a reference: what the copy's was must not depend on when it came.
	both := logins()
	both.Rules = []string{"failed", "foreign"}
	m = machine(t, []correlate.Spec{both}, correlate.Options{})
	m.Take(diary(t, m, "60m failed ann id=a\n61m failed ann id=b\n62m failed ann id=c"))
	m.Advance(seen(110 * time.Minute))
	copies := diary(t, m, "60m failed ann id=a")
	copies[0].Ref = "a"
	m.Take(copies)
	m.Take(diary(t, m, "61m foreign ann id=b"))
	f := m.Advance(seen(1000 * time.Minute))[0]
	equal(t, "reference", "s3://a", f.Hits[0].Ref)
	equal(t, "rules", []string{"failed", "foreign"}, f.Hits[1].Rules)
	equal(t, "counts", correlate.Counts{Taken: 4, Duplicates: 1, Late: 1, Firings: 1}, m.Report()[0].Counts)
}

// TestLateJoins: a hit behind the watermark may join two firings of which hits were let go already.
func TestLateJoins(t *testing.T) {
	s := logins()
	s.Condition = gte(1)
	m := machine(t, []correlate.Spec{s}, correlate.Options{})
	m.Take(diary(t, m, "0m failed ann id=a\n9m failed ann id=b\n20m failed ann id=c\n29m failed ann id=d"))
	m.Advance(seen(64 * time.Minute)) // the watermark is at 19m: a can go, neither firing is final
	m.Advance(seen(64 * time.Minute))
	got := m.Take(diary(t, m, "15m failed ann id=e"))
	equal(t, "joined", []string{"many ann: 0s to 29m0s, 5 hits, value 2, open"}, briefs(got))
	var events []string
	for _, h := range m.Advance(seen(1000 * time.Minute))[0].Hits {
		events = append(events, h.Event)
	}
	equal(t, "hits", []string{"a", "b", "e", "c", "d"}, events)
}

func TestUnusable(t *testing.T) {
	sum := correlate.Spec{ID: "sum", Type: correlate.ValueSum, Rules: []string{"a"}, Timespan: time.Hour, Condition: gte(1)}
	count := correlate.Spec{ID: "count", Type: correlate.ValueCount, Rules: []string{"a"}, Fields: []string{"f", "g"}, Timespan: time.Hour, Condition: gte(1)}
	avg := correlate.Spec{ID: "avg", Type: correlate.ValueAvg, Rules: []string{"a"}, Timespan: time.Hour, Condition: gte(1)}
	m := machine(t, []correlate.Spec{sum, count, avg}, correlate.Options{})
	hit := func(id string, at time.Time, key correlate.Key) {
		m.Take([]correlate.Hit{{Rule: "a", Event: id, Time: at, Keys: []correlate.Key{key}}})
	}
	for _, v := range []string{"", "x", "NaN", "1e300", "-1"} {
		hit("e", morning, correlate.Key{For: "sum", Values: []string{v}})
	}
	hit("e", morning, correlate.Key{For: "sum"})
	hit("e", morning, correlate.Key{For: "sum", Values: []string{"1", "2"}})
	hit("e", morning, correlate.Key{For: "count", Values: []string{"1"}})
	hit("", morning, correlate.Key{For: "count", Values: []string{"1", "2"}})
	hit("e", time.Time{}, correlate.Key{For: "count", Values: []string{"1", "2"}})
	hit(strings.Repeat("e", 9000), morning, correlate.Key{For: "count", Values: []string{"1", "2"}})
	hit("e", morning, correlate.Key{For: "avg", Values: []string{"-1"}})
	hit("e", morning, correlate.Key{For: "another machine's", Values: []string{"-1"}})
	var got []correlate.Counts
	for _, r := range m.Report() {
		got = append(got, r.Counts)
	}
	equal(t, "counts", []correlate.Counts{{Unusable: 7}, {Unusable: 4}, {Taken: 1}}, got)
	for _, l := range m.Losses() {
		if l.Kind != correlate.Unusable || l.Why == "" || l.Correlation == "avg" {
			t.Errorf("%+v", l)
		}
	}
}

// TestExplain asks how far a window is.
func TestExplain(t *testing.T) {
	then := correlate.Spec{ID: "then", Type: correlate.TemporalOrdered, Rules: []string{"failed", "success"}, Timespan: 10 * time.Minute, Lateness: time.Minute}
	few := correlate.Spec{ID: "few", Type: correlate.EventCount, Rules: []string{"failed"}, Timespan: 10 * time.Minute, Condition: []correlate.Test{{Op: correlate.LT, Number: 2}}}
	alone := correlate.Spec{
		ID: "alone", Type: correlate.Boolean, Rules: []string{"failed", "success"}, Timespan: 10 * time.Minute,
		Expr: correlate.And{correlate.Rule("failed"), correlate.Not{Item: correlate.Rule("success")}},
	}
	m := machine(t, []correlate.Spec{logins(), then, few, alone}, correlate.Options{})
	m.Take(diary(t, m, "0m failed ann id=a\n4m failed ann id=b\n12m success bob"))
	ask := func(correlation, user string, minute int) string {
		p, err := m.Explain(correlation, []string{user}, morning.Add(time.Duration(minute)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return p.Text
	}
	const to = "2026-03-02T09:"
	equal(t, "count", "User = ann, from 2026-03-02T08:54:00Z to "+to+"04:00Z: 2 of failed (wanted: at least 3); it does not hold; a source is yet to be heard of, so that nothing is final", ask("many", "ann", 4))
	m.Advance(seen(2 * time.Minute))
	equal(t, "count", "User = ann, from "+to+"01:00Z to "+to+"11:00Z: 1 of failed (wanted: at least 3); it does not hold; hits after 2026-03-02T08:17:00Z may still come on time", ask("many", "ann", 11))
	equal(t, "order", "ann, from 2026-03-02T08:54:00Z to "+to+"04:00Z: 1 of failed, then success in this order (all are wanted); no hit of success; it does not hold; hits after "+to+"01:00Z may still come on time", ask("then", "ann", 4))
	equal(t, "too few", "ann, from "+to+"00:00Z to "+to+"10:00Z: 2 of failed (wanted: less than 2); it does not hold; judged when the watermark, now "+to+"02:00Z, has passed "+to+"10:00Z", ask("few", "ann", 9))
	equal(t, "absence", "ann, from "+to+"04:00Z to "+to+"14:00Z: 1 of failed, success (wanted: failed and not success); no hit of success; it holds; judged when the watermark, now "+to+"02:00Z, has passed "+to+"14:00Z", ask("alone", "ann", 9))
	equal(t, "nothing", "zoe, from 2026-03-02T08:59:00Z to "+to+"09:00Z: nothing is held; no hit of failed, success; it does not hold; hits after "+to+"02:00Z may still come on time", ask("alone", "zoe", 9))
	m.Take(diary(t, m, "5m failed ann"))
	m.Advance(seen(55 * time.Minute))
	p, err := m.Explain("many", []string{"ann"}, morning.Add(5*time.Minute))
	want := correlate.Progress{
		From: morning.Add(-5 * time.Minute), To: morning.Add(5 * time.Minute), Hits: 3, Value: 3, Holds: true, Firing: true, Found: "3 of failed (wanted: at least 3)",
		Text: "User = ann, from 2026-03-02T08:55:00Z to " + to + "05:00Z: 3 of failed (wanted: at least 3); it holds; hits before " + to + "00:00Z are no longer held, as no hit on time can need them",
	}
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "all of it", want, p)
	if _, err := m.Explain("none", nil, morning); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := m.Explain("many", nil, time.Time{}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
