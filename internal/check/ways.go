package check

import (
	"context"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/relate"
	"jobzero/internal/design/terraform/hcl"
)

// about is an expectation about a resource of a text.
type about struct{ name, expectation string }

// way reads a text again with one condition going one way; refused says that nobody could deploy what comes of that.
type way func(condition string, holds bool) (d design.Document, refused bool, err error)

// ways judges again what is undecided in a text, for each condition that only deployment decides, first as if it held and then as
// if it did not. What comes to the same both ways is decided, and so is what passes the one way and is not there the other, or not
// asked for; of a condition that can only go one way, that way counts. Each condition is looked at by itself, so the work grows with
// their number, of which a few are named at most.
func (r *run) ways(ctx context.Context, read way, open []string, results []Result) {
	for _, condition := range open {
		if !slices.ContainsFunc(results, undecided) {
			return
		}
		held, no, ok := r.goes(ctx, read, condition, true, results)
		not, yes, ok2 := r.goes(ctx, read, condition, false, results)
		if !ok || !ok2 {
			return
		}
		switch {
		case yes && !no:
			not = held
		case no && !yes:
			held = not
		}
		for i := range results {
			if !undecided(results[i]) {
				continue
			}
			key := about{results[i].Name, results[i].Expectation.ID}
			a, made := held.of(key)
			b, madeToo := not.of(key)
			switch {
			case !made && !madeToo:
			case !made && b.Verdict == Pass:
				results[i] = b
			case !madeToo && a.Verdict == Pass, made && madeToo && a.Verdict == b.Verdict && !undecided(a):
				results[i] = a
			}
		}
	}
}

// found is what came of one way.
type found map[about]Result

// of is what came of a resource, or of the only one of those that a count makes of it.
func (f found) of(key about) (Result, bool) {
	x, ok := f[key]
	if only := (about{key.name + "[0]", key.expectation}); !ok {
		_, more := f[about{key.name + "[1]", key.expectation}]
		if x, ok = f[only]; more {
			return x, false
		}
		x.Name = key.name
	}
	return x, ok
}

func undecided(x Result) bool { return x.Verdict == Undecided }

// goes is what comes of the undecided results when a condition goes one way; not ok when the text cannot be read that way.
func (r *run) goes(ctx context.Context, read way, condition string, holds bool, results []Result) (out found, refused, ok bool) {
	d, refused, err := read(condition, holds)
	if err != nil {
		return nil, false, false
	}
	relate.Document(&d)
	asked := map[string]bool{}
	for i := range results {
		if undecided(results[i]) {
			asked[results[i].Name] = true
		}
	}
	out = found{}
	d.Resources = slices.DeleteFunc(d.Resources, func(x design.Declared) bool {
		return !asked[x.Name] && !asked[strings.TrimSuffix(x.Name, "[0]")] && !asked[strings.TrimSuffix(x.Name, "[1]")]
	})
	for _, x := range r.judged(ctx, &d) {
		out[about{x.Name, x.Expectation.ID}] = x
	}
	return out, refused, true
}

// template reads one with a condition of its own going one way.
func (r *run) template(name string) way {
	return func(condition string, holds bool) (design.Document, bool, error) {
		o := r.o.Template
		o.Assume = map[string]bool{condition: holds}
		docs, err := read(r.in.Files, name, o)
		if err == nil && len(docs) != 1 {
			err = ErrOther
		}
		if err != nil {
			return design.Document{}, false, err
		}
		return docs[0], false, nil
	}
}

// terraform reads a folder, or one text of it, with a condition going one way.
func (r *run) terraform(folder, only string) way {
	return func(condition string, holds bool) (design.Document, bool, error) {
		o := r.hcl()
		o.Assume = map[string]bool{condition: holds}
		return hcl.ReadWay(r.in.Files, folder, only, o)
	}
}
