package sigma

import "jobzero/internal/detect"

// Compiled is one rule, ready to be judged by. It is immutable.
type Compiled struct {
	detect.Rule
	Searches  []*Search // in the order of the file
	Condition Expr
}

// Search is a named part of a rule's detection.
type Search struct {
	Name string
	Body Body
}

// Body is what a search demands: AllOf, AnyOf or *Test.
type Body interface{ body() }

// AllOf holds when every part holds: the lines of a map.
type AllOf []Body

// AnyOf holds when a part holds: the items of a list.
type AnyOf []Body

// Test is one line: a field, modifiers and values.
type Test struct {
	Field   string // without modifiers; empty for keywords
	Label   string // with modifiers, as written
	All     bool   // every value must match, not any
	Neq     bool   // the line is negated
	Exists  bool   // the line only asks whether the field is there
	Present bool   // what Exists wants
	Values  []Matcher
}

func (AllOf) body() {}
func (AnyOf) body() {}
func (*Test) body() {}

// Expr is a condition: And, Or, Not, Ref or Of.
type Expr interface{ expr() }

// And holds when every item holds.
type And []Expr

// Or holds when an item holds.
type Or []Expr

// Not holds when the item does not.
type Not struct{ Item Expr }

// Ref holds when the search holds.
type Ref struct{ Search *Search }

// Of holds when at least Need of the searches hold.
type Of struct {
	Need     int
	Searches []*Search
}

func (And) expr() {}
func (Or) expr()  {}
func (Not) expr() {}
func (Ref) expr() {}
func (Of) expr()  {}
