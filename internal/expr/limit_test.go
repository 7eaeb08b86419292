package expr_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/expr"
)

// TestHostileTextEnds evaluates expressions that are cheap to write and dear to evaluate, on input as large as AWS would
// let it be. Each must end soon, whatever its verdict, and without a gigabyte.
func TestHostileTextEnds(t *testing.T) {
	const elements = 1000
	list := make([]any, elements)
	for i := range list {
		list[i] = fmt.Sprintf("198.51.100.%d", i)
	}
	vars := map[string]any{"thing": map[string]any{}, "text": strings.Repeat("a", 20<<10), "list": list}
	doubled := func(levels int, form, use string) string {
		out, last := "", "list"
		for i := range levels {
			out += fmt.Sprintf(form, last, last, i)
			last = fmt.Sprintf("v%d", i)
		}
		return out + strings.ReplaceAll(use, "$", last) + strings.Repeat(")", levels)
	}
	const exists, bind = "[[%s,%s]].exists(v%d,", "cel.bind(x,[%s,%s],[x].exists(v%d,"
	sources := []string{
		"list.all(a, list.all(b, list.all(c, a != b + '1')))",
		"list.map(a, list.map(b, list.map(c, text + text))).size() == 0",
		"list.map(a, list) == list.map(a, list)",
		"list.map(a, list.map(b, list)) == list.map(a, list.map(b, list))",
		"list.exists(a, list == list && false)",
		"list.exists(a, size(text) == 1)",
		"list.exists(a, text.contains('" + strings.Repeat("a", 100) + "b'))",
		"list.exists(a, text.matches('(a|aa){1,30}b'))",
		"list.exists(a, text.split('').size() == 0)",
		"list.exists(a, text.lowerAscii() == '')",
		"list.map(a, text).join(text) == ''",
		"shape(list.map(a, list.map(b, list))) == ''",
		doubled(20, exists, "$ == $"), doubled(20, exists, "$ in [$]"), doubled(20, exists, "{'a': $} != {'a': $}"),
		doubled(20, exists, "shape($) == ''"), doubled(15, exists, "size(string($)) == 0"),
		strings.Replace(doubled(1, bind, "$ == $"), ")", "))", 1),
		"cel.bind(a, text + text, cel.bind(b, a + a, cel.bind(c, b + b, cel.bind(d, c + c, cel.bind(e, d + d, cel.bind(f, e + e, f + f == e))))))",
	}
	env := newEnv(t)
	for _, s := range sources {
		p, err := env.Compile("a.yaml", s)
		if err != nil {
			t.Logf("%.60s: not compiled: %v", s, err)
			continue
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		v, _, err := p.Eval(vars, nil)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		mb := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%-60.60s %6dms %4d MB %s %.60v", s, took.Milliseconds(), mb, v, err)
		if took > 30*time.Second || mb > 1000 {
			t.Errorf("%.60s: took %s and %d MB", s, took, mb)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"thing.size == 3", "thing.parts.exists(p, p.n == 2)", "thing.?secret.orValue(false)", "has(thing.secret) ? true : sure('x')",
		"text.matches('a+') && now > timestamp('2020-01-01T00:00:00Z')", "[1,2].map(x, x * 2) == [2,4]", "{'a': 1}.a == 1", "cel.bind(a, [text], a == a)",
		"thing.`a-b` == 1", "'\\u00e9' == b'x'", "text.split(',').join(';') == ''",
	} {
		f.Add(s, "thing.secret")
	}
	env := newEnv(f)
	f.Fuzz(func(t *testing.T, source, unknown string) {
		p, err := env.Compile("a.yaml", source)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "a.yaml:") {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		full := map[string]any{"thing": map[string]any{"size": int64(3), "secret": "s"}, "text": "a,b", "list": []any{"x"}, "now": time.Unix(0, 0)}
		in := expr.NewInput(full, expr.Holes(unknown))
		partly, blame, err := p.EvalOn(in)
		if p.Roads(in) {
			if v, by, slow := p.ByCEL(in); v != partly || !slices.Equal(by, blame) || (slow == nil) != (err == nil) {
				t.Fatalf("%q with %q unknown: %s %v %v; CEL says %s %v %v", source, unknown, partly, blame, err, v, by, slow)
			}
		}
		if partly == expr.Unknown && err == nil && len(blame) == 0 {
			t.Fatalf("%q is unknown and nothing is to blame", source)
		}
		if whole, _, _ := p.Eval(full, nil); partly != expr.Unknown && whole != partly {
			t.Fatalf("%q is %s although %q is unknown, but %s when it is known", source, partly, unknown, whole)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	env := newEnv(b)
	p, err := env.Compile("a.yaml", "thing.?secret.?deep.orValue(true) && thing.parts.all(p, p.n < 3)")
	if err != nil {
		b.Fatal(err)
	}
	for name, unknown := range map[string][]string{"known": nil, "unknown": {"thing.name"}} {
		b.Run(name, func(b *testing.B) {
			in := expr.NewInput(vars(), expr.Holes(unknown...))
			b.ReportAllocs()
			for b.Loop() {
				if v, _, err := p.EvalOn(in); v != expr.True {
					b.Fatal(v, err)
				}
			}
		})
	}
}
