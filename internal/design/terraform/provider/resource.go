package provider

import "jobzero/internal/resource"

// Hole stands in values where one is not known.
type Hole struct {
	Cause string
	// Idle is set when the text does not write the value: AWS or the provider chooses it, unless another resource sets it.
	Idle bool
	// Text is the whole of a text of which a part is known, with what is not as ${…}.
	Text string
	// Same is a word for what is not known: two holes with the same one, which is not empty, are the same value.
	Same string
	// Document is what a text of JSON says of which parts are not known, with holes where they are.
	Document any
	// From are the resources that the value comes from, where that is known for this one value.
	From []Ref
}

// Resource is one resource of a plan.
type Resource struct {
	Address string
	Type    string // such as aws_s3_bucket
	Values  map[string]any
	New     bool // the plan makes it: what nobody writes is not there
	// Bare is set when the values are those that the text writes, without those that the provider gives to what nobody writes.
	Bare bool
	// Blank is set when the plan does not say what it has.
	Blank bool
	// Tagged is set when the provider may add tags of its own.
	Tagged bool
	// Default are the tags that the provider adds to those of the resource; a Hole when nothing is known of them.
	Default any
	// Refs are what the text names where it gives a value; the path has names with dots and no indexes.
	Refs func(path string) Refs
	// Exact are those of one attribute of one block, where that is known better; it stands in for Refs in links.
	Exact func(block map[string]any, key string) []Ref
}

// Refs are the resources that a value comes from.
type Refs struct {
	To    []Ref
	Whole bool // nothing else is named: it comes from one of them
	// Reach are the resources that what else is named could come from, when a value is not known yet; Closed says that there are
	// no others.
	Reach  []Ref
	Closed bool
}

// Ref is an attribute of another resource of the plan.
type Ref struct {
	Address, Attribute string
	Text               string // the whole text, when the value is only a part of it
}

// Link says that a value comes from another resource.
type Link struct {
	From          string // the address of the resource that has the value
	Path          string
	To, Attribute string
	Text          string // see Ref
}

// Written says that an attribute of a block set a property; a block is known by its identity, so that each of several has its own.
type Written struct {
	Path  string
	Block map[string]any
	Key   string
}

// Left is an attribute that is neither known to the table nor ignored by it.
type Left struct{ Attribute, Why string }

// Fate is what becomes of a resource.
type Fate string

// The fates.
const (
	Own     Fate = "own"     // it is a resource of its own
	Folded  Fate = "folded"  // it is a part of others, see Into
	Unknown Fate = "unknown" // nothing is known of its type
	Outside Fate = "outside" // it is a part of something that the plan does not have
)

// Result is what a resource of a plan is in CloudFormation.
type Result struct {
	Fate       Fate
	Into       []string // addresses, of what is folded
	Type       resource.Type
	ID         string // the primary identifier, where it is one property or attribute that is known
	ARN        string
	Tags       map[string]string
	Properties map[string]any // with nothing where a hole was, and nil in lists
	Related    map[string]any
	Unknown    []resource.Unknown
	Partly     map[string]string // texts of Unknown that are known in part
	Links      []Link
	Written    []Written // in the order of translation
	Left       []Left
	Values     Tally
	More       []Result // others that the same resource of the text makes, such as a rule for each of its peers
}

// Tally counts values: texts, numbers and booleans that a plan gives to the resources that are read.
type Tally struct{ Read, Left, Unknown int }

// Add adds another count.
func (t *Tally) Add(o Tally) {
	t.Read, t.Left, t.Unknown = t.Read+o.Read, t.Left+o.Left, t.Unknown+o.Unknown
}
