package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

func newEnv(t testing.TB) *expr.Env {
	t.Helper()
	env, err := expr.NewEnv(
		[]expr.Var{
			{Name: "thing", Kind: expr.Map, Fields: []string{"size", "parts", "name", "secret", "deep"}},
			{Name: "now", Kind: expr.Time},
			{Name: "text", Kind: expr.Text},
			{Name: "list", Kind: expr.List},
		},
		expr.Func{Name: "sure", Args: []expr.Kind{expr.Text}, Gives: expr.Bool, Call: func(args []any) (any, error) {
			switch args[0] {
			case "yes":
				return true, nil
			case "no":
				return false, nil
			case "broken":
				return nil, errors.New("it is broken")
			}
			return nil, expr.Undecided("nobody knows " + args[0].(string))
		}},
		expr.Func{Name: "shape", Args: []expr.Kind{expr.Any}, Gives: expr.Text, Call: func(args []any) (any, error) {
			switch args[0].(type) {
			case nil:
				return "nil", nil
			case []any:
				return "list", nil
			case map[string]any:
				return "map", nil
			}
			return "scalar", nil
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func vars() map[string]any {
	return map[string]any{
		"thing": map[string]any{
			"size": int64(3), "name": "box",
			"parts": []any{map[string]any{"id": "a", "n": int64(1)}, map[string]any{"id": "b", "n": int64(2)}},
		},
		"text": "yes",
	}
}

func TestEval(t *testing.T) {
	secret, part := []string{"thing.secret"}, []string{"thing.parts[1].n"}
	cases := []struct {
		source  string
		unknown []string
		want    expr.Verdict
		blame   []string
		err     string
	}{
		{source: "thing.size == 3", want: expr.True},
		{source: "thing.size > 3", want: expr.False},
		{source: "thing.size == 3.0", want: expr.True},
		{source: "thing.parts.exists(p, p.n == 2)", want: expr.True},
		{source: "thing.?secret.orValue(false)", want: expr.False},
		{source: "has(thing.secret)", want: expr.False},
		{source: "thing.secret", err: "no such key: secret (a key that may be missing is written .?secret.orValue(…))"},
		{source: "thing.secret || true", want: expr.True},
		{source: "thing.name", err: "gave string: want true or false"},
		{source: "thing.secret", unknown: secret, blame: secret},
		{source: "has(thing.secret)", unknown: secret, blame: secret},
		{source: "thing.?secret.?deep.orValue(false)", unknown: secret, blame: secret},
		{source: "thing.secret.deep == 1", unknown: secret, blame: secret},
		{source: "false && thing.secret", unknown: secret, want: expr.False},
		{source: "thing.secret && false", unknown: secret, want: expr.False},
		{source: "thing.secret || thing.size == 3", unknown: secret, want: expr.True},
		{source: "thing.secret && thing.parts[9].id == 'a'", unknown: secret, blame: secret},
		{source: "thing.secret ? true : true", unknown: secret, blame: secret},
		{source: "'secret' in thing", unknown: secret, blame: secret},
		{source: "thing.exists(k, k == 'secret')", unknown: secret, blame: secret},
		{source: "size(thing) == 3", unknown: secret, blame: secret},
		{source: "cel.bind(t, thing, t.size == 3)", unknown: secret, want: expr.True},
		{source: "thing.size == 3", unknown: secret, want: expr.True},
		{source: "thing.parts[0].n == 1", unknown: part, want: expr.True},
		{source: "thing.parts[1].n == 2", unknown: part, blame: part},
		{source: "thing.parts.exists(p, p.id == 'b')", unknown: part, want: expr.True},
		{source: "thing.parts.exists(p, p.n == 7)", unknown: part, blame: part},
		{source: "thing.parts.all(p, p.n > 1)", unknown: part, want: expr.False},
		{source: "thing.parts.all(p, p.n == 1)", unknown: part, blame: part},
		{source: "thing.parts.filter(p, p.n == 1).size() == 1", unknown: part, blame: part},
		{source: "thing.parts.size() == 2", unknown: part, want: expr.True},
		{source: "thing.parts == [{'id': 'a', 'n': 1}, {'id': 'b', 'n': 2}]", unknown: part, blame: part},
		{source: "thing.parts == [{'id': 'a', 'n': 1}, {'id': 'c', 'n': 2}]", unknown: part, want: expr.False},
		{source: "[{'id': 'a', 'n': 1}, {'id': 'b', 'n': 2}] != thing.parts", unknown: part, blame: part},
		{source: "thing.parts == [{'id': 'a', 'n': 1}]", unknown: part, want: expr.False},
		{source: "{'id': 'b', 'n': 2} in thing.parts", unknown: part, blame: part},
		{source: "{'id': 'a', 'n': 1} in thing.parts", unknown: part, want: expr.True},
		{source: "{'id': 'c', 'n': 2} in thing.parts", unknown: part, want: expr.False},
		{source: "'b' in thing.parts.map(p, p.id)", unknown: part, want: expr.True},
		{source: "thing.name in ['box', 'bag']", unknown: []string{"thing.name"}, blame: []string{"thing.name"}},
		{source: "thing.parts.map(p, p.id) == ['a', 'b'] && [thing.parts] != [[]]", unknown: part, want: expr.True},
		{source: "shape(thing.parts) == 'list'", unknown: part, blame: part},
		{source: "thing.parts[1] == {'id': 'b'}", unknown: part, blame: part},
		{source: "thing.parts[1] == {'id': 'x'}", unknown: part, want: expr.False},
		{source: "'size' in thing", unknown: secret, want: expr.True},
		{source: "'color' in thing", unknown: secret, want: expr.False},
		{source: "thing.?name == optional.of('box')", unknown: []string{"thing.name"}, blame: []string{"thing.name"}},
		{source: "thing.deep == 1", unknown: []string{"thing.secret", "thing.deep.er"}, blame: []string{"thing.deep.er"}},
		{source: "thing.parts[0].id == 'a'", unknown: []string{"thing.parts.1.n"}, want: expr.True},
		{source: "thing.size == 1 && now > timestamp('2020-01-01T00:00:00Z')", unknown: []string{"now"}, want: expr.False},
		{source: "thing.size == 3 && thing.name == 'box'", unknown: []string{"thing.size", "thing.name", "thing.parts"}, blame: []string{"thing.name", "thing.size"}},
		{source: "thing['size'] == 3", unknown: []string{`thing["size"]`}, blame: []string{`thing["size"]`}},
		{source: "thing.size == 3", unknown: []string{"thing.*"}, blame: []string{"thing.*"}},
		{source: "thing.size == 3", unknown: []string{"thing[bro"}, blame: []string{"thing[bro"}}, // taints all of it
		{source: "thing.size == 3", unknown: []string{".size"}, err: "want a variable first"},
		{source: "sure('yes')", want: expr.True},
		{source: "sure('x')", blame: []string{"nobody knows x"}},
		{source: "sure('x') && sure('no')", want: expr.False},
		{source: "sure('x') || sure('yes')", want: expr.True},
		{source: "sure('x') || sure('y')", blame: []string{"nobody knows x", "nobody knows y"}},
		{source: "sure('broken')", err: "sure: it is broken"},
		{source: "sure('broken') || sure('x')", blame: []string{"nobody knows x"}},
		{source: "sure(thing.secret)", unknown: secret, blame: secret},
		{source: "shape(thing.?secret) == 'nil' && shape(thing.parts) == 'list' && shape(thing) == 'map' && shape([1]) == 'list'", want: expr.True},
		{source: "' A,b '.trim().split(',').join('+').lowerAscii() == 'a+b' && 'é'.upperAscii() == 'é'", want: expr.True},
		{source: "now == now", err: "no such attribute"},
	}
	env := newEnv(t)
	for _, c := range cases {
		t.Run(c.source, func(t *testing.T) {
			p, err := env.Compile("a.yaml", c.source)
			if err != nil {
				t.Fatal(err)
			}
			got, blame, err := p.Eval(vars(), c.unknown)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if d := cmp.Diff(c.blame, blame); d != "" {
				t.Error(d)
			}
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got error %v, want %q", err, c.err)
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	cases := []struct{ source, want string }{
		{"", "a.yaml:4:3: the expression is empty"},
		{"thing.size", ""}, // may be a boolean, only its value says
		{"1 + 1", "a.yaml:4:3: the expression gives int: want bool"},
		{"thing.size ==", "a.yaml:4:16: "},
		{"true &&\nnope", "a.yaml:5:3: undeclared reference to 'nope'"},
		{"thing.sise == 1", `a.yaml:4:8: thing has no field "sise": use one of size, parts, name, secret, deep`},
		{"thing.?sise.orValue(true)", ""}, // is a call; asks for what may be missing
		{"text == 1", "no matching overload"},
		{"text.matches('(a|aa){1,500}b')", "regex program size"},
		{"text.matches(text)", "matches wants its regular expression written out"},
		{"matches(text, text + 'a')", "matches wants its regular expression written out"},
		{"text.matches('^a+$')", ""},
		{"text.replace('', text) == ''", "undeclared reference to 'replace'"},
		{strings.Repeat("(", 1000) + "true" + strings.Repeat(")", 1000), "a.yaml:4:"},
		{strings.Repeat("-(", 200) + "1" + strings.Repeat(")", 200) + " == 1", "a.yaml:4:"},
		{"true" + strings.Repeat(" || true", 2000), "a.yaml:4:"},
		{"'" + strings.Repeat("a", expr.MaxSource) + "' == ''", "a.yaml:4:"},
		{"\x00\xff", "a.yaml:4:"},
	}
	env := newEnv(t)
	for _, c := range cases {
		_, err := env.CompileAt(expr.Place{File: "a.yaml", Line: 4, Col: 3}, c.source)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%.40q: %v", c.source, err)
		case c.want != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%.40q: got %.200v, want %s", c.source, err, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	env := newEnv(t)
	at := expr.Place{File: "a.yaml", Line: 1, Col: 1}
	w, err := env.CompileWords(at, "'size ' + string(thing.size) + ' of ' + thing.parts.map(p, p.id).join(', ')")
	if err != nil {
		t.Fatal(err)
	}
	if got, blame, err := w.EvalOn(expr.NewInput(vars(), nil)); got != "size 3 of a, b" || blame != nil || err != nil {
		t.Errorf("got %q, %v, %v", got, blame, err)
	}
	if got, blame, err := w.EvalOn(expr.NewInput(vars(), expr.Holes("thing.size"))); got != "" || err != nil || len(blame) != 1 {
		t.Errorf("got %q, %v, %v", got, blame, err)
	}
	if _, err := env.CompileWords(at, "1"); err == nil || !strings.Contains(err.Error(), "want string") {
		t.Errorf("got %v", err)
	}
}

func TestValue(t *testing.T) {
	yes, port := true, int32(22)
	got := expr.Value(map[string]any{
		"f": 22.0, "g": 0.5, "l": []string{"a"}, "m": map[string]string{"k": "v"}, "b": &yes, "p": &port, "s": (*string)(nil),
		"d": []map[string]any{{"n": 3}},
	})
	want := map[string]any{
		"f": int64(22), "g": 0.5, "l": []any{"a"}, "m": map[string]any{"k": "v"}, "b": true, "p": int64(22), "s": nil,
		"d": []any{map[string]any{"n": int64(3)}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestPartial: a function that takes its arguments in part sees gaps where they are, and blames those that it names.
func TestPartial(t *testing.T) {
	env, err := expr.NewEnv([]expr.Var{{Name: "thing", Kind: expr.Map}},
		expr.Func{Name: "firstKnown", Args: []expr.Kind{expr.Any}, Gives: expr.Any, Gaps: true, Call: func(args []any) (any, error) {
			var gaps []expr.Gap
			for _, e := range args[0].([]any) {
				switch e := e.(type) {
				case expr.Gap:
					gaps = append(gaps, e)
				case map[string]any:
					if g, ok := e["id"].(expr.Gap); ok {
						gaps = append(gaps, g)
						continue
					}
					return e["id"], nil
				}
			}
			return nil, expr.Undecided("", gaps...)
		}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := env.Compile("x", `firstKnown(thing.parts) == 'b'`)
	if err != nil {
		t.Fatal(err)
	}
	part := func(id string) any { return map[string]any{"id": id, "n": int64(1)} }
	in := map[string]any{"thing": map[string]any{"parts": []any{part("a"), part("b")}}}
	for _, c := range []struct {
		unknown, blame []string
		want           expr.Verdict
	}{
		{nil, nil, expr.False},
		{[]string{"thing.parts[0]"}, nil, expr.True},
		{[]string{"thing.parts[0].id"}, nil, expr.True},
		{[]string{"thing.parts[0].n"}, nil, expr.False},
		{[]string{"thing.parts[0].id", "thing.parts[1]"}, []string{"thing.parts[0].id", "thing.parts[1]"}, expr.Unknown},
		{[]string{"thing.parts"}, []string{"thing.parts"}, expr.Unknown},
	} {
		got, blame, err := p.Eval(in, c.unknown)
		if err != nil || got != c.want {
			t.Errorf("%v: got %s, %v, want %s", c.unknown, got, err, c.want)
		}
		if d := cmp.Diff(c.blame, blame); d != "" {
			t.Errorf("%v: %s", c.unknown, d)
		}
	}
}
