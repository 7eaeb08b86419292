package expr_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expr"
)

// anyBad is a function that sees gaps: a list with "bad" in it is bad whatever else is in it.
func anyBad(args []any) (any, error) {
	var gaps []expr.Gap
	list, _ := args[0].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		switch v := m["Word"].(type) {
		case expr.Gap:
			gaps = append(gaps, v)
		case string:
			if v == "bad" {
				return true, nil
			}
		}
		if g, ok := e.(expr.Gap); ok {
			gaps = append(gaps, g)
		}
	}
	if gaps != nil {
		return nil, expr.Undecided("", gaps...)
	}
	return false, nil
}

func same(args []any) (any, error) { return args[0], nil }

func TestFunctionsThatSeeGaps(t *testing.T) {
	env, err := expr.NewEnv([]expr.Var{{Name: "r", Kind: expr.Map}},
		expr.Func{Name: "anyBad", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Call: anyBad},
		expr.Func{Name: "same", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: same},
	)
	if err != nil {
		t.Fatal(err)
	}
	word := func(s string) any { return map[string]any{"Word": s} }
	for name, c := range map[string]struct {
		text    string
		list    []any
		unknown []string
		want    expr.Verdict
		blame   []string
	}{
		"known":                {"anyBad(r.list)", []any{word("good")}, nil, expr.False, nil},
		"bad beside a gap":     {"anyBad(r.list)", []any{word("good"), word("bad")}, []string{"r.list[0]"}, expr.True, nil},
		"good beside a gap":    {"anyBad(r.list)", []any{word("good"), word("good")}, []string{"r.list[0].Word"}, expr.Unknown, []string{"r.list[0].Word"}},
		"two gaps":             {"anyBad(r.list)", []any{word("a"), word("b")}, []string{"r.list[0].Word", "r.list[1]"}, expr.Unknown, []string{"r.list[0].Word", "r.list[1]"}},
		"all of it":            {"anyBad(r.list)", []any{word("bad")}, []string{"r.list"}, expr.Unknown, []string{"r.list"}},
		"a gap given":          {"same(r.list).exists(e, e == 'bad')", []any{"good", "good"}, []string{"r.list[1]"}, expr.Unknown, []string{"r.list[1]"}},
		"bad beside one given": {"same(r.list).exists(e, e == 'bad')", []any{"good", "bad"}, []string{"r.list[0]"}, expr.True, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := env.Compile("x", c.text)
			if err != nil {
				t.Fatal(err)
			}
			got, blame, err := p.Eval(map[string]any{"r": map[string]any{"list": c.list}}, c.unknown)
			if err != nil || got != c.want {
				t.Fatalf("got %v, %v, want %v", got, err, c.want)
			}
			if d := cmp.Diff(c.blame, blame); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestDeepInput builds a list from an input that nests as policies do.
func TestDeepInput(t *testing.T) {
	env, err := expr.NewEnv([]expr.Var{{Name: "r", Kind: expr.Map}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := env.Compile("x", "r.list.filter(e, has(e.a.b.c.d)).map(e, [e.a.b.c.d.e.f]) == [[7]]")
	if err != nil {
		t.Fatal(err)
	}
	deep := map[string]any{"f": int64(7)}
	for _, key := range []string{"e", "d", "c", "b", "a"} {
		deep = map[string]any{key: deep}
	}
	if got, _, err := p.Eval(map[string]any{"r": map[string]any{"list": []any{deep}}}, nil); got != expr.True || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}
