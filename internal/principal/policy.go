package principal

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// maxPolicy is the largest document read, in bytes. AWS allows 20 kB for a bucket policy and less elsewhere.
const maxPolicy = 1 << 20

// Gap stands in a document for a text that is not known: whoever has a document with unknown parts writes it there. What
// depends on it is Maybe.
const Gap = "<not known>"

// Policy is an IAM policy document that still knows its own bytes.
type Policy struct {
	Version    string
	ID         string
	Statements []Statement

	text []byte
	at   []int // where each statement starts in text
	list bool  // Statement is a list, not one object
}

// Statement is one statement of a policy.
type Statement struct {
	Raw                      json.RawMessage // exactly as it stands in the document
	Sid, Effect              string
	Principals               []Grantee // of Principal
	NotPrincipals            []Grantee // of NotPrincipal
	Actions, NotActions      []string
	Resources, NotResources  []string
	Conditions               []Condition
	Unknown                  []string // elements that this version does not know
	hasPrincipal, hasNotPrin bool
}

// Grantee is one principal of a statement: AWS, Service, Federated or CanonicalUser and its name. The plain form
// "Principal": "*" has no kind.
type Grantee struct {
	Kind, Name string
}

// Condition is one key under one operator. All conditions of a statement must hold; one of the values is enough.
type Condition struct {
	Operator, Key string
	Values        []string
}

// ParsePolicy reads a policy document. It takes the text-or-list forms that IAM takes and refuses what is ambiguous, such as
// an element that stands twice. The text is kept, so that Without can cut a statement and leave the rest byte for byte.
func ParsePolicy(text []byte) (Policy, error) {
	if len(text) > maxPolicy {
		return Policy{}, fault.New(fault.Invalid, "policy: %d bytes, want at most %d", len(text), maxPolicy)
	}
	body := bytes.TrimLeft(text, " \t\r\n")
	lead := len(text) - len(body)
	if body = bytes.TrimRight(body, " \t\r\n"); rawjson.End(body, 0) != len(body) || !utf8.Valid(body) {
		return Policy{}, fault.New(fault.Invalid, "policy: not one JSON document")
	}
	p := Policy{text: slices.Clone(text)}
	whole, err := read(p.text[lead:lead+len(body)], lead)
	if err != nil {
		return Policy{}, err
	}
	if err := p.fill(whole); err != nil {
		return Policy{}, err
	}
	return p, nil
}

// PolicyOf is ParsePolicy of a document that was read already: the shapes of encoding/json. It has no text, and nothing can be cut out of it.
func PolicyOf(document any) (Policy, error) {
	whole, err := nodeOf(document)
	if err != nil {
		return Policy{}, err
	}
	var p Policy
	if err := p.fill(whole); err != nil {
		return Policy{}, err
	}
	return p, nil
}

func (p *Policy) fill(whole node) error {
	top, err := whole.object("policy")
	if err != nil {
		return err
	}
	found := false
	for _, m := range top {
		m.start += whole.start
		switch strings.ToLower(m.Key) {
		case "version":
			p.Version, err = m.scalar("policy: Version")
		case "id":
			p.ID, err = m.scalar("policy: Id")
		case "statement":
			found = true
			err = p.statements(m.node)
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return fault.New(fault.Invalid, "policy: Statement is missing")
	}
	return nil
}

func (p *Policy) statements(n node) error {
	switch n.kind {
	case '{':
		s, err := statement(n, "policy: statement")
		p.Statements, p.at = []Statement{s}, []int{n.start}
		return err
	case '[':
	default:
		return fault.New(fault.Invalid, "policy: Statement: want a JSON list")
	}
	p.list = true
	for i, e := range n.list {
		s, err := statement(e, "policy: statement "+strconv.Itoa(i+1))
		if err != nil {
			return err
		}
		p.Statements = append(p.Statements, s)
		p.at = append(p.at, n.start+e.start)
	}
	return nil
}

// Text is the document as it was parsed.
func (p Policy) Text() []byte { return slices.Clone(p.text) }

// Without gives the document without the statements at the indexes (from 0); every other byte of every other statement
// stays as it was. When none would be left it gives nil: the policy itself has to go, because IAM takes no empty one.
func (p Policy) Without(indexes ...int) ([]byte, error) {
	gone := map[int]bool{}
	for _, i := range indexes {
		if i < 0 || i >= len(p.Statements) {
			return nil, fault.New(fault.Invalid, "policy has %d statements; there is none with index %d", len(p.Statements), i)
		}
		gone[i] = true
	}
	if len(gone) == 0 {
		return p.Text(), nil
	}
	if len(gone) == len(p.Statements) {
		return nil, nil
	}
	end := func(i int) int { return p.at[i] + len(p.Statements[i].Raw) }
	out := slices.Clone(p.text[:p.at[0]])
	kept := 0
	for i := range p.Statements {
		if gone[i] {
			continue
		}
		if kept > 0 { // the comma and white space that stood before this statement
			out = append(out, p.text[end(i-1):p.at[i]]...)
		}
		out = append(out, p.Statements[i].Raw...)
		kept++
	}
	return append(out, p.text[end(len(p.Statements)-1):]...), nil
}
