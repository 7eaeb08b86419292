package gates

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource/schema"
)

// leastFlips is how many asked parts have to change a verdict at least; below, the coverage has shrunk.
const leastFlips = 595

// TestFlips changes each part that an expectation asks for, and wants to see the new verdict at every gate that decides.
func TestFlips(t *testing.T) {
	byExpectation := map[*expect.Expectation][]state{}
	var order []*expect.Expectation
	for _, s := range cases(t) {
		if s.is.Gone {
			continue
		}
		if byExpectation[s.about] == nil {
			order = append(order, s.about)
		}
		byExpectation[s.about] = append(byExpectation[s.about], s)
	}
	dead := reasons(t, "testdata/dead.txt")
	parts, flips, seen, left := 0, 0, 0, 0
	for _, e := range order {
		for _, path := range asked(e) {
			parts++
			s, ok := flip(byExpectation[e], path)
			if !ok {
				if !dead.take(e.ID + " " + said(path)) {
					t.Errorf("%s: no change of %s changes a verdict: mend the expectation, or say why in testdata/dead.txt", e.ID, said(path))
				}
				continue
			}
			flips++
			for _, enc := range encodings() {
				got, why, err := enc.judge(s)
				switch {
				case err != nil:
					t.Errorf("%s: %s with another %s: %v", enc.name, s.name, said(path), err)
				case why != "":
					left++
				case got.Result == s.want, got.Result == expect.Unknown && enc.cannot(e):
					seen++
				default:
					t.Errorf("%s: %s with another %s is %s, want %s: %s\n%v", enc.name, s.name, said(path), got.Result, s.want, got.Why, s.is.Properties)
				}
			}
		}
	}
	t.Logf("%d of %d parts that expectations ask for change a verdict; seen in %d forms, %d left out where a form cannot say it", flips, parts, seen, left)
	if flips < leastFlips {
		t.Errorf("%d parts change a verdict, want %d at least", flips, leastFlips)
	}
	dead.stale(t)
}

// asked are the parts of a resource that an expectation asks for, each once.
func asked(e *expect.Expectation) (out [][]expr.Step) {
	seen := map[string]bool{}
	for _, a := range e.Asks() {
		if len(a.Path) > 1 && (a.Path[0].Name == "properties" || a.Path[0].Name == "related") && !seen[said(a.Path)] {
			seen[said(a.Path)] = true
			out = append(out, a.Path)
		}
	}
	return out
}

func said(path []expr.Step) string {
	var words []string
	for _, s := range path {
		if s.Element {
			words = append(words, "*")
			continue
		}
		words = append(words, s.Name)
	}
	return strings.Join(words, ".")
}

// flip finds a case and a change of one part of it that changes the verdict: from or to a fail before others, and to what is not
// known at last.
func flip(list []state, path []expr.Step) (found state, ok bool) {
	others := pool(list, path)
	list = append(slices.Clone(list), siblings(list)...)
	slices.SortStableFunc(list, func(a, b state) int { return rank(a) - rank(b) })
	for _, s := range list {
		if typ, known := schema.Of(s.is.Type); known && path[0].Name == "properties" && !path[1].Element {
			if _, ok := typ.Member(path[1].Name); !ok {
				continue // it is of another type that the expectation judges
			}
		}
		for _, r := range changed(s.is, path, others) {
			v := s.about.Check(r, s.facts)
			next := s
			next.is, next.want = r, v.Result
			switch {
			case v.Result == s.want:
			case decided(v.Result) && (s.want == expect.Fail || v.Result == expect.Fail):
				return next, true
			case !ok, found.want == expect.Unknown && decided(v.Result):
				found, ok = next, true
			}
		}
	}
	return found, ok
}

// pool are the values that cases have for a part, and then those for other parts of the same expectation.
func pool(list []state, path []expr.Step) (out []any) {
	for _, p := range append([][]expr.Step{path}, asked(list[0].about)...) {
		n := len(out)
		for _, s := range list {
			for _, v := range values(root(s.is), p) {
				if len(out) < n+20 && !slices.ContainsFunc(out, func(o any) bool { return equal(o, v) }) {
					out = append(out, v)
				}
			}
		}
	}
	return out[:min(len(out), 60)]
}

// siblings are the cases for types that the expectation judges and no case is of, with what those types have.
func siblings(list []state) (out []state) {
	e := list[0].about
	for _, t := range e.Types {
		typ, known := schema.Of(t)
		if !known || slices.ContainsFunc(list, func(s state) bool { return s.is.Type == t }) {
			continue
		}
		for _, s := range list {
			s.is.Type, s.is.Properties = t, clone(s.is.Properties)
			maps.DeleteFunc(s.is.Properties, func(name string, _ any) bool { return !settable(typ, name) })
			s.name += "/as " + string(t)
			if s.want = e.Check(s.is, s.facts).Result; decided(s.want) {
				out = append(out, s)
			}
		}
	}
	return out
}

// rank puts cases first that say everything and nothing that is not known.
func rank(s state) int {
	n := 0
	if len(s.is.Unknown) > 0 {
		n += 2
	}
	if s.want != expect.Pass {
		n++
	}
	return n
}
