package expect_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"jobzero/internal/expect"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// world is one resource of the content's own tests, with the intent that goes with it.
type world struct {
	name   string
	r      resource.Resource
	intent *org.Intent
}

// worlds are all of them that exist.
func worlds(t testing.TB) []world {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(repo(t), "content", "expectations", "*.test"))
	if err != nil || len(files) == 0 {
		t.Fatal("no tests beside the expectations", err)
	}
	var out []world
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			var c struct {
				resource.Resource
				Intent json.RawMessage `json:"intent"`
			}
			if err := json.Unmarshal(f.Data, &c); err != nil {
				t.Fatal(file, f.Name, err)
			}
			w := world{name: filepath.Base(file) + "/" + f.Name, r: c.Resource}
			if c.Intent != nil {
				if w.intent, err = org.ParseIntent("intent.json", c.Intent); err != nil {
					t.Fatal(err)
				}
			}
			if !w.r.Gone {
				out = append(out, w)
			}
		}
	}
	return out
}

// paths are what can be unknown of a resource: its tags, its properties and relations as such, and what is in them to the
// second level, also what is not there at all.
func paths(r resource.Resource) []string {
	out := []string{"tags", "properties", "related", "properties.Missing", "related.missing"}
	for room, m := range map[string]map[string]any{"properties": r.Properties, "related": r.Related} {
		for k, v := range m {
			out = append(out, room+"."+k)
			if below, ok := v.(map[string]any); ok {
				for k2 := range below {
					out = append(out, room+"."+k+"."+k2)
				}
			}
		}
	}
	slices.Sort(out) // what is drawn by its place must stand at the same place when it is drawn again
	return out
}

// with gives the resource with another value at a path; remove takes the key out.
func with(r resource.Resource, path string, value any, remove bool) resource.Resource {
	steps := strings.Split(path, ".")
	if len(steps) == 1 {
		switch m, _ := value.(map[string]any); steps[0] {
		case "properties":
			r.Properties = m
		case "related":
			r.Related = m
		default:
			r.Tags = map[string]string{}
			for k, v := range m {
				if s, ok := v.(string); ok {
					r.Tags[k] = s
				}
			}
		}
		return r
	}
	room := &r.Properties
	if steps[0] == "related" {
		room = &r.Related
	}
	*room = set(*room, steps[1:], value, remove)
	return r
}

func set(m map[string]any, steps []string, value any, remove bool) map[string]any {
	out := maps.Clone(m)
	if out == nil {
		out = map[string]any{}
	}
	switch below, _ := out[steps[0]].(map[string]any); {
	case len(steps) > 1:
		out[steps[0]] = set(below, steps[1:], value, remove)
	case remove:
		delete(out, steps[0])
	default:
		out[steps[0]] = value
	}
	return out
}

// TestOneUnknownDecidesNothing makes each part of each resource unknown and then tries everyday values for it: a verdict that was reached
// without it stands whatever it is. So nothing passes because it could not be read.
func TestOneUnknownDecidesNothing(t *testing.T) {
	_, expectations := content(t)
	for _, w := range worlds(t) {
		facts := expect.Facts{Intent: w.intent, Now: noon}
		w.r.Unknown = nil
		for _, path := range paths(w.r) {
			partial := w.r
			partial.Unknown = []resource.Unknown{{Path: path, Cause: "denied"}}
			before := expectations.Check(partial, facts)
			stands(t, w.name+" without "+path, before, expectations.Check(with(w.r, path, nil, true), facts))
			for _, value := range everyday() {
				stands(t, w.name+" without "+path, before, expectations.Check(with(w.r, path, value, false), facts))
			}
		}
	}
}

// stands holds what was decided without knowing against what is so when it is known.
func stands(t rapid.TB, about string, before, after []expect.Verdict) {
	t.Helper()
	for i, b := range before {
		a := after[i]
		same := a.Result == b.Result || b.Result == expect.Pass && a.Result == expect.NotApplicable
		if b.Result != expect.Unknown && !same {
			t.Fatalf("%s of %s is %s, but %s (%s) when it is known", b.Expectation.ID, about, b.Result, a.Result, a.Why)
		}
	}
}

// TestWhatIsUnknownDecidesNothing does the same for several parts at once, and with values of other resources, drawn at random: there are
// too many for all.
func TestWhatIsUnknownDecidesNothing(t *testing.T) {
	_, expectations := content(t)
	all := worlds(t)
	values := append(everyday(), harvest(all)...)
	reached := map[expect.Result]int{}
	const rounds = 20 // a hundred draws are too few of so many worlds: some results are rare
	for range rounds {
		rapid.Check(t, func(t *rapid.T) { unknownDecidesNothing(t, all, values, expectations, reached) })
	}
	for _, r := range []expect.Result{expect.Pass, expect.Fail, expect.Unknown, expect.NotApplicable} {
		if reached[r] == 0 {
			t.Errorf("the property never met the result %s", r)
		}
	}
}

func unknownDecidesNothing(t *rapid.T, all []world, values []any, expectations *expect.Set, reached map[expect.Result]int) {
	w := all[rapid.IntRange(0, len(all)-1).Draw(t, "world")]
	facts := expect.Facts{Intent: w.intent, Now: noon}
	known := w.r
	known.Unknown = nil
	partial := known
	for range rapid.IntRange(1, 3).Draw(t, "unknowns") {
		path := rapid.SampledFrom(paths(w.r)).Draw(t, "path")
		value, remove := values[rapid.IntRange(0, len(values)-1).Draw(t, "value")], rapid.Bool().Draw(t, "remove")
		known = with(known, path, value, remove)
		partial.Unknown = append(partial.Unknown, resource.Unknown{Path: path, Cause: "denied"})
	}
	before, after := expectations.Check(partial, facts), expectations.Check(known, facts)
	for _, b := range before {
		reached[b.Result]++
	}
	stands(t, w.name+" without knowing", before, after)
}

func everyday() []any {
	return []any{
		true, false, nil, "", "x", "Inactive", "Active", "default", int64(0), 22.0,
		[]any{},
		map[string]any{},
		map[string]any{org.ExposureTag: org.ExposurePrivate},
		[]any{map[string]any{"PolicyName": "AWSCompromisedKeyQuarantineV3"}},
	}
}

// harvest gives the values that occur in the resources, so that a policy is tried with another policy.
func harvest(all []world) []any {
	var out []any
	for _, w := range all {
		for _, m := range []map[string]any{w.r.Properties, w.r.Related} {
			for _, k := range slices.Sorted(maps.Keys(m)) {
				out = append(out, m[k])
			}
		}
	}
	return out
}

func FuzzLoad(f *testing.F) {
	f.Add(good)
	files, err := filepath.Glob(filepath.Join(repo(f), "content", "expectations", "*.yaml"))
	if err != nil || len(files) == 0 {
		f.Fatal("no expectations", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, errs := load(t, map[string]string{"a.yaml": text})
		for _, err := range errs {
			if !strings.HasPrefix(err.Error(), "a.yaml:") {
				t.Fatalf("error without a place: %v", err)
			}
		}
		for _, e := range set.All() {
			r := resource.Resource{Ref: resource.Ref{Type: e.Types[0], ID: "x"}, Properties: map[string]any{"Size": 1}}
			for _, v := range set.Check(r, expect.Facts{Now: noon}) {
				if v.Result == "" || v.Why == "" {
					t.Fatalf("an empty verdict: %+v", v)
				}
			}
		}
	})
}

func FuzzCase(f *testing.F) {
	for _, w := range worlds(f)[:5] {
		data, err := json.Marshal(w.r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("-- pass/x.json --\n" + string(data))
	}
	f.Add("words\n-- fail/x.json --\n{\"type\":\"Example::Shop::Box\",\"properties\":{\"Size\":10},\"intent\":[],\"org\":{},\"now\":\"2026-01-01T00:00:00Z\"}\n")
	f.Add("-- --")
	f.Fuzz(func(t *testing.T, archive string) {
		for _, r := range expect.RunTests(mapFS(good, archive), "a.yaml") {
			if !r.OK && r.Text == "" {
				t.Fatalf("a failure without words: %+v", r)
			}
		}
	})
}

func mapFS(expectation, cases string) fstest.MapFS {
	return fstest.MapFS{"a.yaml": {Data: []byte(expectation)}, "a.test": {Data: []byte(cases)}}
}

// BenchmarkCheck judges the resources of the content's tests: those that meet their expectation, as most do in a sweep, and
// all of them, most of which do not and so get their messages made.
func BenchmarkCheck(b *testing.B) {
	_, set := content(b)
	var healthy, all []world
	for _, w := range worlds(b) {
		w.r.Unknown = nil
		if all = append(all, w); strings.Contains(w.name, "/pass/") {
			healthy = append(healthy, w)
		}
	}
	for name, list := range map[string][]world{"healthy": healthy, "all": all} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			pairs, i, start := 0, 0, cpu(b)
			for b.Loop() {
				w := list[i%len(list)]
				pairs += len(set.Check(w.r, expect.Facts{Intent: w.intent, Now: noon}))
				i++
			}
			b.ReportMetric(float64(pairs)/(cpu(b)-start).Seconds(), "pairs/cpu-s")
		})
	}
}

// cpu is the processor time that the process has used, which a busy machine does not change.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
