package sigma

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// unsupported marks an error about valid Sigma that this engine does not know yet.
type unsupported struct{ error }

// Unwrap gives the error with its place and code.
func (u unsupported) Unwrap() error { return u.error }

// Unsupported reports whether err says that a rule is good Sigma but more than this engine can do.
func Unsupported(err error) bool {
	_, ok := errors.AsType[unsupported](err)
	return ok
}

func notYet(n *doc.Node, what string) error {
	return unsupported{n.Errorf("%s not supported yet: leave this rule out or rewrite it", what)}
}

// ParseRule reads a text that holds exactly one rule. Every error is fault.Invalid and begins with file:line:column.
func ParseRule(file string, data []byte) (*Compiled, error) {
	rules, errs := ParseRules(file, data)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(rules) != 1 {
		return nil, fault.New(fault.Invalid, "%s:1:1: %d rules in this file, want one", file, len(rules))
	}
	return rules[0], nil
}

// ParseRules reads every rule of a text; documents are separated by ---. A bad rule does not stop the others.
func ParseRules(file string, data []byte) (rules []*Compiled, errs []error) {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return nil, []error{err}
	}
	for _, n := range nodes {
		r, err := parseRule(n)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		rules = append(rules, r)
	}
	return rules, errs
}

func parseRule(n *doc.Node) (*Compiled, error) {
	if n.Kind != doc.Map {
		return nil, n.Errorf("a rule is a map with title, logsource and detection, not %s", n.Kind)
	}
	later := map[string]string{"correlation": "correlation rules are", "filter": "filter documents are", "action": "rule collections are"}
	for key, what := range later {
		if v := n.Get(key); v != nil {
			return nil, notYet(v, what)
		}
	}
	c := &Compiled{Rule: detect.Rule{File: n.Place()}}
	if err := c.readAbout(n); err != nil {
		return nil, err
	}
	if err := c.readLogSource(n); err != nil {
		return nil, err
	}
	return c, c.readDetection(n)
}

// readAbout reads what the rule says about itself. Keys that are not known are custom attributes and left alone.
func (c *Compiled) readAbout(n *doc.Node) error {
	var level string
	for key, into := range map[string]*string{
		"title": &c.Title, "id": &c.ID, "name": &c.Name, "status": &c.Status, "description": &c.Description,
		"author": &c.Author, "level": &level,
	} {
		if err := readText(n, key, into); err != nil {
			return err
		}
	}
	for key, into := range map[string]*[]string{"references": &c.References, "tags": &c.Tags, "falsepositives": &c.FalsePositives} {
		if err := readTexts(n, key, into); err != nil {
			return err
		}
	}
	if c.Title == "" {
		return n.Errorf("a rule needs a title: add one that says what it detects")
	}
	if len(strings.Fields(c.ID)) > 1 {
		return n.Get("id").Errorf("id %q: use a UUID", c.ID)
	}
	if c.ID == "" && len(strings.Fields(c.Name)) == 1 {
		c.ID = c.Name
	}
	c.ID = cmp.Or(c.ID, titleID(c.Title))
	c.Level = finding.Medium
	if level != "" {
		var err error
		if c.Level, err = finding.ParseSeverity(level); err != nil {
			return n.Get("level").Errorf("level %q: use informational, low, medium, high or critical", level)
		}
	}
	return c.readCustom(n.Get("jobzero"))
}

// readCustom reads jobzero's own attribute, which is strict: nobody else writes into it.
func (c *Compiled) readCustom(n *doc.Node) error {
	if n == nil {
		return nil
	}
	var own struct {
		Subject  string `yaml:"subject"`
		Playbook string `yaml:"playbook"`
		Person   string `yaml:"person"`
	}
	if err := n.Decode(&own); err != nil {
		return err
	}
	s, err := detect.ParseSubject(own.Subject)
	if err != nil {
		return n.Get("subject").Errorf("%v", err)
	}
	c.Subject, c.Answer = s, detect.Answer{Playbook: own.Playbook, Person: own.Person}
	return nil
}

// readLogSource also decides whether the rule can match at all: every event here is a CloudTrail record.
func (c *Compiled) readLogSource(n *doc.Node) error {
	src := n.Get("logsource")
	if src == nil || src.Kind != doc.Map {
		return n.Errorf("a rule needs a logsource: for CloudTrail write product: aws and service: cloudtrail")
	}
	l := &c.LogSource
	for key, into := range map[string]*string{"category": &l.Category, "product": &l.Product, "service": &l.Service} {
		if err := readText(src, key, into); err != nil {
			return err
		}
	}
	fits := func(have, want string) bool { return have == "" || strings.EqualFold(have, want) }
	if *l == (detect.LogSource{}) || l.Category != "" || !fits(l.Product, "aws") || !fits(l.Service, "cloudtrail") {
		c.Idle = "its log source (" + l.String() + ") is not CloudTrail, the only one that is read"
	}
	return nil
}

func readText(n *doc.Node, key string, into *string) error {
	v := n.Get(key)
	if v == nil {
		return nil
	}
	if v.Kind == doc.Map || v.Kind == doc.List {
		return v.Errorf("%s is %s: want a text", key, v.Kind)
	}
	*into = strings.TrimSpace(v.Text)
	return nil
}

// readTexts reads a list of texts; a single text is a list of one.
func readTexts(n *doc.Node, key string, into *[]string) error {
	v := n.Get(key)
	if v == nil || v.Kind == doc.Null {
		return nil
	}
	items := v.Items
	if v.Kind != doc.List {
		items = []*doc.Node{v}
	}
	for _, item := range items {
		if item.Kind == doc.Map || item.Kind == doc.List {
			return item.Errorf("%s holds %s: want texts", key, item.Kind)
		}
		*into = append(*into, item.Text)
	}
	return nil
}

// titleID is an id for a rule that has none; it stays the same as long as the title does.
func titleID(title string) string {
	sum := sha256.Sum256([]byte(title))
	return "title-" + hex.EncodeToString(sum[:8])
}
