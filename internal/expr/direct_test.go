package expr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/expr"
)

// TestDirectIsCEL makes up expressions and inputs with holes: where the direct road leads to an answer, CEL gives the same with the same to
// blame; and it leads there most of the time.
func TestDirectIsCEL(t *testing.T) {
	env := roadEnv(t)
	asked, led := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := writer{t: t, names: []string{"thing", "other"}}
		source := w.truth(rapid.IntRange(1, 4).Draw(t, "depth"))
		p, err := env.Compile("a.yaml", source)
		if err != nil {
			t.Skip(source, err)
		}
		vars, unknown := map[string]any{"thing": thing(t, 3), "other": thing(t, 2), "text": "a,b", "now": time.Unix(1e9, 0).UTC()}, holes(t)
		in := expr.NewInput(vars, unknown)
		got, blame, err := p.EvalOn(in)
		want, wantBlame, wantErr := p.ByCEL(in)
		if asked++; !p.Roads(in) {
			return
		}
		if led++; got != want || cmp.Diff(wantBlame, blame) != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%s\non %v without %v: got %s %v %v, CEL says %s %v %v", source, vars, unknown, got, blame, err, want, wantBlame, wantErr)
		}
	})
	t.Logf("%d of %d by the direct road", led, asked)
	if asked < 20 || led*3 < asked {
		t.Errorf("the direct road led to %d of %d answers: want a third at least, most of what is made up being wrong", led, asked)
	}
}

// TestPanicIsAnError: whatever a function does, it is an error of the expression and not the end of the process.
func TestPanicIsAnError(t *testing.T) {
	env, err := expr.NewEnv(nil, expr.Func{Name: "bad", Gives: expr.Bool, Args: []expr.Kind{expr.Text}, Call: func([]any) (any, error) { panic("bad") }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := env.Compile("a.yaml", "bad('x')")
	if err != nil {
		t.Fatal(err)
	}
	if v, _, err := p.Eval(nil, nil); v != expr.Unknown || err == nil {
		t.Errorf("got %s, %v: want unknown and an error", v, err)
	}
}

func roadEnv(t testing.TB) *expr.Env {
	t.Helper()
	count := &expr.Reading{Of: func(v any) (any, error) {
		list, ok := v.([]any)
		if !ok {
			return nil, errors.New("no list")
		}
		return len(list), nil
	}}
	env, err := expr.NewEnv(
		[]expr.Var{{Name: "thing", Kind: expr.Map}, {Name: "other", Kind: expr.Map}, {Name: "text", Kind: expr.Text}, {Name: "now", Kind: expr.Time}},
		expr.Func{Name: "filled", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: func(args []any) (any, error) {
			switch v := args[0].(type) {
			case expr.Gap:
				if v.Has(expr.Filled) {
					return true, nil
				}
				return nil, expr.Undecided("", v)
			case string:
				return v != "", nil
			}
			return args[0] != nil, nil
		}},
		expr.Func{Name: "firsts", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: func(args []any) (any, error) {
			list, ok := args[0].([]any)
			if !ok {
				return nil, expr.Undecided("it is no list")
			}
			return list[:min(1, len(list))], nil
		}},
		expr.Func{Name: "counted", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Reads: []*expr.Reading{count}, Call: func(args []any) (any, error) {
			return args[0] == 2, nil
		}},
		expr.Func{Name: "letters", Args: []expr.Kind{expr.Text}, Gives: expr.Bool, Call: func(args []any) (any, error) {
			return args[0] == "a" || args[0] == "b", nil
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// thing is a map of what AWS may say, to a depth.
func thing(t *rapid.T, depth int) map[string]any {
	out := map[string]any{}
	for _, name := range keyNames {
		if rapid.IntRange(0, 3).Draw(t, "there") > 0 {
			out[name] = value(t, depth-1)
		}
	}
	return out
}

var keyNames = []string{"a", "b", "c"}

func value(t *rapid.T, depth int) any {
	kinds := 6
	if depth > 0 {
		kinds = 9
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		return nil
	case 1, 2:
		return rapid.Bool().Draw(t, "bool")
	case 3, 4:
		return rapid.SampledFrom([]string{"", "a", "b", "aA", "a,b", "c"}).Draw(t, "text")
	case 5:
		return int64(rapid.IntRange(-1, 3).Draw(t, "number"))
	case 6:
		return rapid.SampledFrom([]float64{0.5, 2, 1}).Draw(t, "fraction")
	case 7:
		return thing(t, depth)
	}
	out := []any{}
	for range rapid.IntRange(0, 3).Draw(t, "elements") {
		out = append(out, value(t, depth-1))
	}
	return out
}

// holes are what is not known of it.
func holes(t *rapid.T) (out []expr.Hole) {
	for range rapid.IntRange(0, 3).Draw(t, "holes") {
		path := rapid.SampledFrom([]string{"thing", "other"}).Draw(t, "variable")
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			path += rapid.SampledFrom([]string{".a", ".b", ".c", "[0]", "[1]", "[+]", ".*"}).Draw(t, "step")
		}
		marks := rapid.SampledFrom([][]string{nil, nil, {expr.Present}, {expr.Present, expr.Filled}}).Draw(t, "marks")
		out = append(out, expr.Hole{Path: path, Marks: marks})
	}
	return out
}

// writer makes up expressions of a kind.
type writer struct {
	t     *rapid.T
	names []string // that stand for something
}

func (w writer) pick(choices ...func() string) string {
	return choices[rapid.IntRange(0, len(choices)-1).Draw(w.t, "choice")]()
}

func (w writer) one(of ...string) string { return rapid.SampledFrom(of).Draw(w.t, "word") }

func (w writer) part() string {
	out := w.one(w.names...)
	for range rapid.IntRange(1, 2).Draw(w.t, "steps") {
		out += "." + w.one(keyNames...)
	}
	return out
}

// maybe is an optional value.
func (w writer) maybe() string {
	out := w.one(w.names...) + w.one(".?", ".?", ".a.?") + w.one(keyNames...)
	return out + w.one("", "", ".b", ".?c", "[?0]", "[?'a']", "[0]", ".or(other.?a)")
}

func (w writer) truth(depth int) string {
	if depth == 0 {
		return w.pick(w.part, func() string { return w.one("true", "false") }, func() string { return w.maybe() + ".orValue(false)" })
	}
	d := depth - 1
	return w.pick(
		func() string { return "(" + w.truth(d) + " && " + w.truth(d) + ")" },
		func() string { return "(" + w.truth(d) + " || " + w.truth(d) + ")" },
		func() string { return "(" + w.truth(d) + " ? " + w.truth(d) + " : " + w.truth(d) + ")" },
		func() string { return "!" + w.truth(d) },
		func() string { return "has(" + w.part() + ")" },
		func() string { return w.maybe() + ".hasValue()" },
		func() string { return w.any(d) + w.one(" == ", " != ") + w.any(d) },
		func() string { return w.any(d) + " in " + w.list(d) },
		func() string { return w.number(d) + w.one(" < ", " >= ", " == ", " > ", " <= ") + w.number(d) },
		func() string { return w.text(d) + w.one(".startsWith(", ".endsWith(", ".contains(") + w.text(d) + ")" },
		func() string { return w.text(d) + ".matches('^a+')" },
		func() string { return "filled(" + w.pick(w.maybe, w.part) + ")" },
		func() string { return "filled(" + w.truth(d) + " ? " + w.maybe() + " : " + w.maybe() + ")" },
		func() string { return "counted(" + w.list(d) + ")" },
		func() string { return "letters(" + w.text(d) + ")" },
		func() string { return w.macro(w.one("all", "exists", "exists_one"), d) },
		func() string { return "cel.bind(v, " + w.any(d) + ", " + w.with("v").truth(d) + ")" },
		func() string {
			return "now - duration('24h') " + w.one("<", ">") + " timestamp('2020-01-01T00:00:00Z')"
		},
	)
}

func (w writer) with(name string) writer {
	w.names = append(append([]string(nil), w.names...), name)
	return w
}

func (w writer) macro(name string, depth int) string {
	each := "x" + strings.Repeat("x", len(w.names))
	inner := w.with(each)
	if name == "map" {
		return w.list(depth) + ".map(" + each + ", " + inner.any(depth) + ")"
	}
	return w.list(depth) + "." + name + "(" + each + ", " + inner.truth(depth) + ")"
}

func (w writer) any(depth int) string {
	if depth == 0 {
		return w.pick(w.part, w.part, func() string { return w.one("'a'", "''", "null", "1", "0.5", "true", "[]", "['a']") },
			func() string { return w.one(w.names...) })
	}
	d := depth - 1
	return w.pick(func() string { return w.text(d) }, func() string { return w.number(d) }, func() string { return w.list(d) },
		func() string { return w.maybe() + ".orValue(" + w.any(d) + ")" }, func() string { return w.any(0) },
		func() string { return "{'a': " + w.any(d) + ", 'b': " + w.any(d) + "}" },
		func() string {
			return w.pick(w.part, func() string { return "{'a': " + w.any(d) + "}" }) + "[" + w.any(d) + "]"
		}, func() string { return w.maybe() + ".value()" })
}

func (w writer) text(depth int) string {
	if depth == 0 {
		return w.pick(w.part, func() string { return w.one("'a'", "'b'", "text", "''") })
	}
	d := depth - 1
	return w.pick(func() string { return w.text(0) }, func() string { return "(" + w.text(d) + " + " + w.text(d) + ")" },
		func() string { return "string(" + w.any(d) + ")" }, func() string { return w.list(d) + ".join(',')" },
		func() string { return w.text(d) + w.one(".lowerAscii()", ".upperAscii()", ".trim()") })
}

func (w writer) number(depth int) string {
	if depth == 0 {
		return w.pick(w.part, func() string { return w.one("0", "1", "2", "1.5") })
	}
	return w.pick(func() string { return w.number(0) }, func() string { return "size(" + w.any(depth-1) + ")" },
		func() string { return w.number(depth-1) + w.one(" + ", " - ") + w.number(depth-1) }, func() string { return "int(" + w.any(depth-1) + ")" })
}

func (w writer) list(depth int) string {
	if depth == 0 {
		return w.pick(w.part, w.part, func() string { return w.maybe() + ".orValue([])" }, func() string { return w.one("['a', 'b']", "[]", "[thing.a, 1]") })
	}
	d := depth - 1
	return w.pick(func() string { return w.list(0) }, func() string { return "[" + w.any(d) + ", " + w.any(d) + "]" },
		func() string { return w.macro("map", d) }, func() string { return w.macro("filter", d) },
		func() string { return "firsts(" + w.list(d) + ")" }, func() string { return w.text(d) + ".split(',')" },
		func() string { return "(" + w.list(d) + " + " + w.list(d) + ")" })
}
