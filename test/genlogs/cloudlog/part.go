package cloudlog

import (
	"slices"
	"strings"
)

// part is a kind of actor.
type part struct {
	name     string
	number   int    // of its actors in an account and region
	share    int    // of the records, in relation to the other parts
	facts    []fact // templates, settled for each actor, in order
	fresh    []fact // the same for each hour
	identity string // template of userIdentity, without the last brace
	amazon   bool   // it is AWS itself: no address, no TLS, never refused
	console  bool   // its credentials come from the console
	alone    bool   // its records come one by one, not in bursts
}

// parts are those of the catalogue.
func parts(all []block) []part {
	byName := map[string]block{}
	for _, b := range all {
		if b.kind == "part" {
			byName[b.names[0]] = b
		}
	}
	var out []part
	for _, b := range all {
		if b.kind == "part" {
			p := part{name: b.names[0]}
			p.take(b, byName)
			out = append(out, p)
		}
	}
	return out
}

// take reads a block, and those that it is like.
func (p *part) take(b block, others map[string]block) {
	for _, f := range b.facts() {
		switch f.name {
		case "number":
			p.number = number(f.value)
		case "share":
			p.share = number(f.value)
		case "identity":
			p.identity = f.value
		case "credentials":
			p.amazon, p.console = f.value == "amazon", f.value == "console"
		case "alone":
			p.alone = f.value == "yes"
		case "like":
			p.take(others[f.value], others)
		case "hourly":
			name, value, _ := strings.Cut(f.value, " ")
			p.fresh = append(p.fresh, fact{name, value})
		default:
			p.facts = append(p.facts, f)
		}
	}
}

// crews are the parts behind the words after "by", with crews taken apart.
func crews(all []block) func(by string) []string {
	members := map[string][]string{}
	for _, b := range all {
		if b.kind == "crew" {
			members[b.names[0]] = strings.Fields(strings.Join(b.lines, " "))
		}
	}
	return func(by string) (names []string) {
		for word := range strings.FieldsSeq(by) {
			if of := members[word]; of != nil {
				names = append(names, of...)
			} else {
				names = append(names, word)
			}
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
}
