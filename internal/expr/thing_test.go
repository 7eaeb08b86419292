package expr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expr"
)

// ring is what somebody knows of keys: who has which.
type ring map[string][]any

func ringEnv(t *testing.T) *expr.Env {
	t.Helper()
	env, err := expr.NewEnv(
		[]expr.Var{{Name: "ring", Kind: expr.Asked}, {Name: "who", Kind: expr.Text}},
		expr.Func{
			Name: "has", Args: []expr.Kind{expr.Asked, expr.Text, expr.Text}, Gives: expr.Bool, OfThing: true,
			Call: func(args []any) (any, error) {
				return slices.Contains(args[0].(*expr.Thing).Knows.(ring)[args[1].(string)], args[2]), nil //nolint:forcetypeassert // Asked
			},
		},
		expr.Func{
			Name: "keys", Args: []expr.Kind{expr.Asked, expr.Text}, Gives: expr.List, OfThing: true,
			Call: func(args []any) (any, error) {
				return args[0].(*expr.Thing).Knows.(ring)[args[1].(string)], nil //nolint:forcetypeassert // Asked
			},
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func TestThing(t *testing.T) {
	t.Parallel()
	env := ringEnv(t)
	known := &expr.Thing{Knows: ring{
		"ada":   {"door", "safe"},
		"grace": {"door", expr.More("what else grace has")},
	}}
	for _, c := range []struct {
		source string
		want   expr.Verdict
		blame  []string
	}{
		{`ring.has(who, "safe")`, expr.True, nil},
		{`ring.has(who, "car")`, expr.False, nil},
		{`ring.keys(who) == ["door", "safe"]`, expr.True, nil},
		{`ring.keys(who).exists(k, ring.has("grace", k))`, expr.True, nil},
		{`ring.keys("nobody").size() == 0`, expr.True, nil},
		{`"door" in ring.keys("grace")`, expr.True, nil},
		{`"safe" in ring.keys("grace")`, expr.Unknown, []string{"what else grace has[+]"}},
		{`ring.keys("grace").size() > 5`, expr.Unknown, []string{"what else grace has[+]"}},
		{`ring == ring`, expr.True, nil},
	} {
		for _, way := range []func(*expr.Program, *expr.Input) (expr.Verdict, []string, error){(*expr.Program).EvalOn, (*expr.Program).ByCEL} {
			p, err := env.Compile("ring.cel", c.source)
			if err != nil {
				t.Fatalf("%s: %v", c.source, err)
			}
			got, blame, err := way(p, expr.NewInput(map[string]any{"ring": known, "who": "ada"}, nil))
			if err != nil || got != c.want || !cmp.Equal(blame, c.blame) {
				t.Errorf("%s is %s, to blame %q, %v: want %s, %q", c.source, got, blame, err, c.want, c.blame)
			}
		}
	}
}

func TestThingThatNobodyRead(t *testing.T) {
	t.Parallel()
	p, err := ringEnv(t).Compile("ring.cel", `ring.has(who, "safe")`)
	if err != nil {
		t.Fatal(err)
	}
	in := expr.NewInput(map[string]any{"ring": expr.Cause("the ring"), "who": "ada"}, nil)
	for _, way := range []func(*expr.Program, *expr.Input) (expr.Verdict, []string, error){(*expr.Program).EvalOn, (*expr.Program).ByCEL} {
		got, blame, err := way(p, in)
		if err != nil || got != expr.Unknown || !cmp.Equal(blame, []string{"the ring"}) {
			t.Errorf("it is %s, to blame %q, %v", got, blame, err)
		}
	}
}

func TestThingIsNothingElse(t *testing.T) {
	t.Parallel()
	env := ringEnv(t)
	for source, want := range map[string]string{
		`has(ring.keys)`:          "does not support field selection",
		`has(ring, "safe")`:       "",
		`ring.lend("ada")`:        "lend",
		`who.has("ada", "safe")`:  "no matching overload",
		`ring + ring == ring`:     "no matching overload",
		`ring.has("ada", 5)`:      "no matching overload",
		`ring.size() == 0`:        "no matching overload",
		`ring["ada"] == ["safe"]`: "no matching overload",
	} {
		if _, err := env.Compile("ring.cel", source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v: want an error with %q", source, err, want)
		}
	}
}
