package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// maxNodes is how many values a policy may have.
const maxNodes = 100_000

// parser reads one policy.
type parser struct {
	doc       *Document
	vars      bool
	operators map[string]operator
	problems  []Problem
}

// Parse reads a policy. An error is fault.Invalid and begins with file:line:col; problems do not stop it from being judged.
func Parse(name string, kind Kind, text []byte) (*Document, []Problem, error) {
	if !json.Valid(text) && !strings.HasSuffix(name, ".json") {
		return nil, nil, fault.New(fault.Invalid, "%s:1:1: this is not one JSON document: want a policy", name)
	}
	nodes, err := doc.Reader{Nodes: maxNodes}.Parse(name, text)
	if err != nil {
		return nil, nil, err
	}
	if len(nodes) == 0 {
		return nil, nil, fault.New(fault.Invalid, "%s:1:1: want a policy: an object with Version and Statement", name)
	}
	var small bytes.Buffer
	if err := json.Compact(&small, bytes.TrimPrefix(text, []byte("\ufeff"))); err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "%s:1:1: read the policy", name)
	}
	return read(&Document{Name: name, Kind: kind, Size: utf8.RuneCount(small.Bytes())}, nodes[0])
}

// Read reads a policy that is a part of a document. Its Size is not known. Otherwise it is as Parse.
func Read(name string, kind Kind, n *doc.Node) (*Document, []Problem, error) {
	return read(&Document{Name: name, Kind: kind}, n)
}

func read(d *Document, n *doc.Node) (*Document, []Problem, error) {
	if n.Kind != doc.Map {
		return nil, nil, n.Errorf("want a policy: an object with Version and Statement")
	}
	p := parser{doc: d, operators: known()}
	if err := p.top(n); err != nil {
		return nil, nil, err
	}
	return p.doc, p.problems, nil
}

// known are the operators by their names in small letters.
var known = sync.OnceValue(operators)

func (p *parser) warn(n *doc.Node, format string, args ...any) {
	p.problems = append(p.problems, Problem{placeOf(n), fmt.Sprintf(format, args...)})
}

func placeOf(n *doc.Node) Place { return Place{n.File(), n.Line, n.Col} }

// members gives the members of an object by their names in small letters, as IAM reads them.
func members(n *doc.Node, known ...string) (map[string]*doc.Node, error) {
	out := map[string]*doc.Node{}
	for _, pair := range n.Pairs {
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, pair.Key.Text) })
		if at < 0 {
			return nil, pair.Key.Errorf("there is no element %s%s", quote(pair.Key.Text), nearest(pair.Key.Text, known))
		}
		if out[known[at]] != nil {
			return nil, pair.Key.Errorf("%s stands twice", known[at])
		}
		out[known[at]] = pair.Value
	}
	return out, nil
}

func (p *parser) top(n *doc.Node) error {
	all, err := members(n, "Version", "Id", "Statement")
	if err != nil {
		return err
	}
	p.doc.Version = "2008-10-17"
	if v := all["Version"]; v == nil {
		p.warn(n, "it has no Version: write 2012-10-17, without which variables such as ${aws:username} are plain text")
	} else if p.doc.Version = v.Text; v.Text != "2012-10-17" && v.Text != "2008-10-17" {
		return v.Errorf("Version %s: want 2012-10-17", quote(v.Text))
	}
	p.vars = p.doc.Version == "2012-10-17"
	list := all["Statement"]
	switch {
	case list == nil:
		return n.Errorf("Statement is missing")
	case list.Kind == doc.Map:
		list = &doc.Node{Kind: doc.List, Items: []*doc.Node{list}}
	case list.Kind != doc.List || len(list.Items) == 0:
		return list.Errorf("Statement: want a list of statements")
	}
	sids := map[string]bool{}
	for i, item := range list.Items {
		s, err := p.statement(item, i+1)
		if err != nil {
			return err
		}
		if s.Sid != "" && sids[s.Sid] {
			p.warn(item, "two statements have the Sid %s", quote(s.Sid))
		}
		sids[s.Sid] = true
		p.doc.Statements = append(p.doc.Statements, s)
	}
	if organisation := p.doc.Kind == SCP || p.doc.Kind == RCP; organisation && p.doc.Size > MaxOrganisation {
		p.warn(n, "it has %d characters without white space; AWS takes at most %d", p.doc.Size, MaxOrganisation)
	}
	return nil
}

func (p *parser) statement(n *doc.Node, number int) (*Statement, error) {
	if n.Kind != doc.Map {
		return nil, n.Errorf("a statement is an object, not %s", n.Kind)
	}
	all, err := members(n, "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")
	if err != nil {
		return nil, err
	}
	s := &Statement{Number: number, Place: placeOf(n)}
	if v := all["Sid"]; v != nil {
		s.Sid = v.Text
	}
	effect := all["Effect"]
	switch {
	case effect == nil:
		return nil, n.Errorf("Effect is missing: want Allow or Deny")
	case effect.Text != "Allow" && effect.Text != "Deny":
		return nil, effect.Errorf("Effect %s: want Allow or Deny", quote(effect.Text))
	}
	s.Allow = effect.Text == "Allow"
	if s.Actions, s.NotActions, err = p.either(n, all, "Action", true); err != nil {
		return nil, err
	}
	if s.Resources, s.NotRes, err = p.either(n, all, "Resource", p.doc.Kind != Resource); err != nil {
		return nil, err
	}
	if err := p.who(n, s, all); err != nil {
		return nil, err
	}
	if c := all["Condition"]; c != nil {
		if err := p.conditions(c, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// either reads an element and its opposite, of which one has to be there.
func (p *parser) either(n *doc.Node, all map[string]*doc.Node, name string, wanted bool) (yes, no []*Pattern, err error) {
	plain, opposite := all[name], all["Not"+name]
	switch {
	case plain != nil && opposite != nil:
		return nil, nil, opposite.Errorf("%s and Not%s stand side by side: use one of them", name, name)
	case plain == nil && opposite == nil && wanted:
		return nil, nil, n.Errorf("%s is missing", name)
	case plain != nil:
		yes, err = p.patterns(plain, name)
	case opposite != nil:
		no, err = p.patterns(opposite, "Not"+name)
	}
	return yes, no, err
}

func (p *parser) patterns(n *doc.Node, name string) ([]*Pattern, error) {
	texts, err := textsOf(n, name)
	if err != nil {
		return nil, err
	}
	out := make([]*Pattern, 0, len(texts))
	for _, t := range texts {
		text, action := t.Text, strings.HasSuffix(name, "Action")
		if action {
			if text = strings.ToLower(text); text != "*" && !strings.Contains(text, ":") {
				return nil, t.Errorf("%s %s: want service:Name or *", name, quote(t.Text))
			}
		} else if text != "*" && !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "*") {
			p.warn(t, "%s %s is no ARN: it matches nothing", name, quote(t.Text))
		}
		out = append(out, newPattern(text, true, p.vars && !action))
	}
	return out, nil
}

// textsOf reads a text or a list of texts.
func textsOf(n *doc.Node, name string) ([]*doc.Node, error) {
	items := n.Items
	if n.Kind != doc.List {
		items = []*doc.Node{n}
	}
	for _, i := range items {
		if i.Kind == doc.Map || i.Kind == doc.List || i.Kind == doc.Null {
			return nil, i.Errorf("%s: want a text or a list of texts, not %s", name, i.Kind)
		}
	}
	if len(items) == 0 {
		return nil, n.Errorf("%s is empty", name)
	}
	return items, nil
}

func (p *parser) conditions(n *doc.Node, s *Statement) error {
	if n.Kind != doc.Map {
		return n.Errorf("Condition: want an object of operators")
	}
	for _, op := range n.Pairs {
		if op.Value.Kind != doc.Map {
			return op.Value.Errorf("%s: want an object of condition keys", op.Key.Text)
		}
		for _, key := range op.Value.Pairs {
			values, err := textsOf(key.Value, key.Key.Text)
			if err != nil {
				return err
			}
			c := &Condition{Key: key.Key.Text, Operator: op.Key.Text, Place: placeOf(key.Key)}
			for _, v := range values {
				c.Values = append(c.Values, v.Text)
			}
			if wrong := c.compile(p.vars, p.operators); wrong != "" {
				return op.Key.Errorf("%s", wrong)
			}
			s.Conditions = append(s.Conditions, c)
		}
	}
	return nil
}
