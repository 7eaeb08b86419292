package expect

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Expectation is one baseline that resources of some types must meet. It is immutable and safe for concurrent use.
type Expectation struct {
	ID          string
	Title       string
	Why         string // what goes wrong without it
	Lesson      string // how to put it right, and how never to meet it again
	Severity    finding.Severity
	Owner       string          // team or person who answers for violations; usually empty, so that the resource's owner does
	Types       []resource.Type // that it judges
	Expression  string          // CEL, true when it is met
	When        string          // CEL, true when it applies; empty for always
	Messages    []string        // CEL, what was seen, in words; those that give nothing or are unknown are left out
	Controls    []string        // of frameworks, such as SEC03-BP07 or S3.1
	Remediation string          // a playbook's ID, or what a person does
	Changes     []Change        // properties with which a template meets it; none where its expression says as much
	File        string          // where it was read

	broken       error // it was found and could not be read: see Open
	met, applies *expr.Program
	seen         []*expr.Words
	form         func() expr.Form // of met, taken apart when it is first wanted
	properties   func() []string
}

// text is the form of an expectation in a file.
type text struct {
	ID          string         `yaml:"id"`
	Title       string         `yaml:"title"`
	Why         string         `yaml:"why"`
	Lesson      string         `yaml:"lesson"`
	Severity    string         `yaml:"severity"`
	Owner       string         `yaml:"owner"`
	Resource    someOf         `yaml:"resource"`
	When        string         `yaml:"when"`
	Expression  string         `yaml:"expression"`
	Message     someOf         `yaml:"message"`
	Controls    []string       `yaml:"controls"`
	Remediation string         `yaml:"remediation"`
	Fix         map[string]any `yaml:"fix"`
}

// someOf is one word or a list of words.
type someOf []string

// UnmarshalYAML reads either form.
func (s *someOf) UnmarshalYAML(decode func(any) error) error {
	var list []string
	if decode(&list) == nil {
		*s = list
		return nil
	}
	var one string
	if err := decode(&one); err != nil {
		return err
	}
	*s = someOf{one}
	return nil
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	typeForm = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`)
)

// parse reads one expectation. Errors begin with file:line:col.
func parse(env *expr.Env, file string, data []byte) (*Expectation, error) {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return nil, err
	}
	switch len(nodes) {
	case 0:
		return nil, fault.New(fault.Invalid, "%s:1:1: the file is empty: want an expectation", file)
	case 1:
	default:
		return nil, nodes[1].Errorf("a second document starts here: want one document in this file")
	}
	var t text
	root := nodes[0]
	if err := root.Decode(&t); err != nil {
		return nil, err
	}
	if err := t.check(root); err != nil {
		return nil, err
	}
	e := &Expectation{
		ID: t.ID, Title: t.Title, Why: strings.TrimSpace(t.Why), Lesson: strings.TrimSpace(t.Lesson), Severity: finding.Severity(t.Severity),
		Owner: t.Owner, Expression: t.Expression, When: t.When, Messages: t.Message, Controls: t.Controls,
		Remediation: strings.TrimSpace(t.Remediation), File: file,
	}
	for _, r := range t.Resource {
		e.Types = append(e.Types, resource.Type(r))
	}
	if e.Changes, err = t.changes(root); err != nil {
		return nil, err
	}
	return e, e.compile(env, source{file, root})
}

func (t text) check(root *doc.Node) error {
	at := func(key string) *doc.Node {
		if n := root.Get(key); n != nil {
			return n
		}
		return root
	}
	for _, f := range []struct{ key, value string }{
		{"id", t.ID}, {"title", t.Title}, {"why", t.Why}, {"severity", t.Severity}, {"expression", t.Expression},
	} {
		if strings.TrimSpace(f.value) == "" {
			return at(f.key).Errorf("%s is missing", f.key)
		}
	}
	if !idForm.MatchString(t.ID) {
		return at("id").Errorf("id %q: use lower-case words joined by hyphens", t.ID)
	}
	if _, err := finding.ParseSeverity(t.Severity); err != nil {
		return at("severity").Errorf("%v", err)
	}
	if len(t.Resource) == 0 {
		return at("resource").Errorf("resource is missing: name the types that this judges, such as AWS::S3::Bucket")
	}
	for i, r := range t.Resource {
		if !typeForm.MatchString(r) || slices.Contains(t.Resource[:i], r) {
			return at("resource").Errorf("resource %q: want CloudFormation types such as AWS::S3::Bucket, each once", r)
		}
		if _, known := schema.Of(resource.Type(r)); !known && (strings.HasPrefix(r, "AWS::") || strings.HasPrefix(r, "jobzero::")) {
			return at("resource").Errorf("there is no resource type %s: use CloudFormation's name for it", r)
		}
	}
	return nil
}

func (e *Expectation) compile(env *expr.Env, src source) (err error) {
	if e.met, err = env.CompileAt(src.place(src.root.Get("expression")), e.Expression); err != nil {
		return err
	}
	e.form = sync.OnceValue(func() expr.Form { return e.met.Form("resource") })
	e.properties = sync.OnceValue(e.named)
	if e.When != "" {
		if e.applies, err = env.CompileAt(src.place(src.root.Get("when")), e.When); err != nil {
			return err
		}
	}
	for i, m := range e.Messages {
		n := src.root.Get("message")
		if n.Kind == doc.List {
			n = n.Items[i]
		}
		w, err := env.CompileWords(src.place(n), m)
		if err != nil {
			return err
		}
		e.seen = append(e.seen, w)
	}
	return e.checkNames()
}

// source is a file beside its tree, to find where an expression begins.
type source struct {
	file string
	root *doc.Node
}

// place is where a text begins.
func (s source) place(n *doc.Node) expr.Place {
	line, col := n.Begins()
	return expr.Place{File: s.file, Line: line, Col: col}
}
