package sigma

import (
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
)

// Correlation is a rule about the matches of other rules. It is immutable. What was read says only names; Link gives a copy
// whose sources are found.
//
// Hits of its sources are counted apart for each combination of values that GroupBy has in them; a hit without one of the
// values has no value there, which is a value like any other. The correlation fires when some stretch of time that is
// no longer than Timespan has hits that satisfy it; stretches begin anywhere and not at full hours.
//
//   - event_count: Bounds hold for the number of hits.
//   - value_count: Bounds hold for the number of different values of Fields; of several fields it is their combinations that
//     are counted. A hit that lacks one of the fields is not counted.
//   - value_sum, value_avg, value_min, value_max: Bounds hold for that of the numbers in the one field. A hit without a
//     number there is not counted, and where there is none at all nothing holds.
//   - value_percentile: Bounds hold for the number that Percentile percent of those in the field do not exceed.
//   - value_share: Bounds hold for how many percent of all values of the field one value in it is. This is what
//     value_percentile means in the specification's own example, which has no percentile.
//   - temporal: Condition holds, or, where it is nil, Bounds hold for the number of different sources that were seen.
//   - temporal_ordered: Condition holds, and the sources in it that are not under not were seen in the order of Sources; or,
//     where it is nil, Bounds hold for how many different sources were seen one after another in that order.
//
// A source under not must be absent. For temporal it must be so in the whole stretch. For temporal_ordered it must be so at
// its place in the order: after the last one before it that was seen and before the next one behind it; when none is behind
// it, until the time span is over, which can only be said then: "a and not b" of [a, b] is a that b does not follow in time.
type Correlation struct {
	detect.Rule
	Scoping
	Type       CorrelationType
	Sources    []*Source
	GroupBy    []string // fields or aliases; empty counts everything together
	Timespan   time.Duration
	Fields     []string // that the types value_… are about; several for value_count only
	Percentile float64  // of value_percentile, from 0 to 100
	Bounds     []Bound  // all of them hold
	Condition  Expr     // of the temporal types, where it is not just all of them: And, Or, Not and Seen
	Generate   bool     // its sources give their own matches, too
	// Part says that the correlation only serves others of its own text which do not say generate. Link decides it.
	Part bool

	text     *text
	at       *doc.Node
	aliases  []alias
	ownLevel bool // otherwise it has that of its worst source
}

// CorrelationType is what a correlation counts.
type CorrelationType string

// The types. Those that the specification does not have are value_share (see Correlation), value_min and value_max, which the
// aggregations of old rules need.
const (
	EventCount      CorrelationType = "event_count"
	ValueCount      CorrelationType = "value_count"
	ValueSum        CorrelationType = "value_sum"
	ValueAvg        CorrelationType = "value_avg"
	ValueMin        CorrelationType = "value_min"
	ValueMax        CorrelationType = "value_max"
	ValuePercentile CorrelationType = "value_percentile"
	ValueShare      CorrelationType = "value_share"
	Temporal        CorrelationType = "temporal"
	TemporalOrdered CorrelationType = "temporal_ordered"
)

// Source is a rule whose matches a correlation looks at.
type Source struct {
	Name string // as the correlation calls it: an id, a name or a title
	// One of these, once linked.
	Rule        *Compiled
	Correlation *Correlation
	// Group and Fields say where the values of the correlation's GroupBy and Fields are in this source, aliases replaced. In
	// a rule's events they are fields, whose place Compiled.Paths knows. In a correlation they are what it groups by itself,
	// else fields of the events that made it fire.
	Group  []string
	Fields []string

	at *doc.Node
}

// Bound is a demand on a number.
type Bound struct {
	Op    Op
	Value float64
}

// Op compares.
type Op string

// The operators.
const (
	Greater      Op = "gt"
	GreaterEqual Op = "gte"
	Less         Op = "lt"
	LessEqual    Op = "lte"
	Equal        Op = "eq"
	NotEqual     Op = "neq"
)

// Holds reports whether n is within the bound.
func (b Bound) Holds(n float64) bool {
	switch b.Op {
	case Greater:
		return n > b.Value
	case GreaterEqual:
		return n >= b.Value
	case Less:
		return n < b.Value
	case LessEqual:
		return n <= b.Value
	case NotEqual:
		return n != b.Value
	default:
		return n == b.Value
	}
}

// temporal reports whether the correlation is about which sources were seen, not about a number.
func (t CorrelationType) temporal() bool { return t == Temporal || t == TemporalOrdered }

// alias is a name for what different sources call by different names.
type alias struct {
	name   string
	at     *doc.Node
	fields []aliasField
}

type aliasField struct {
	source string
	field  string
	at     *doc.Node
}
