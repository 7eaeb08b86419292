package escalate

import (
	"cmp"
	_ "embed"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
)

//go:embed default.yaml
var defaultText []byte

// builtInName is what errors and pages call the policy that jobzero brings.
const builtInName = "built-in"

// Default is the policy that counts where people have written none. It names nobody: its seats follow from the rota and the organisation.
func Default() (Policy, error) { return Parse(builtInName, defaultText) }

// DefaultText is the text of Default, to begin from.
func DefaultText() string { return string(defaultText) }

// The limits of a policy.
const (
	maxLines  = 50
	maxLevels = 20
	maxAsked  = 20 // words of one level
	maxErrors = 20 // that are told at once
	longest   = 90 * 24 * time.Hour
	maxSnooze = 7 * 24 * time.Hour
)

// Parse reads and checks a policy. All mistakes found are in the error, one a line, each with file:line:col.
func Parse(name string, text []byte) (Policy, error) {
	nodes, err := doc.Parse(name, text)
	if err != nil {
		return Policy{}, err
	}
	if len(nodes) == 0 {
		return Policy{}, fault.New(fault.Invalid, "%s:1:1: the policy is empty: leave the setting out to have the built-in one", name)
	}
	p := Policy{
		Group: Group{Within: Span(15 * time.Minute), Longest: Span(time.Hour)}, Quiet: Quiet{From: 22 * 60, Until: 7 * 60, Zone: "UTC"}, File: name,
	}
	if err := doc.Decode(name, text, &p); err != nil {
		return Policy{}, err
	}
	c := &checker{policy: p, root: nodes[0]}
	c.all()
	return p, errors.Join(c.errs...)
}

// checker walks a policy beside the nodes that it was read from, so that every mistake has its place.
type checker struct {
	policy Policy
	root   *doc.Node
	errs   []error
}

func (c *checker) errorf(n *doc.Node, format string, args ...any) {
	if n == nil {
		n = c.root
	}
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, n.Errorf(format, args...))
	}
}

// key is the node of a key, or the node itself where there is none.
func key(n *doc.Node, name string) *doc.Node {
	if v := n.Get(name); v != nil {
		return v
	}
	return n
}

func item(n *doc.Node, i int) *doc.Node {
	if n == nil || i >= len(n.Items) {
		return n
	}
	return n.Items[i]
}

func (c *checker) all() {
	p := c.policy
	group, quiet := key(c.root, "group"), key(c.root, "quiet")
	if p.Group.Within.Of() < time.Second || p.Group.Within.Of() > 24*time.Hour || p.Group.Longest < p.Group.Within || p.Group.Longest.Of() > 24*time.Hour {
		c.errorf(group, "within is %s and longest is %s: want 1s to 24h, and longest not shorter than within", p.Group.Within, p.Group.Longest)
	}
	if _, err := time.LoadLocation(p.Quiet.Zone); err != nil || p.Quiet.Zone == "Local" || p.Quiet.Zone == "" {
		c.errorf(key(quiet, "zone"), "zone %q is not known: want a name such as Europe/Dublin", p.Quiet.Zone)
	}
	if p.Quiet.From == p.Quiet.Until {
		c.errorf(quiet, "from and until are both %s: want two times of a day", p.Quiet.From)
	}
	c.seats()
	lines := c.root.Get("lines")
	if len(p.Lines) == 0 || len(p.Lines) > maxLines {
		c.errorf(lines, "%d lines: want 1 to %d", len(p.Lines), maxLines)
		return
	}
	for i, l := range p.Lines {
		c.line(l, item(lines, i), p.Lines[:i])
	}
	for _, s := range finding.Severities() {
		if !slices.ContainsFunc(p.Lines, func(l Line) bool { return len(l.Kinds) == 0 && slices.Contains(l.Severities, s) }) {
			c.errorf(lines, "no line is for all tickets that are %s: write one, with no acknowledge and no fix if nobody is to be told", s)
		}
	}
}

func (c *checker) seats() {
	n := c.root.Get("seats")
	for _, name := range slices.Sorted(maps.Keys(c.policy.Seats)) {
		switch at := key(n, name); {
		case !seatForm.MatchString(name):
			c.errorf(at, "seat %q: want 1 to 40 of a-z, 0-9 and -", name)
		case slices.Contains(builtIn(), name):
			c.errorf(at, "seat %q is built in: choose another name", name)
		case len(some(c.policy.Seats[name]...)) == 0:
			c.errorf(at, "seat %q: nobody sits there: name a person", name)
		case len(c.policy.Seats[name]) > maxAsked:
			c.errorf(at, "seat %q: %d people: want %d at the most", name, len(c.policy.Seats[name]), maxAsked)
		}
	}
}

func (c *checker) line(l Line, n *doc.Node, before []Line) {
	if !seatForm.MatchString(l.Name) {
		c.errorf(key(n, "name"), "name %q: want 1 to 40 of a-z, 0-9 and -", l.Name)
	}
	if slices.ContainsFunc(before, func(b Line) bool { return b.Name == l.Name }) {
		c.errorf(key(n, "name"), "a line %q is there already", l.Name)
	}
	if len(l.Severities) == 0 {
		c.errorf(n, "severities are missing: want some of %s", join(finding.Severities()))
	}
	for i, s := range l.Severities {
		if s.Rank() == 0 {
			c.errorf(item(n.Get("severities"), i), "severity %q: want one of %s", s, join(finding.Severities()))
		}
	}
	for i, k := range l.Kinds {
		if !slices.Contains(kinds(), k) {
			c.errorf(item(n.Get("kinds"), i), "kind %q: want one of %s", k, join(kinds()))
		}
	}
	if l.Quiet && slices.Contains(l.Severities, finding.Critical) {
		c.errorf(key(n, "quiet"), "what is critical does not wait for the morning: leave quiet out, or critical")
	}
	if l.Snooze < 0 || l.Snooze.Of() > maxSnooze {
		c.errorf(key(n, "snooze"), "snooze %s: want at most %s", l.Snooze, maxSnooze)
	}
	c.levels(l.Acknowledge, n.Get("acknowledge"))
	fix := key(n, "fix")
	if l.Fix.Within < 0 || l.Fix.Within.Of() > longest || (l.Fix.Within == 0) != (len(l.Fix.Levels) == 0) {
		c.errorf(fix, "within is %s with %d levels: want a time of at most %s and who is told, or neither", l.Fix.Within, len(l.Fix.Levels), longest)
	}
	c.levels(l.Fix.Levels, fix.Get("levels"))
}

func (c *checker) levels(all []Level, n *doc.Node) {
	if len(all) > maxLevels {
		c.errorf(n, "%d levels: want %d at the most", len(all), maxLevels)
	}
	for i, l := range all {
		at := item(n, i)
		if l.Within.Of() < time.Minute || l.Within.Of() > longest {
			c.errorf(key(at, "within"), "within %s: want 1m to %s", l.Within, longest)
		}
		if len(l.Ask) == 0 || len(l.Ask) > maxAsked {
			c.errorf(at, "ask: want 1 to %d words such as %s, manager/1, above/1, person/ID or a seat", maxAsked, strings.Join(builtIn(), ", "))
		}
		for j, word := range l.Ask {
			if !c.knows(word) {
				c.errorf(item(at.Get("ask"), j), "%q is no seat: want %s, manager/1 to manager/9, above/1 to above/9, person/ID, or one of seats: %s",
					word, strings.Join(builtIn(), ", "), cmp.Or(strings.Join(slices.Sorted(maps.Keys(c.policy.Seats)), ", "), "there are none"))
			}
		}
	}
}

func (c *checker) knows(word string) bool {
	_, named := c.policy.Seats[word]
	return named || slices.Contains(builtIn(), word) || upForm.MatchString(word) || personForm.MatchString(word)
}

// Against names whom the policy asks and the organisation does not know.
func (p Policy) Against(o *org.Org) error {
	var errs []error
	look := func(id, where string) {
		if _, ok := o.Person(id); !ok {
			errs = append(errs, fault.New(fault.Invalid, "%s: %s: no person of the organisation is called %q", p.File, where, id))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Seats)) {
		for _, id := range p.Seats[name] {
			look(id, "seat "+name)
		}
	}
	for _, l := range p.Lines {
		for _, level := range slices.Concat(l.Acknowledge, l.Fix.Levels) {
			for _, word := range level.Ask {
				if m := personForm.FindStringSubmatch(word); m != nil {
					look(m[1], "line "+l.Name)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// kinds are those that a ticket can be of.
func kinds() []finding.Kind {
	return []finding.Kind{finding.Rule, finding.Expectation, finding.Unread, finding.Baseline, finding.Imported, finding.Leaver, finding.Reused, finding.Asked, finding.FollowUp, finding.Reported}
}

func join[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}
