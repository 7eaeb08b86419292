package check

import (
	"context"
	"slices"

	"jobzero/internal/design"
	"jobzero/internal/design/relate"
)

// about is an expectation about a resource of a text.
type about struct{ name, expectation string }

// ways judges again what is undecided in a template, for each condition that only deployment decides, first as if it held and then as
// if it did not. What comes to the same both ways is decided, and so is what passes the one way and is not there the other, or not
// asked for. Each condition is looked at by itself, so the work grows with their number, of which a few are named at most.
func (r *run) ways(ctx context.Context, name string, open []string, results []Result) {
	for _, condition := range open {
		if !slices.ContainsFunc(results, undecided) {
			return
		}
		held, ok := r.way(ctx, name, condition, true, results)
		not, ok2 := r.way(ctx, name, condition, false, results)
		if !ok || !ok2 {
			return
		}
		for i := range results {
			key := about{results[i].Name, results[i].Expectation.ID}
			a, made := held[key]
			b, madeToo := not[key]
			switch {
			case !undecided(results[i]) || !made && !madeToo:
			case !made && b.Verdict == Pass:
				results[i] = b
			case !madeToo && a.Verdict == Pass, made && madeToo && a.Verdict == b.Verdict && !undecided(a):
				results[i] = a
			}
		}
	}
}

func undecided(x Result) bool { return x.Verdict == Undecided }

// way is what comes of the undecided results when a condition goes one way; false when the template cannot be read that way.
func (r *run) way(ctx context.Context, name, condition string, holds bool, results []Result) (map[about]Result, bool) {
	o := r.o.Template
	o.Assume = map[string]bool{condition: holds}
	docs, err := read(r.in.Files, name, o)
	if err != nil || len(docs) != 1 {
		return nil, false
	}
	d := &docs[0]
	relate.Document(d)
	asked := map[string]bool{}
	for i := range results {
		if undecided(results[i]) {
			asked[results[i].Name] = true
		}
	}
	out := map[about]Result{}
	d.Resources = slices.DeleteFunc(d.Resources, func(x design.Declared) bool { return !asked[x.Name] })
	for _, x := range r.judged(ctx, d) {
		out[about{x.Name, x.Expectation.ID}] = x
	}
	return out, true
}
