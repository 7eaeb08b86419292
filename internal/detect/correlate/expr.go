package correlate

import "strings"

// Expr is a condition over rules: And, Or, Not or Rule. A rule is true of a window in which it has a hit.
type Expr interface {
	holds(seen uint32, bits map[string]uint32) bool
	negates() bool // whether more hits can turn it from true to false
	rules(found []string) []string
	String() string
}

// And holds when every item holds.
type And []Expr

// Or holds when an item holds.
type Or []Expr

// Not holds when the item does not.
type Not struct{ Item Expr }

// Rule holds when the rule has a hit.
type Rule string

func (a And) holds(seen uint32, bits map[string]uint32) bool {
	for _, x := range a {
		if !x.holds(seen, bits) {
			return false
		}
	}
	return true
}

func (o Or) holds(seen uint32, bits map[string]uint32) bool {
	for _, x := range o {
		if x.holds(seen, bits) {
			return true
		}
	}
	return false
}

func (n Not) holds(seen uint32, bits map[string]uint32) bool { return !n.Item.holds(seen, bits) }
func (r Rule) holds(seen uint32, bits map[string]uint32) bool {
	return seen&bits[string(r)] != 0
}

func (a And) negates() bool  { return anyNegates(a) }
func (o Or) negates() bool   { return anyNegates(o) }
func (n Not) negates() bool  { return true }
func (r Rule) negates() bool { return false }

func anyNegates(items []Expr) bool {
	for _, x := range items {
		if x.negates() {
			return true
		}
	}
	return false
}

func (a And) rules(found []string) []string { return allRules(a, found) }
func (o Or) rules(found []string) []string  { return allRules(o, found) }
func (n Not) rules(found []string) []string { return n.Item.rules(found) }
func (r Rule) rules(found []string) []string {
	return append(found, string(r))
}

func allRules(items []Expr, found []string) []string {
	for _, x := range items {
		found = x.rules(found)
	}
	return found
}

// String is the expression as Sigma writes it.
func (a And) String() string { return joined(a, " and ") }

// String is the expression as Sigma writes it.
func (o Or) String() string { return joined(o, " or ") }

// String is the expression as Sigma writes it.
func (n Not) String() string { return "not " + n.Item.String() }

// String is the rule's ID.
func (r Rule) String() string { return string(r) }

func joined(items []Expr, word string) string {
	parts := make([]string, len(items))
	for i, x := range items {
		parts[i] = x.String()
	}
	return "(" + strings.Join(parts, word) + ")"
}
