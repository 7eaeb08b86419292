package cfn

import (
	"strings"
	"unicode"

	"jobzero/internal/doc"
)

// loop is how the key of a loop begins; its name stands behind it.
const loop = "Fn::ForEach::"

// loopCost is what a turn of a loop costs, in steps: it takes room before what it makes is looked at.
const loopCost = 8

// variable is what a loop counts with.
type variable struct{ name, text string }

// plain is the value with letters and digits only, which is what names of resources are made of.
func (v variable) plain() string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, v.text)
}

// made is what one turn of a loop makes.
type made struct {
	name string
	key  *doc.Node
	node *doc.Node
	vars []variable
}

// entryOf finds an entry of a section that is not Resources, one that a loop makes too.
func (t *template) entryOf(section, name string) (made, bool) {
	in := t.root.Get(section)
	if n := in.Get(name); n != nil {
		return made{name: name, node: n}, true
	}
	looped, ok := t.looped[section]
	if !ok {
		looped = map[string]made{}
		t.looped[section] = looped // its lists may ask for what is in it
		for _, p := range pairs(in) {
			if strings.HasPrefix(p.Key.Text, loop) {
				for _, m := range t.each(p) {
					looped[m.name] = m
				}
			}
		}
	}
	m, ok := looped[name]
	return m, ok
}

// each runs a loop: its argument is a list of the variable, the values and the keys with what stands behind them. A loop that
// cannot be run makes nothing, and is named.
func (t *template) each(p doc.Pair) []made {
	a := p.Value
	if a.Kind != doc.List || len(a.Items) != 3 || a.Items[2].Kind != doc.Map {
		t.problem(p.Key, "a loop wants a variable, a list and a map of what to repeat")
		return nil
	}
	over := t.eval(a.Items[1])
	if over.kind != list {
		t.skip(t.fill(p.Key.Text), loop, p.Key, "it repeats something for each element of a list that is not known: "+over.cause())
		return nil
	}
	var out []made
	outside := t.vars
	for _, item := range over.items {
		s, ok := item.known()
		if !ok {
			t.skip(t.fill(p.Key.Text), loop, p.Key, "an element of the list that it repeats something for is not known: "+item.cause())
			continue
		}
		vars := append(append([]variable(nil), outside...), variable{a.Items[0].Text, s})
		t.inLoop(vars, func() {
			for _, inner := range a.Items[2].Pairs {
				if !t.load.spend(loopCost, len(s)+len(inner.Key.Text)) {
					return
				}
				if strings.HasPrefix(inner.Key.Text, loop) {
					out = append(out, t.each(inner)...)
					continue
				}
				out = append(out, made{t.fill(inner.Key.Text), inner.Key, inner.Value, vars})
			}
		})
	}
	return out
}
