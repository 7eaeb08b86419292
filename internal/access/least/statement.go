package least

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// statement is one as it is written.
type statement struct {
	Sid         string
	Effect      string
	Action      []string
	NotAction   []string
	Resource    []string
	NotResource []string
	Condition   map[string]map[string]any

	level int // of its first action
}

// grouped are actions that a part allows on the same resources.
type grouped struct {
	part *narrowed
	res  []*policy.Pattern
	acts map[string]bool
}

// write makes statements of the parts, in a stable order.
func (n *narrower) write(s shape) []statement {
	var out []statement
	for _, key := range slices.Sorted(maps.Keys(n.parts)) {
		part := n.parts[key]
		groups := map[string]*grouped{}
		memory := map[string][]*policy.Pattern{}
		for action, r := range part.acts {
			res, ok := memory[r.text()]
			if !ok {
				res = part.general(action, s)
			}
			if len(r) <= min(s.objects, s.others) { // nothing of them was put together, whichever action it is
				memory[r.text()] = res
			}
			text := strings.Join(writtenOf(res), "\x00")
			if groups[text] == nil {
				groups[text] = &grouped{part, res, map[string]bool{}}
			}
			groups[text].acts[action] = true
		}
		for _, text := range slices.Sorted(maps.Keys(groups)) {
			out = append(out, groups[text].statements(s)...)
		}
	}
	slices.SortStableFunc(out, func(a, b statement) int {
		return cmp.Or(strings.Compare(serviceOf(a.Action[0]), serviceOf(b.Action[0])), cmp.Compare(a.level, b.level))
	})
	return named(out)
}

// statements writes a group, for each service and level where the shape says so.
func (g *grouped) statements(s shape) []statement {
	lists := map[string][]string{}
	for _, a := range g.short(s) {
		key := ""
		if s.services {
			key = serviceOf(a)
		}
		if s.levels {
			key += " " + strconv.Itoa(g.part.level(a))
		}
		lists[key] = append(lists[key], a)
	}
	var out []statement
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		x := statement{Effect: "Allow", Action: lists[key], NotResource: g.part.notRes, Condition: g.part.when.list, level: g.part.level(lists[key][0])}
		if g.part.notRes == nil {
			x.Resource = writtenOf(g.res)
		}
		if s.sids {
			x.Sid = sidOf(lists[key][0], x.level, s)
		}
		out = append(out, x)
	}
	return out
}

// short gives the actions, with a pattern in place of all actions under it where they all stay and a statement has allowed the pattern.
func (g *grouped) short(s shape) []string {
	acts := maps.Clone(g.acts)
	var out []string
	for _, p := range g.patterns(s) {
		list := open().matching(p)
		left := 0
		for _, i := range list {
			if !g.acts[open().all[i].name] {
				left = -1
				break
			}
			if acts[open().all[i].name] {
				left++
			}
		}
		if left < 2 || len(g.part.from) > maxPatterns || !g.part.licensed(p, g.res) {
			continue
		}
		for _, i := range list {
			delete(acts, open().all[i].name)
		}
		out = append(out, spelt(p, list))
	}
	for a := range acts {
		out = append(out, cmp.Or(g.part.spelt[a], proper(a)))
	}
	slices.Sort(out)
	return out
}

// patterns are those worth a try, the shortest first: those that the statements have, and where the shape says so the beginnings of names.
func (g *grouped) patterns(s shape) []*policy.Pattern {
	found := map[string]bool{}
	if s.prefixes {
		for a := range g.acts {
			name := proper(a)
			at := strings.IndexByte(name, ':') + 1
			found[a[:at]+"*"] = true
			for i := at + 1; i < len(name); i++ {
				if name[i] >= 'A' && name[i] <= 'Z' && (name[i-1] < 'A' || name[i-1] > 'Z') {
					found[a[:i]+"*"] = true
				}
			}
		}
	}
	for _, from := range g.part.from {
		for _, p := range from.Actions {
			if strings.ContainsAny(p.String(), "*?") {
				found[p.String()] = true
			}
		}
	}
	out := make([]*policy.Pattern, 0, min(len(found), maxPatterns))
	for _, text := range slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }) {
		if len(out) == maxPatterns {
			break
		}
		out = append(out, policy.ReadPattern(text))
	}
	return out
}

// maxPatterns bounds how many patterns of actions are tried on one group.
const maxPatterns = 500

// spelt is a pattern of actions in the letters of AWS, as far as the actions that it matches begin alike.
func spelt(p *policy.Pattern, list []int) string {
	text := p.String()
	at := wildAt(text)
	start := open().all[list[0]].action.Name
	for _, i := range list {
		if name := open().all[i].action.Name; len(name) < at || name[:at] != start[:at] {
			return text
		}
	}
	return start[:at] + text[at:]
}

// levels of access in the order in which they are written.
var levels = []names.Level{names.List, names.Read, names.Tagging, names.Write, names.Permissions}

// levelOf is the level of an action, or the highest one of a pattern. Of one that nobody knows it is the length of levels.
func levelOf(action string) int {
	if a, ok := names.Find(action); ok {
		return slices.Index(levels, a.Level)
	}
	out := -1
	if strings.ContainsAny(serviceOf(action), "*?") {
		return len(levels)
	}
	for _, i := range open().matching(policy.ReadPattern(strings.ToLower(action))) {
		out = max(out, slices.Index(levels, open().all[i].action.Level))
	}
	if out < 0 {
		return len(levels)
	}
	return out
}

// sidOf names a statement after what it is about. AWS takes letters and digits.
func sidOf(action string, level int, s shape) string {
	var b strings.Builder
	service := serviceOf(action)
	for i, r := range service {
		switch {
		case r >= 'a' && r <= 'z' && (b.Len() == 0 || service[i-1] == '-'):
			b.WriteRune(r - 'a' + 'A')
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	if s.levels {
		if level < len(levels) {
			word, _, _ := strings.Cut(string(levels[level]), " ")
			b.WriteString(word)
		} else {
			b.WriteString("Other")
		}
	}
	return b.String()
}

// named gives statements of one name a number.
func named(list []statement) []statement {
	seen := map[string]int{}
	for i := range list {
		if list[i].Sid == "" {
			continue
		}
		seen[list[i].Sid]++
		if n := seen[list[i].Sid]; n > 1 {
			list[i].Sid += "No" + strconv.Itoa(n)
		}
	}
	return list
}

// denials writes what denies, as it was. Equal ones are written once.
func denials(list []*grant) []statement {
	var out []statement
	done := map[string]bool{}
	for _, g := range list {
		x := statementOf(g.held.Document, g.Statement)
		sid := x.Sid
		x.Sid = ""
		if key := string(x.text()); !done[key] {
			done[key] = true
			x.Sid = sid
			out = append(out, x)
		}
	}
	return named(out)
}

// statementOf is a statement as it is, for a policy of version 2012-10-17.
func statementOf(d *policy.Document, s *policy.Statement) statement {
	x := statement{
		Sid: plainSid(s.Sid), Effect: "Deny", Action: spelling(s.Actions), NotAction: spelling(s.NotActions), Resource: writtenOf(s.Resources),
		NotResource: writtenOf(s.NotRes), Condition: conditionsOf(d, s).list,
	}
	if s.Allow {
		x.Effect = "Allow"
	}
	return x
}

// plainSid keeps what AWS takes of a name.
func plainSid(sid string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, sid)
}

// spelling writes actions and patterns of them in the letters of AWS.
func spelling(list []*policy.Pattern) []string {
	var out []string
	for _, p := range list {
		text := p.String()
		if wildAt(text) > 0 { // else no letter of it is known
			if found := open().matching(p); len(found) > 0 {
				text = spelt(p, found)
			}
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
