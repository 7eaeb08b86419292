package lineage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
)

// world draws records of a small world, in which the same names, keys and times meet often.
func world(tb testing.TB, t *rapid.T) (issued, calls []*event.Record) {
	few := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	who := func() object {
		switch few("who", "user", "session", "session", "account", "service", "root") {
		case "user":
			return user(few("user", "mia", "tom"), few("long key", "AKIA1", "AKIA2"))
		case "account":
			return object{"type": "AWSAccount", "accountId": ours, "principalId": few("principal", "AROAa:x", "AROAb:x", "AIDA1")}
		case "service":
			return service(few("service", "ec2.amazonaws.com", "lambda.amazonaws.com"))
		case "root":
			return object{"type": "Root", "arn": "arn:aws:iam::" + ours + ":root", "accountId": ours, "accessKeyId": few("key", "ASIA1", "ASIA2")}
		}
		return session(few("account", ours, theirs), "", few("role", "a", "b"), few("name", "x", "i-1"), few("key", "ASIA1", "ASIA2", "ASIA3", "ASIA4", ""))
	}
	for range rapid.IntRange(1, 12).Draw(t, "issued") {
		more := object{}
		if rapid.Bool().Draw(t, "is shared") {
			more["sharedEventID"] = few("shared", "s-1", "s-2")
		}
		minute := rapid.IntRange(0, 90).Draw(t, "minute")
		key := few("issued key", "ASIA1", "ASIA2", "ASIA3", "ASIA4")
		issued = append(issued, took(tb, minute, who(), few("account", ours, theirs), few("role", "a", "b"), few("name", "x", "i-1"), key, more))
	}
	for range 6 {
		calls = append(calls, call(tb, rapid.IntRange(0, 90).Draw(t, "minute"), who()))
	}
	return issued, calls
}

func answers(g *lineage.Graph, calls []*event.Record) []string {
	var out []string
	for _, r := range calls {
		l, _ := g.Resolve(r)
		out = append(out, string(l.JSON()))
	}
	return out
}

// TestOrder: what is known in the end does not depend on the order in which records came, on copies of them, or on a restart in
// between.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		issued, calls := world(t, rt)
		g := lineage.New(lineage.Options{})
		for _, r := range issued {
			g.Learn(r)
		}
		want := answers(g, calls)
		again := append(slices.Clone(issued), issued...)
		h := lineage.New(lineage.Options{Rows: true})
		for i, r := range rapid.Permutation(again).Draw(rt, "order") {
			h.Learn(r)
			answers(h, calls[:1]) // to ask early changes nothing
			if i == len(issued) {
				h = restarted(t, h)
			}
		}
		if d := cmp.Diff(want, answers(h, calls)); d != "" {
			rt.Fatalf("another order (-want +got):\n%s", d)
		}
	})
}

// restarted is a graph that was kept in rows.
func restarted(t *testing.T, g *lineage.Graph) *lineage.Graph {
	t.Helper()
	rows, err := g.Dirty()
	if err != nil {
		t.Fatal(err)
	}
	h := lineage.New(lineage.Options{Rows: true})
	if errs := h.Load(rows); len(errs) > 0 {
		t.Fatal(errs)
	}
	if dirty, err := h.Dirty(); err != nil || len(dirty) > 0 {
		t.Fatalf("%d rows that were just loaded are new: %v", len(dirty), err)
	}
	return h
}

func TestRows(t *testing.T) {
	g := lineage.New(lineage.Options{Rows: true})
	g.Learn(took(t, 1, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA1"))
	rows, err := g.Dirty()
	if err != nil || len(rows) != 1 || !strings.HasPrefix(rows[0].ID, "ASIA1/e-") || !rows[0].Until.Equal(morning.Add(61*time.Minute)) {
		t.Fatalf("got %+v, %v", rows, err)
	}
	g.Learn(took(t, 1, object{"type": "AWSAccount", "accountId": ours}, ours, "a", "s", "ASIA1", object{"sharedEventID": "s"}))
	g.Saved(rows)
	if left, _ := g.Dirty(); len(left) != 1 {
		t.Errorf("what came after the rows were read counts as saved")
	}
	left, _ := g.Dirty()
	g.Saved(left)
	if left, _ = g.Dirty(); len(left) != 0 {
		t.Errorf("%d rows are left", len(left))
	}
	for name, r := range map[string]lineage.Row{
		"no JSON":         {ID: "ASIA1/e", State: []byte("{")},
		"another version": {ID: "ASIA1/e", State: []byte(`{"v":9,"key":"ASIA1","how":"AssumeRole","event":"e"}`)},
		"another id":      {ID: "ASIA2/e", State: rows[0].State},
		"another event":   {ID: "ASIA1/e", State: []byte(`{"v":1,"key":"ASIA1","how":"PutObject","event":"e"}`)},
	} {
		if errs := lineage.New(lineage.Options{}).Load([]lineage.Row{r}); len(errs) != 1 {
			t.Errorf("%s: want one error, got %v", name, errs)
		}
	}
}

// Later records give more: an event that came before its AssumeRole is resolved when it is asked about again.
func TestLater(t *testing.T) {
	g := lineage.New(lineage.Options{})
	r := call(t, 30, session(ours, "", "deploy", "ci", "ASIA1"))
	check(t, g, r, want{"unknown", sessionOf(ours, "deploy", "ci"), ours, 0, "unknown", "not seen"})
	g.Learn(took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1"))
	l := check(t, g, r, want{"person", "arn:aws:iam::" + ours + ":user/mia", ours, 1, "proved", "mia"})
	if l.Key != "AKIAMIA" || l.Chain[0].How != "AssumeRole" || l.Chain[0].Event == "" || !l.Chain[0].At.Equal(morning.Add(12*time.Minute)) {
		t.Errorf("got %+v", l)
	}
	var fields map[string]any
	if err := json.Unmarshal(g.Lineage(r), &fields); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"root": "arn:aws:iam::111122223333:user/mia", "kind": "person", "account": ours, "name": "mia", "key": "AKIAMIA", "strength": "proved",
		"hops": 1.0, "chain": []any{sessionOf(ours, "deploy", "ci")},
	}
	if d := cmp.Diff(want, fields); d != "" {
		t.Error(d)
	}
}

// A graph never holds more than it may, and counts what it forgets.
func TestBounds(t *testing.T) {
	g := lineage.New(lineage.Options{MaxGrants: 10, Rows: true})
	var first *event.Record
	for i := range 100 {
		g.Learn(took(t, i, user("mia", "AKIAMIA"), ours, "a", "s", fmt.Sprintf("ASIA%d", i)))
		if i == 0 {
			first = call(t, i, session(ours, "", "a", "s", "ASIA0"))
		}
	}
	if c := g.Counts(); c != (lineage.Counts{Grants: 10, Evicted: 90, Unsaved: 90}) {
		t.Errorf("got %+v", c)
	}
	check(t, g, first, want{"unknown", sessionOf(ours, "a", "s"), ours, 0, "unknown", ""})
	if rows, _ := g.Dirty(); len(rows) != 10 {
		t.Errorf("%d rows", len(rows))
	}
	g = lineage.New(lineage.Options{Keep: time.Hour})
	g.Learn(took(t, 0, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA1"))
	g.Learn(took(t, 100, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA2"))
	if c := g.Counts(); c != (lineage.Counts{Grants: 2}) {
		t.Errorf("in time: got %+v", c)
	}
	g.Learn(took(t, 130, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA3"))
	g.Learn(took(t, 1, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA4"))
	if c := g.Counts(); c != (lineage.Counts{Grants: 2, Expired: 2}) {
		t.Errorf("ended: got %+v", c)
	}
}

// A chain that is made longer than anybody needs costs no more than any other and is told as unknown.
func TestLongChain(t *testing.T) {
	g := lineage.New(lineage.Options{})
	g.Learn(took(t, 0, user("mia", "AKIAMIA"), ours, "r", "s", "ASIA0"))
	for i := range 100 {
		g.Learn(took(t, i+1, session(ours, "", "r", "s", fmt.Sprintf("ASIA%d", i)), ours, "r", "s", fmt.Sprintf("ASIA%d", i+1)))
	}
	if l, _ := g.Resolve(call(t, 20, session(ours, "", "r", "s", "ASIA20"))); l.Root.Kind != lineage.Person {
		t.Errorf("twenty hops: %s", l.Words())
	}
	if l, _ := g.Resolve(call(t, 110, session(ours, "", "r", "s", "ASIA100"))); l.Root.Kind != lineage.Unknown || l.Strength != lineage.Untraced || len(l.Chain) > 40 {
		t.Errorf("a hundred hops: %s", l.Words())
	}
}

// FuzzLearn: no record breaks a graph, and what was learnt survives being kept.
func FuzzLearn(f *testing.F) {
	for _, r := range []*event.Record{
		took(f, 1, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA1"), call(f, 1, session(ours, "", "a", "s", "ASIA1")), took(f, 1, service("ec2.amazonaws.com"), ours, "a", "i-1", "ASIA1"),
		record(f, 1, "signin.amazonaws.com", "SwitchRole", session(theirs, "", "audit", "mia", ""), object{"additionalEventData": object{"SwitchFrom": "arn:aws:iam::1:user/m"}}),
	} {
		f.Add(r.Raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := &event.Event{Raw: raw}
		g := lineage.New(lineage.Options{MaxGrants: 2, Rows: true})
		learnt := g.Learn(e.Record())
		l, ok := g.Resolve(e.Record())
		if ok && (l.Root.Kind == "" || l.Strength == "" || l.Words() == "" || !json.Valid(l.JSON())) {
			t.Fatalf("%q: %+v", raw, l)
		}
		rows, err := g.Dirty()
		if err != nil || learnt != (len(rows) == 1) {
			t.Fatalf("learnt %v, %d rows, %v", learnt, len(rows), err)
		}
		if errs := lineage.New(lineage.Options{}).Load(rows); len(errs) > 0 {
			t.Fatal(errs)
		}
	})
}

// FuzzLoad: no row breaks a graph.
func FuzzLoad(f *testing.F) {
	f.Add("ASIA1/e", []byte(`{"v":1,"key":"ASIA1","how":"AssumeRole","event":"e","at":5,"until":9,"session":"s","caller":{"type":"IAMUser"}}`))
	f.Fuzz(func(t *testing.T, id string, state []byte) {
		g := lineage.New(lineage.Options{})
		if errs := g.Load([]lineage.Row{{ID: id, State: state}}); len(errs) == 0 && g.Counts().Grants != 1 {
			t.Fatal("a row is gone")
		}
	})
}

// BenchmarkResolve asks about an event two hops from its root, BenchmarkTells about one that teaches nothing.
func BenchmarkResolve(b *testing.B) {
	g := lineage.New(lineage.Options{})
	for i := range 1000 {
		g.Learn(took(b, 1, user("mia", "AKIAMIA"), ours, "a", "s", fmt.Sprintf("ASIA%d", i)))
	}
	g.Learn(took(b, 2, session(ours, "", "a", "s", "ASIA1"), theirs, "b", "t", "ASIAEND"))
	r := call(b, 3, session(theirs, "", "b", "t", "ASIAEND"))
	b.ReportAllocs()
	for b.Loop() {
		if l, _ := g.Resolve(r); len(l.Chain) != 2 {
			b.Fatal(l)
		}
	}
}

func BenchmarkTells(b *testing.B) {
	r := call(b, 3, user("mia", "AKIAMIA"))
	b.ReportAllocs()
	for b.Loop() {
		if lineage.Tells(r) {
			b.Fatal("it tells nothing")
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	var all []*event.Record
	for i := range 4096 {
		all = append(all, took(b, i, user("mia", "AKIAMIA"), ours, "a", "s", fmt.Sprintf("ASIA%d", i)))
	}
	b.ReportAllocs()
	g := lineage.New(lineage.Options{})
	i := 0
	for b.Loop() {
		g.Learn(all[i%len(all)])
		i++
	}
}
