package sigma

import (
	"maps"
	"slices"
	"strings"
)

// Unused names the searches that the condition never looks at, in the order of the file.
func (d *Detection) Unused() []string {
	used := map[*Search]bool{}
	var walk func(Expr)
	walk = func(x Expr) {
		switch x := x.(type) {
		case And:
			for _, item := range x {
				walk(item)
			}
		case Or:
			for _, item := range x {
				walk(item)
			}
		case Not:
			walk(x.Item)
		case Ref:
			used[x.Search] = true
		case Of:
			for _, s := range x.Searches {
				used[s] = true
			}
		}
	}
	walk(d.Condition)
	var out []string
	for _, s := range d.Searches {
		if !used[s] {
			out = append(out, s.Name)
		}
	}
	return out
}

// maxTried is how many searches a condition may have to be tried in all cases.
const maxTried = 12

// Senseless says why the condition never holds or always does, whatever the event, or nothing when it may do either. It is
// careful: what it says is true, and not all that is true is said. Two things are looked for: what the words and, or and not
// alone come to, and one field that must be two things at once.
func (d *Detection) Senseless() string {
	if len(d.Searches) <= maxTried {
		never, always := true, true
		for held := range uint32(1) << len(d.Searches) {
			if d.holdsWith(d.Condition, held) {
				never = false
			} else {
				always = false
			}
		}
		switch {
		case never:
			return "the condition can never hold: it wants the same search matched and not matched"
		case always:
			return "the condition always holds, whatever the event"
		}
	}
	for _, slot := range indexed {
		if texts := narrow(d.Condition, slot.String()); texts != nil && len(texts) == 0 {
			return "the condition can never hold: it wants " + slot.String() + " to be two things at once"
		}
	}
	return ""
}

// holdsWith reports whether a condition holds when the searches with these bits do.
func (d *Detection) holdsWith(x Expr, held uint32) bool {
	bit := func(s *Search) bool { return held>>slices.Index(d.Searches, s)&1 == 1 }
	switch x := x.(type) {
	case And:
		return !slices.ContainsFunc(x, func(item Expr) bool { return !d.holdsWith(item, held) })
	case Or:
		return slices.ContainsFunc(x, func(item Expr) bool { return d.holdsWith(item, held) })
	case Not:
		return !d.holdsWith(x.Item, held)
	case Ref:
		return bit(x.Search)
	case Of:
		n := 0
		for _, s := range x.Searches {
			if bit(s) {
				n++
			}
		}
		return n >= x.Need
	}
	return false
}

// narrow gives the texts that a field with one value may have when the condition holds, in lower case; nil when it may have any.
func narrow(x Expr, field string) map[string]bool {
	switch x := x.(type) {
	case And:
		return both(len(x), func(i int) map[string]bool { return narrow(x[i], field) })
	case Or:
		return union(len(x), func(i int) map[string]bool { return narrow(x[i], field) })
	case Ref:
		return narrowBy(x.Search.Body, field)
	case Of:
		of := func(i int) map[string]bool { return narrowBy(x.Searches[i].Body, field) }
		if x.Need == len(x.Searches) {
			return both(len(x.Searches), of)
		}
		return union(len(x.Searches), of)
	}
	return nil
}

func narrowBy(b Body, field string) map[string]bool {
	switch b := b.(type) {
	case AllOf:
		return both(len(b), func(i int) map[string]bool { return narrowBy(b[i], field) })
	case AnyOf:
		return union(len(b), func(i int) map[string]bool { return narrowBy(b[i], field) })
	case *Test:
		if b.All && len(b.Values) > 1 {
			return nil
		}
		return wantedIn(b, field)
	}
	return nil
}

// both is what all of the sets have; nil sets have everything.
func both(n int, of func(int) map[string]bool) map[string]bool {
	var out map[string]bool
	for i := range n {
		s := of(i)
		switch {
		case s == nil:
		case out == nil:
			out = maps.Clone(s)
		default:
			maps.DeleteFunc(out, func(text string, _ bool) bool { return !s[text] })
		}
	}
	return out
}

// Attack reports whether a tag is what Sigma's appendix on tags allows in the namespace attack of MITRE ATT&CK: a technique,
// group, software, data source, mitigation, asset or tactic. Words of several are joined by a hyphen; the older underscore
// counts too. Tags of other namespaces are none.
func Attack(tag string) (is, ok bool) {
	name, is := strings.CutPrefix(strings.ToLower(tag), "attack.")
	if !is {
		return false, false
	}
	name = strings.ReplaceAll(name, "_", "-")
	if slices.Contains(tactics(), name) {
		return true, true
	}
	kind := strings.TrimRight(name, "0123456789.")
	number, sub, has := strings.Cut(name[len(kind):], ".")
	if !slices.Contains([]string{"t", "g", "s", "ds", "m", "a", "ta"}, kind) || len(number) != 4 {
		return true, false
	}
	return true, !has || kind == "t" && len(sub) == 3
}

// tactics are those of ATT&CK for enterprises. The published rules of SigmaHQ have split defense evasion in two, as ATT&CK does
// by now: the last two.
func tactics() []string {
	return []string{
		"reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation", "defense-evasion",
		"credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact", "stealth", "defense-impairment",
	}
}

// Texts are those that a field with one value must have, one of them, for the condition to hold: sorted and in lower case; nil
// when it may have others, or the condition never holds.
func (d *Detection) Texts(field string) []string {
	return slices.Sorted(maps.Keys(narrow(d.Condition, field)))
}
