package expect

import (
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Result is the answer of one expectation about one resource.
type Result string

// The results.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	Unknown       Result = "unknown" // could not be judged; never a pass
	NotApplicable Result = "not-applicable"
)

// Verdict is what one expectation says about one resource.
type Verdict struct {
	Expectation *Expectation
	Result      Result
	Why         string // in words: what was seen, or which parts are unknown and why
	Owner       string // the word of the intent or the expectation for who answers for it; often empty
	// Unread is set when nothing but reads that failed keeps it unknown: why they did. What AWS itself leaves open is not that.
	Unread fault.Code
	// Kept is set when nothing but values that AWS never gives back keeps it unknown: it can be judged at every other gate, and of
	// the live account never.
	Kept bool
}

// Wrong reports whether the verdict is worth a finding.
func (v Verdict) Wrong() bool { return v.Result == Fail || v.Result == Unknown }

// Check judges a resource by everything that is expected of its type.
func (s *Set) Check(r resource.Resource, f Facts) []Verdict {
	return check(loaded(s.byType[r.Type]), r, f)
}

// Judge judges a resource by one expectation alone.
func (s *Set) Judge(e *Expectation, r resource.Resource, f Facts) Verdict {
	return e.Check(r, f)
}

// Check judges a resource by this expectation alone.
func (e *Expectation) Check(r resource.Resource, f Facts) Verdict {
	if !slices.Contains(e.Types, r.Type) {
		return Verdict{Expectation: e, Result: NotApplicable, Why: "it does not judge " + string(r.Type)}
	}
	return check([]*Expectation{e}, r, f)[0]
}

func check(list []*Expectation, r resource.Resource, f Facts) []Verdict {
	if len(list) == 0 {
		return nil
	}
	out := make([]Verdict, len(list))
	if r.Gone { // what does not exist cannot be wrong
		for i, e := range list {
			out[i] = Verdict{Expectation: e, Result: NotApplicable, Why: "it does not exist: AWS itself said so"}
		}
		return out
	}
	s := newScene(r, f)
	for i, e := range list {
		out[i] = e.judge(s)
	}
	return out
}

func (e *Expectation) judge(s scene) Verdict {
	v := Verdict{Expectation: e, Owner: e.Owner}
	if e.broken != nil {
		v.Result, v.Why = Unknown, "the expectation cannot be read: "+e.broken.Error()
		return v
	}
	if s.exposure.By.Owner != "" {
		v.Owner = s.exposure.By.Owner
	}
	applies := opinion{verdict: expr.True}
	if e.applies != nil {
		applies = s.eval(e.applies)
	}
	if applies.verdict == expr.False {
		v.Result, v.Why = NotApplicable, "it does not apply to this resource"
		return v
	}
	met := s.eval(e.met)
	switch {
	case met.verdict == expr.True: // met whether it applies or not
		v.Result, v.Why = Pass, "met"
	case met.verdict == expr.Unknown:
		v.Result, v.Why, v.Unread, v.Kept = Unknown, met.doubt, met.unread, met.kept
	case applies.verdict == expr.Unknown:
		v.Result, v.Why, v.Unread = Unknown, "whether it applies is not known: "+applies.doubt, applies.unread
		v.Kept = applies.kept
	default:
		v.Result, v.Why = Fail, e.message(s)
	}
	return v
}

// opinion is what one condition says, and why it is unknown when it is.
type opinion struct {
	verdict expr.Verdict
	doubt   string
	unread  fault.Code // set when nothing but reads that failed is to blame
	kept    bool       // set when nothing but values that AWS never gives back, or nobody reads, is to blame
}

func (s scene) eval(p *expr.Program) opinion {
	v, blame, err := p.EvalOn(s.input)
	switch {
	case err != nil:
		return opinion{verdict: expr.Unknown, doubt: "the expectation could not be evaluated: " + err.Error()}
	case v == expr.Unknown:
		return opinion{verdict: expr.Unknown, doubt: s.words(blame), unread: s.unread(blame), kept: s.kept(blame)}
	default:
		return opinion{verdict: v}
	}
}

// message is what was seen. What of it is unknown is left out; that it failed is certain.
func (e *Expectation) message(s scene) string {
	var parts, broken []string
	for _, w := range e.seen {
		text, _, err := w.EvalOn(s.input)
		switch {
		case err != nil:
			broken = append(broken, "(a part of its message could not be made: "+err.Error()+")")
		case text != "":
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		parts = []string{"not met: " + e.Title}
	}
	return strings.Join(append(parts, broken...), " ")
}

// Condition is a CEL expression over the variables of expectations, for those who ask about a resource without expecting
// anything of it. It is immutable and safe for concurrent use.
type Condition struct{ program *expr.Program }

// Compile reads a condition. Errors begin with file:line:col.
func Compile(at expr.Place, source string) (*Condition, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	p, err := env.CompileAt(at, source)
	if err != nil {
		return nil, err
	}
	return &Condition{p}, nil
}

// Holds evaluates the condition, on a resource that is gone too: resource.gone is true then and nothing else is there. The
// text says why it is unknown.
func (c *Condition) Holds(r resource.Resource, f Facts) (expr.Verdict, string) {
	o := newScene(r, f).eval(c.program)
	return o.verdict, o.doubt
}

// Holds is Compile and Condition.Holds in one, for conditions that are rarely asked.
func (s *Set) Holds(condition string, r resource.Resource, f Facts) (expr.Verdict, string, error) {
	c, err := Compile(expr.Place{File: "condition", Line: 1, Col: 1}, condition)
	if err != nil {
		return expr.Unknown, "", err
	}
	v, text := c.Holds(r, f)
	return v, text, nil
}
