package book

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/access/ask"
	"jobzero/internal/doc"
	"jobzero/internal/expr"
)

// environment is the one environment of all conditions; it is dear to make.
var environment = sync.OnceValues(func() (*expr.Env, error) {
	return expr.NewEnv(variables(), ask.Functions()...)
})

// variables are what conditions may ask about; words.txt says what each is.
func variables() []expr.Var {
	return []expr.Var{
		{Name: "finding", Kind: expr.Map, Fields: []string{
			"kind", "by", "title", "why", "severity", "account", "region", "principal", "arn", "resource", "about", "tags", "occurred", "count", "evidence",
		}},
		{Name: "ticket", Kind: expr.Map, Fields: []string{"id", "severity", "state", "owner", "opened", "reopened", "contended", "findings"}},
		{Name: "resource", Kind: expr.Map, Fields: []string{"type", "id", "account", "region", "arn", "tags", "properties", "related", "gone"}},
		{Name: "account", Kind: expr.Map, Fields: []string{"id", "name", "environment", "unit", "units", "tags"}},
		{Name: "inquiry", Kind: expr.Map, Fields: inquiryFields()},
		{Name: "steps", Kind: expr.Map}, // ID to state and output
		{Name: "input", Kind: expr.Map}, // name to text
		{Name: "freeze", Kind: expr.Bool},
		{Name: "now", Kind: expr.Time},
		ask.Variable(),
	}
}

// inquiryFields are what an inquiry has: all that is gathered, by names that expressions can write, and what was believed of it.
func inquiryFields() []string {
	out := []string{"verdict", "confidence"}
	for _, g := range Inquired {
		out = append(out, InquiryField(g))
	}
	return out
}

// InquiryField is what a gatherer's data is called in conditions.
func InquiryField(gatherer string) string { return strings.ReplaceAll(gatherer, "-", "_") }

// Scene is what conditions are asked about.
type Scene struct {
	Vars    map[string]any // by the names of the environment; one that is not there is not known
	Unknown []string       // paths of what is not known, such as resource.properties.Policy
	Access  *ask.Known
}

func (s Scene) input() *expr.Input {
	vars, holes := maps.Clone(s.Vars), slices.Clone(s.Unknown)
	if vars == nil {
		vars = map[string]any{}
	}
	for _, name := range []string{"finding", "ticket", "resource", "account", "inquiry", "steps", "input", "freeze", "now"} {
		if _, ok := vars[name]; !ok {
			holes = append(holes, name)
		}
	}
	vars[ask.Name] = s.Access.Value()
	return expr.NewInput(vars, expr.Holes(holes...))
}

// Condition is a condition that stands outside a playbook. It is immutable and safe for concurrent use.
type Condition struct{ program *expr.Program }

// Compile reads a condition in the words of playbooks. Errors begin with file:line:col.
func Compile(at expr.Place, source string) (*Condition, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	p, err := env.CompileAt(at, source)
	return &Condition{p}, err
}

// Holds asks the condition; why says what an unknown answer hangs on.
func (c *Condition) Holds(s Scene) (expr.Verdict, string) { return holds(c.program, s) }

// Mentions reports whether the condition asks anything of a variable.
func (c *Condition) Mentions(variable string) bool { return c.program.Mentions(variable) }

// Asks gives the parts of a variable that the condition asks for.
func (c *Condition) Asks(variable string) []expr.Ask { return c.program.Asks(variable) }

func holds(p *expr.Program, s Scene) (v expr.Verdict, why string) {
	v, blame, err := p.EvalOn(s.input())
	switch {
	case err != nil:
		return expr.Unknown, p.String() + ": " + err.Error()
	case v == expr.Unknown:
		return v, p.String() + " is not known: " + blamed(blame)
	}
	return v, p.String() + " is " + v.String()
}

// compiled are the expressions of a definition, by where they stand.
type compiled struct {
	conditions map[string]*expr.Program
	texts      map[string]*expr.Words
}

// Holds asks a condition of the definition, named by where it stands, such as steps[1].if. One that is not there holds. Why says what
// an unknown one hangs on.
func (d Definition) Holds(place string, s Scene) (v expr.Verdict, why string) {
	p := d.words.conditions[place]
	if p == nil {
		return expr.True, ""
	}
	return holds(p, s)
}

// Says gives the text of an expression of the definition; why says why there is none.
func (d Definition) Says(place string, s Scene) (text, why string) {
	p := d.words.texts[place]
	if p == nil {
		return "", place + " is no expression of the playbook"
	}
	text, blame, err := p.EvalOn(s.input())
	switch {
	case err != nil:
		return "", p.String() + ": " + err.Error()
	case blame != nil:
		return "", p.String() + " is not known: " + blamed(blame)
	}
	return text, ""
}

func blamed(blame []string) string {
	out := make([]string, len(blame))
	for i, b := range blame {
		out[i] = expr.Blamed(b)
	}
	return strings.Join(out, "; ")
}

// compiler goes through a definition.
type compiler struct {
	env  *expr.Env
	root *doc.Node
	out  compiled
	bad  []error
}

func (d Definition) compile(root *doc.Node) (compiled, []error) {
	env, err := environment()
	if err != nil {
		return compiled{}, []error{err}
	}
	c := &compiler{env, root, compiled{map[string]*expr.Program{}, map[string]*expr.Words{}}, nil}
	for i, g := range d.Guards {
		c.condition("guards"+index(i)+".if", g.If)
	}
	for _, s := range d.steps {
		c.step(s)
	}
	return c.out, c.bad
}

func (c *compiler) step(s *Step) {
	c.condition(s.place+".if", s.If)
	for i, b := range s.Decide {
		c.condition(s.place+".decide"+index(i)+".if", b.If)
	}
	if s.Wait != nil {
		c.condition(s.place+".wait.until", s.Wait.Until)
		c.condition(s.place+".wait.unless", s.Wait.Unless)
	}
	if s.On != nil {
		c.text(s.place+".on.id", s.On.ID)
		c.text(s.place+".on.account", s.On.Account)
		c.text(s.place+".on.region", s.On.Region)
	}
	c.table(s.place+".with", s.With)
	if s.Webhook != nil {
		c.table(s.place+".webhook.body", s.Webhook.Body)
	}
	if s.Lambda != nil {
		c.table(s.place+".lambda.payload", s.Lambda.Payload)
	}
	if s.Document != nil {
		c.table(s.place+".document.params", s.Document.Params)
	}
	if s.Notify != nil {
		for i, hole := range holes(s.Notify.Say) {
			c.at(s.place+".notify.say"+index(i), s.place+".notify.say", hole)
		}
	}
}

func (c *compiler) condition(place, source string) {
	if source == "" {
		return
	}
	var err error
	if c.out.conditions[place], err = c.env.CompileAt(c.position(place), source); err != nil {
		c.bad = append(c.bad, err)
	}
}

func (c *compiler) text(place, source string) { c.at(place, place, source) }

func (c *compiler) at(place, where, source string) {
	if source == "" {
		return
	}
	var err error
	if c.out.texts[place], err = c.env.CompileWords(c.position(where), source); err != nil {
		c.bad = append(c.bad, err)
	}
}

func (c *compiler) table(place string, t map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		c.text(place+"."+name, t[name])
	}
}

func (c *compiler) position(place string) expr.Place {
	n := find(c.root, place)
	line, col := n.Begins()
	return expr.Place{File: n.File(), Line: line, Col: col}
}

var (
	part = regexp.MustCompile(`[^.\[\]]+`)
	hole = regexp.MustCompile(`\{\{(.*?)\}\}`)
)

// find is the node at a place such as steps[1].decide[0].if, or the nearest one that there is above it.
func find(n *doc.Node, place string) *doc.Node {
	for _, p := range part.FindAllString(place, -1) {
		next := n.Get(p)
		if next == nil && p[0] >= '0' && p[0] <= '9' {
			if i := number(p); i < len(n.Items) {
				next = n.Items[i]
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

func number(s string) (n int) {
	for _, c := range []byte(s) {
		n = min(n*10+int(c-'0'), 1<<20)
	}
	return n
}

// holes are the expressions in a text.
func holes(text string) (out []string) {
	for _, m := range hole.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.TrimSpace(m[1]))
	}
	return out
}

// Fill puts what its expressions say into the text of a notify step.
func (d Definition) Fill(s *Step, scene Scene) string {
	i := -1
	return hole.ReplaceAllStringFunc(s.Notify.Say, func(string) string {
		i++
		text, why := d.Says(s.place+".notify.say"+index(i), scene)
		if why != "" {
			return "(" + why + ")"
		}
		return text
	})
}

// Table gives the texts of a table of expressions, such as with of an action; why says which one there is none of.
func (d Definition) Table(place string, t map[string]string, scene Scene) (out map[string]string, why string) {
	out = make(map[string]string, len(t))
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if out[name], why = d.Says(place+"."+name, scene); why != "" {
			return nil, name + ": " + why
		}
	}
	return out, ""
}

// Place is where the step stands in its definition, such as steps[1].decide[0].steps[2].
func (s *Step) Place() string { return s.place }
