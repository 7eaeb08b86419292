package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

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
	vars map[string]any
	err  error
}

// NewInput joins the variables with the paths, such as resource.properties.Tags, of what is not known. A path stands for
// everything below it too; [0], ["a.b"] and * are understood, and [+] as the elements that a list may have besides those that it
// has. What the variables hold there does not matter. The variables themselves stay as they are.
func NewInput(vars map[string]any, unknown []Hole) *Input {
	in := &Input{vars: vars}
	if len(unknown) > 0 {
		in.vars = maps.Clone(vars)
	}
	for _, hole := range unknown {
		p, err := parsePath(hole.Path)
		if err != nil {
			in.err = err
			return in
		}
		in.vars[p.variable] = plant(in.vars[p.variable], p.steps, gap(hole))
	}
	return in
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
	switch b, ok := out.(types.Bool); {
	case !ok:
		return Unknown, nil, fault.New(fault.Invalid, "the expression gave %s: want true or false", out.Type().TypeName())
	case bool(b):
		return True, nil, nil
	default:
		return False, nil, nil
	}
}

// EvalOn gives the text. It has one or the other: the text, or what is to blame as in Program.Eval.
func (w *Words) EvalOn(in *Input) (string, []string, error) {
	out, blame, err := w.run(in)
	if err != nil || blame != nil {
		return "", blame, err
	}
	s, ok := out.(types.String)
	if !ok {
		return "", nil, fault.New(fault.Invalid, "the expression gave %s: want a text", out.Type().TypeName())
	}
	return string(s), nil, nil
}

// run gives a value, or what made it unknown, or an error.
func (c code) run(in *Input) (ref.Val, []string, error) {
	if in.err != nil {
		return nil, nil, in.err
	}
	out, _, err := c.program.Eval(in.vars)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "%s", explain(err))
	}
	if u, ok := out.(*types.Unknown); ok {
		return nil, blame(u), nil
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
	case strings.HasPrefix(text, "no such key"):
		return text + fmt.Sprintf(" (a key that may be missing is written .?%s.orValue(…))", strings.TrimPrefix(text, "no such key: "))
	}
	return text
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
