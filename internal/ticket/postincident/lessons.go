package postincident

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Lessons are what people add to the account.
type Lessons struct {
	Ticket  string   `yaml:"ticket"   json:"ticket"`
	Summary string   `yaml:"summary"  json:"summary"`
	Well    []string `yaml:"went_well" json:"went_well,omitempty"`
	Factors []Factor `yaml:"factors"  json:"factors"`
	Actions []Action `yaml:"actions"  json:"actions"`
}

// Factor is something that made the incident possible, longer or worse. There is never only one.
type Factor struct {
	What    string `yaml:"what"    json:"what"`
	Entries []int  `yaml:"entries" json:"entries,omitempty"` // of the timeline, which show it
}

// Action is something that somebody will change.
type Action struct {
	What     string           `yaml:"what"     json:"what"`
	Owner    string           `yaml:"owner"    json:"owner"`
	Due      string           `yaml:"due"      json:"due"`      // a day, written 2026-12-31
	Severity finding.Severity `yaml:"severity" json:"severity"` // medium where it is empty
}

// Known is what a text is held against.
type Known struct {
	Owner   func(word string) bool // whether a team or a person is called so
	People  []string               // IDs and names of persons, which stand nowhere but at owner
	Entries int                    // how many the timeline has
	Now     time.Time
}

// leastFactors is how many a review names: who stops at the first cause has found the last person who touched it.
const leastFactors = 2

const maxErrors = 20

// Read reads and checks a text of lessons. All mistakes found are in the error, one a line, each with file:line:col.
func Read(name string, data []byte, k Known) (l Lessons, err error) {
	if err := doc.Decode(name, data, &l); err != nil {
		return l, err
	}
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return l, err
	}
	if len(nodes) == 0 {
		return l, fault.New(fault.Invalid, "%s:1:1: the text is empty: `jobzero review incident ID --template` gives one to fill in", name)
	}
	c := checker{known: k, root: nodes[0], blame: blames(k.People)}
	c.lessons(&l)
	return l, errors.Join(c.errs...)
}

// checker walks lessons beside the nodes they were read from.
type checker struct {
	known Known
	root  *doc.Node
	blame []phrase
	errs  []error
}

func (c *checker) errorf(n *doc.Node, format string, args ...any) {
	if n == nil {
		n = c.root
	}
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, n.Errorf(format, args...))
	}
}

func (c *checker) lessons(l *Lessons) {
	if l.Ticket == "" {
		c.errorf(nil, "ticket is missing: say of which ticket these are the lessons")
	}
	if strings.TrimSpace(l.Summary) == "" {
		c.errorf(c.root.Get("summary"), "summary is missing: say in a few sentences what happened and whom it touched")
	}
	c.wording(c.root.Get("summary"), l.Summary)
	for i, text := range l.Well {
		c.wording(item(c.root.Get("went_well"), i, ""), text)
	}
	if len(l.Factors) < leastFactors {
		c.errorf(c.root.Get("factors"), "factors has %d of at least %d: say what is behind it, such as what made it possible, what made it worse, why it was not noticed before", len(l.Factors), leastFactors)
	}
	for i, f := range l.Factors {
		at := item(c.root.Get("factors"), i, "what")
		if strings.TrimSpace(f.What) == "" {
			c.errorf(at, "what is missing")
		}
		c.wording(at, f.What)
		for _, e := range f.Entries {
			if e < 1 || e > c.known.Entries {
				c.errorf(item(c.root.Get("factors"), i, "entries"), "the timeline has no entry %d: it has %d", e, c.known.Entries)
			}
		}
	}
	if len(l.Actions) == 0 {
		c.errorf(c.root.Get("actions"), "actions is empty: what nobody changes happens again")
	}
	seen := map[string]bool{}
	for i := range l.Actions {
		c.action(&l.Actions[i], i, seen)
	}
}

func (c *checker) action(a *Action, i int, seen map[string]bool) {
	at := func(key string) *doc.Node { return item(c.root.Get("actions"), i, key) }
	if a.Severity == "" {
		a.Severity = finding.Medium
	}
	day, err := time.Parse(time.DateOnly, a.Due)
	switch {
	case strings.TrimSpace(a.What) == "" || a.Owner == "" || a.Due == "":
		c.errorf(at(""), "an action says what, owner and due")
	case seen[a.What]:
		c.errorf(at("what"), "%q is there already", a.What)
	case !c.known.Owner(a.Owner):
		c.errorf(at("owner"), "no team and no person is called %q", a.Owner)
	case err != nil:
		c.errorf(at("due"), "%q is no day: write it as 2026-12-31", a.Due)
	case !day.Add(24 * time.Hour).After(c.known.Now):
		c.errorf(at("due"), "%s is over", a.Due)
	case !slices.Contains(finding.Severities(), a.Severity):
		c.errorf(at("severity"), "severity %q: want one of %v", a.Severity, finding.Severities())
	}
	seen[a.What] = true
	c.wording(at("what"), a.What)
}

func (c *checker) wording(n *doc.Node, text string) {
	told := ""
	for _, p := range c.blame {
		found := strings.TrimSpace(p.re.FindString(text))
		if found == "" || strings.Contains(told, found) {
			continue
		}
		told += found + "\n"
		c.errorf(n, "%q: %s", found, p.instead)
	}
}

// item is the node of a key of the i-th entry of a list, or the entry itself where it has no such key.
func item(list *doc.Node, i int, key string) *doc.Node {
	if list == nil || i >= len(list.Items) {
		return list
	}
	if n := list.Items[i].Get(key); key != "" && n != nil {
		return n
	}
	return list.Items[i]
}

// ID names an action of a ticket's review: the same for the same words.
func (a Action) ID(ticket string) string {
	sum := sha256.Sum256([]byte(ticket + "\x00" + a.What))
	return ticket + "/" + hex.EncodeToString(sum[:4])
}

// TicketOf gives the ticket that a text of lessons is about, before it can be held against it.
func TicketOf(name string, data []byte) (string, error) {
	var l Lessons
	if err := doc.Decode(name, data, &l); err != nil {
		return "", err
	}
	if l.Ticket == "" {
		return "", fault.New(fault.Invalid, "%s:1:1: ticket is missing: say of which ticket these are the lessons", name)
	}
	return l.Ticket, nil
}
