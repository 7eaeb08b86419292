package gates

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource/schema"
)

// leastFlips is how many asked parts have to change a verdict at least; below, the coverage has shrunk.
const leastFlips = 1

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

// flip finds a case and a change of one part of it that changes the verdict: from or to a fail before others.
func flip(list []state, path []expr.Step) (found state, ok bool) {
	var others []any
	for _, s := range list {
		others = append(others, values(root(s.is), path)...)
	}
	others = others[:min(len(others), 20)]
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b state) int { return rank(a) - rank(b) })
	for _, s := range list {
		if typ, known := schema.Of(s.is.Type); known && path[0].Name == "properties" {
			if _, ok := typ.Member(path[1].Name); !ok {
				continue // it is of another type that the expectation judges
			}
		}
		for _, r := range changed(s.is, path, others) {
			v := s.about.Check(r, s.facts)
			if !decided(v.Result) || v.Result == s.want {
				continue
			}
			from := s.want
			s.is, s.want = r, v.Result
			if from == expect.Fail || v.Result == expect.Fail {
				return s, true
			}
			if !ok {
				found, ok = s, true
			}
			break
		}
	}
	return found, ok
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
