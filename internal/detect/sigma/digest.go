package sigma

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// Digest names what a linked rule finds and about whom: its detection with the filters that apply, the values of placeholders
// and the places of fields, the logs and the accounts where it counts. Titles, levels and words about the rule are no part of
// it: a rule that is only told better finds nothing new.
func (c *Compiled) Digest() string {
	d := digester{sha256.New()}
	d.say("rule", c.ID, c.Logs, c.Subject, c.Idle != "", c.Part)
	d.say(c.Where.Accounts, c.Where.Units, c.Where.Environments, c.Where.Tags)
	d.detection(c.Detection)
	return d.end()
}

// Digest names what a linked correlation finds: what it demands, and all that it watches.
func (c *Correlation) Digest() string {
	d := digester{sha256.New()}
	d.say("correlation", c.ID, c.Type, c.GroupBy, c.Timespan, c.Fields, c.Percentile, c.Bounds, c.Subject, c.Idle != "", c.Part)
	d.say(c.Where.Accounts, c.Where.Units, c.Where.Environments, c.Where.Tags)
	d.expr(c.Condition)
	for _, s := range c.Sources {
		d.say("source", s.Group, s.Fields)
		switch {
		case s.Rule != nil:
			d.say(s.Rule.Digest())
			for _, name := range append(append([]string{}, s.Group...), s.Fields...) {
				d.say(s.Rule.Paths(name))
			}
		case s.Correlation != nil:
			d.say(s.Correlation.Digest())
		}
	}
	return d.end()
}

// digester hashes what it is told so that no two things read alike.
type digester struct{ hash.Hash }

func (d digester) say(all ...any) {
	for _, v := range all {
		fmt.Fprintf(d, "%#v\n", v) // Go's own notation: quoted, and with brackets
	}
}

func (d digester) end() string { return hex.EncodeToString(d.Sum(nil))[:32] }

func (d digester) detection(x Detection) {
	for _, s := range x.Searches {
		d.say("search", s.Name)
		d.body(s.Body)
	}
	d.expr(x.Condition)
}

func (d digester) body(b Body) {
	switch b := b.(type) {
	case AllOf:
		d.say("all", len(b))
		for _, x := range b {
			d.body(x)
		}
	case AnyOf:
		d.say("any", len(b))
		for _, x := range b {
			d.body(x)
		}
	case *Test:
		d.say("test", b.Label, b.Path.String(), b.All, b.Neq, b.Exists, b.Present, len(b.Values))
		for _, v := range b.Values {
			d.say(v.String())
		}
	case *Element:
		d.say("element", b.Label, b.Path.String(), b.Quantifier)
		d.body(b.Body)
	case *Nested:
		d.say("nested")
		d.detection(b.Detection)
	}
}

func (d digester) expr(e Expr) {
	switch e := e.(type) {
	case And:
		d.say("and", len(e))
		for _, x := range e {
			d.expr(x)
		}
	case Or:
		d.say("or", len(e))
		for _, x := range e {
			d.expr(x)
		}
	case Not:
		d.say("not")
		d.expr(e.Item)
	case Ref:
		d.say("ref", e.Search.Name)
	case Of:
		d.say("of", e.Need, len(e.Searches))
		for _, s := range e.Searches {
			d.say(s.Name)
		}
	case Seen:
		d.say("seen", e.Source)
	}
}
