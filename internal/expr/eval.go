package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/common/types"

	"jobzero/internal/fault"
)

// Verdict is an answer. The zero value is Unknown.
type Verdict int

// The answers.
const (
	Unknown Verdict = iota
	True
	False
)

// String is the answer in a word.
func (v Verdict) String() string {
	return [...]string{"unknown", "true", "false"}[v]
}

// Input is what expressions are evaluated on. It is made once for many expressions, and safe for concurrent use as long as
// nobody changes the variables.
type Input struct {
	vars   map[string]any // with a Gap for what is not known
	holes  bool           // there are some
	cel    map[string]any // the same for CEL, made once when it is wanted
	once   sync.Once
	memory memory
	err    error
}

// NewInput joins the variables with the paths, such as resource.properties.Tags, of what is not known. A path stands for
// everything below it too; [0], ["a.b"] and * are understood, and [+] as the elements that a list may have besides those that it
// has. What the variables hold there does not matter. The variables themselves stay as they are.
func NewInput(vars map[string]any, unknown []Hole) *Input {
	if len(unknown) > 0 {
		vars = maps.Clone(vars)
	}
	return input(vars, unknown, planter{})
}

// Fresh is NewInput with variables, and Records among them, that nobody else has: they are changed.
func Fresh(vars map[string]any, unknown []Hole) *Input {
	return input(vars, unknown, planter{fresh: true})
}

func input(vars map[string]any, unknown []Hole, p planter) *Input {
	in := &Input{vars: vars, holes: len(unknown) > 0}
	for _, hole := range unknown {
		d, err := dig(hole)
		if err != nil {
			in.err = err
			return in
		}
		in.vars[d.path.variable] = p.plant(in.vars[d.path.variable], d.path.steps, d.gap)
	}
	return in
}

// forCEL gives the variables as CEL is to see them.
func (in *Input) forCEL() map[string]any {
	in.once.Do(func() {
		in.cel = make(map[string]any, len(in.vars))
		for name, v := range in.vars {
			in.cel[name] = forCEL(v)
		}
	})
	return in.cel
}

// Eval evaluates the expression. Unknown comes with what is to blame: the paths given as unknown that mattered and the
// causes of functions that were undecided, or an error in the expression, which is never a reason to pass.
func (p *Program) Eval(vars map[string]any, unknown []string) (Verdict, []string, error) {
	return p.EvalOn(NewInput(vars, Holes(unknown...)))
}

// EvalOn is Eval on an input made before.
func (p *Program) EvalOn(in *Input) (Verdict, []string, error) {
	out, blame, err := p.run(in)
	if err != nil || blame != nil {
		return Unknown, blame, err
	}
	switch b, ok := out.(bool); {
	case !ok:
		return Unknown, nil, fault.New(fault.Invalid, "the expression gave %s: want true or false", typeName(out))
	case b:
		return True, nil, nil
	default:
		return False, nil, nil
	}
}

// ByCEL is EvalOn by CEL alone, for those who hold the direct road against it.
func (p *Program) ByCEL(in *Input) (Verdict, []string, error) {
	only := Program{p.code}
	only.road = nil
	return only.EvalOn(in)
}

// EvalOn gives the text. It has one or the other: the text, or what is to blame as in Program.Eval.
func (w *Words) EvalOn(in *Input) (string, []string, error) {
	out, blame, err := w.run(in)
	if err != nil || blame != nil {
		return "", blame, err
	}
	s, ok := out.(string)
	if !ok {
		return "", nil, fault.New(fault.Invalid, "the expression gave %s: want a text", typeName(out))
	}
	return s, nil, nil
}

// ByCEL is EvalOn by CEL alone, for those who hold the direct road against it.
func (w *Words) ByCEL(in *Input) (string, []string, error) {
	only := Words{w.code}
	only.road = nil
	return only.EvalOn(in)
}

// typeName is what CEL calls the type of a value.
func typeName(v any) string { return types.DefaultTypeAdapter.NativeToValue(v).Type().TypeName() }

// run gives a value, or what made it unknown, or an error.
func (c code) run(in *Input) (any, []string, error) {
	if in.err != nil {
		return nil, nil, in.err
	}
	if out, ok := c.direct(in); ok {
		switch out := out.(type) {
		case Gap:
			return nil, blame(out.unknown), nil
		case missing:
			return nil, nil, fault.New(fault.Invalid, "%s", out.explain())
		}
		return out, nil, nil
	}
	return c.slow(in)
}

// slow is run by CEL.
func (c code) slow(in *Input) (any, []string, error) {
	program, err := c.program()
	if err != nil {
		return nil, nil, err
	}
	out, _, err := program.Eval(in.forCEL())
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "%s", explain(err))
	}
	switch out := out.(type) {
	case *types.Unknown:
		return nil, blame(out), nil
	case types.Bool, types.String:
		return out.Value(), nil, nil
	}
	return out, nil, nil
}

// explain says what went wrong while evaluating in words that help whoever wrote the expression.
func explain(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "cost limit"):
		return "the expression takes more steps than allowed: make its loops smaller"
	case strings.Contains(text, "memory limit"):
		return "the expression builds larger values than allowed: build less"
	case strings.HasPrefix(text, noSuchKey):
		return missing(strings.TrimPrefix(text, noSuchKey)).explain()
	}
	return text
}

const noSuchKey = "no such key: "

// explain says it in words.
func (m missing) explain() string {
	return fmt.Sprintf("%s%s (a key that may be missing is written .?%s.orValue(…))", noSuchKey, m, m)
}

// blame gives the names of the gaps that CEL stumbled over, and the causes of undecided functions; sorted, and never empty.
func blame(u *types.Unknown) []string {
	var out []string
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			out = append(out, t.Variable())
		}
	}
	if len(out) == 0 {
		out = []string{"the expression"}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
