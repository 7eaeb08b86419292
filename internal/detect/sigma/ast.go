package sigma

import "jobzero/internal/detect"

// Compiled is one rule, ready to be judged by. It is immutable.
type Compiled struct {
	detect.Rule
	Scoping
	Detection
	// Part says that the rule only serves correlations of its own text which do not say generate: it gives no match of its
	// own. Link decides it.
	Part bool
	// Filters are those that Link applied. Their searches stand behind the rule's own, and the condition leaves out what
	// they want left out.
	Filters []*Filter

	text   *text    // where it was read
	fields fieldMap // where its fields are
	origin string   // the id of the old rule with an aggregation that it is a part of
}

// Detection is searches and what a condition makes of them.
type Detection struct {
	Searches  []*Search // in the order of the file
	Condition Expr
}

// Search is a named part of a rule's detection.
type Search struct {
	Name string
	Body Body
}

// Body is what a search demands: AllOf, AnyOf, *Test, *Element or *Nested.
type Body interface{ body() }

// AllOf holds when every part holds: the lines of a map.
type AllOf []Body

// AnyOf holds when a part holds: the items of a list.
type AnyOf []Body

// Test is one line: a field, modifiers and values.
type Test struct {
	Field   string // without modifiers; empty for keywords, a lone dot for the element that an Element looks at
	Path    Path   // Field in steps; empty for keywords and for the lone dot
	Label   string // with modifiers, as written
	All     bool   // every value must match, not any
	Neq     bool   // the line is negated
	Exists  bool   // the line only asks whether the field is there
	Present bool   // what Exists wants
	Values  []Matcher
}

// Path is the way from an object to a value. Where a Key meets an array, every element of it is tried, as in Sigma without
// brackets. Keys that follow one another may also be one key with dots in it; of several that lead anywhere the longest wins.
type Path []Step

// Step goes into an object by key, or into an array by number.
type Step struct {
	Key   string
	Index int  // from 0; from the end when it is negative, -1 being the last
	Array bool // Index counts, not Key
}

// Element looks at the elements of an array one by one: the line field[any] of Sigma enhancement proposal 212. Everything in
// Body is about one element, in the place of the record: fields are looked for in it, and a Test of the lone dot is about the
// element itself. Fields that |fieldref names are looked for in it, too.
//
// An absent field, null and an empty array have no element. Any other value that is no array is an array of that one
// element. Path may lead through arrays, so that it finds several values; their elements are then taken together.
type Element struct {
	Field      string // without brackets and modifiers; a lone dot when the element of the Element around it is an array
	Path       Path   // Field in steps; empty for the lone dot
	Label      string // as written
	Quantifier Quantifier
	Body       Body
}

// Quantifier is how many elements must do what the body demands.
type Quantifier string

// The quantifiers.
const (
	AnyElement  Quantifier = "any"          // at least one
	AllElements Quantifier = "all"          // every one, and there is one
	AllOrEmpty  Quantifier = "all_or_empty" // every one, if there are any
	NoElement   Quantifier = "none"         // not one, as when there are none
)

// Nested is a detection of its own about the element of an array: a map with a condition in the place of an Element's body.
type Nested struct{ Detection }

func (AllOf) body()    {}
func (AnyOf) body()    {}
func (*Test) body()    {}
func (*Element) body() {}
func (*Nested) body()  {}

// Expr is a condition: And, Or, Not, Ref or Of; that of a Correlation has Seen in the place of Ref and Of.
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

// Seen holds when a source of the correlation, by its number, was seen in the time span.
type Seen struct{ Source int }

func (And) expr()  {}
func (Or) expr()   {}
func (Not) expr()  {}
func (Ref) expr()  {}
func (Of) expr()   {}
func (Seen) expr() {}
