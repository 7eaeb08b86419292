package correlate

import (
	"crypto/sha256"
	"math"
	"slices"
	"strconv"
	"time"

	"jobzero/internal/fault"
)

// Type is what a correlation asks of a window, in Sigma's words.
type Type string

// The types.
const (
	EventCount      Type = "event_count"
	ValueCount      Type = "value_count"
	ValueSum        Type = "value_sum"
	ValueAvg        Type = "value_avg"
	ValuePercentile Type = "value_percentile"
	Temporal        Type = "temporal"
	TemporalOrdered Type = "temporal_ordered"
	Boolean         Type = "boolean" // temporal with an expression of rules for a condition
)

// Spec is one correlation, as the runtime needs it.
type Spec struct {
	ID         string
	Type       Type
	Rules      []string      // IDs of the rules and correlations that it watches, in the order of the file
	GroupBy    []string      // names of the fields it groups by; the values come with the hits
	Fields     []string      // names of the fields that a value type measures; the values come with the hits
	Timespan   time.Duration // hits at most this far apart are in one window
	Condition  []Test        // all must hold; none for a temporal type means all the rules
	Percentile float64       // of value_percentile: above 0, at most 100
	Expr       Expr          // of boolean
	Lateness   time.Duration // how far behind the newest event of its source an event may come and still be on time
	Sources    []string      // whose marks make its watermark; none: all that are known
	MaxGroups  int           // groups held at once for this correlation; 0: only the machine's budget counts
}

// Test compares a window's value with a number.
type Test struct {
	Op     Op
	Number float64
}

// Op is a comparison, in Sigma's words.
type Op string

// The comparisons.
const (
	GT  Op = "gt"
	GTE Op = "gte"
	LT  Op = "lt"
	LTE Op = "lte"
	EQ  Op = "eq"
	NEQ Op = "neq"
)

func (t Test) holds(v float64) bool {
	switch t.Op {
	case GT:
		return v > t.Number
	case GTE:
		return v >= t.Number
	case LT:
		return v < t.Number
	case LTE:
		return v <= t.Number
	case EQ:
		return v == t.Number
	default:
		return v != t.Number
	}
}

// The limits of one correlation.
const (
	maxRules    = 32
	maxTimespan = 366 * 24 * time.Hour
	maxNeed     = 1 << 17 // hits that a count may ask for in one window, as all of them are held
)

func (s *Spec) values() bool {
	return s.Type == ValueCount || s.numbers()
}

func (s *Spec) numbers() bool {
	return s.Type == ValueSum || s.Type == ValueAvg || s.Type == ValuePercentile
}

// counts reports whether the value is a whole number, and at least one in every window that there is.
func (s *Spec) counts() bool { return !s.numbers() && s.Type != Boolean }

// temporal reports whether it matters which rules hit, not how many events there were.
func (s *Spec) temporal() bool {
	return s.Type == Temporal || s.Type == TemporalOrdered || s.Type == Boolean
}

// tests is the condition with the default of the temporal types in place.
func (s *Spec) tests() []Test {
	if len(s.Condition) == 0 && (s.Type == Temporal || s.Type == TemporalOrdered) {
		return []Test{{GTE, float64(len(s.Rules))}}
	}
	return s.Condition
}

// monotone reports whether a window that holds still holds whatever else turns out to have happened in it.
func (s *Spec) monotone() bool {
	switch s.Type {
	case ValueAvg, ValuePercentile:
		return false
	case Boolean:
		return !s.Expr.negates()
	default:
		return !slices.ContainsFunc(s.tests(), func(t Test) bool { return t.Op != GT && t.Op != GTE })
	}
}

// bits gives each watched rule its bit in a hit's mask.
func (s *Spec) bits() map[string]uint32 {
	out := make(map[string]uint32, len(s.Rules))
	for i, rule := range s.Rules {
		out[rule] = 1 << i
	}
	return out
}

// digest is what the state of a correlation depends on. Lateness, sources and budget may change without losing the state.
func (s *Spec) digest() [32]byte {
	b := appendList(nil, []string{s.ID, string(s.Type), strconv.FormatInt(s.Timespan.Microseconds(), 10), strconv.FormatFloat(s.Percentile, 'g', -1, 64)})
	b = appendList(b, s.Rules)
	b = appendList(b, s.GroupBy)
	b = appendList(b, s.Fields)
	for _, t := range s.tests() {
		b = appendList(b, []string{string(t.Op), strconv.FormatFloat(t.Number, 'g', -1, 64)})
	}
	if s.Expr != nil {
		b = appendText(b, s.Expr.String())
	}
	return sha256.Sum256(b)
}

// check says what is wrong with a spec, if anything is.
func (s *Spec) check() error {
	bad := func(format string, args ...any) error {
		return fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "correlation %q", s.ID)
	}
	switch {
	case s.ID == "":
		return bad("it has no ID")
	case !slices.Contains([]Type{EventCount, ValueCount, ValueSum, ValueAvg, ValuePercentile, Temporal, TemporalOrdered, Boolean}, s.Type):
		return bad("type %q: use event_count, value_count, value_sum, value_avg, value_percentile, temporal, temporal_ordered or boolean", s.Type)
	case len(s.Rules) == 0 || len(s.Rules) > maxRules:
		return bad("it watches %d rules: name 1 to %d", len(s.Rules), maxRules)
	case len(s.bits()) != len(s.Rules):
		return bad("it names a rule twice")
	case s.Timespan < time.Microsecond || s.Timespan > maxTimespan:
		return bad("timespan %s: use more than nothing and at most %s", s.Timespan, maxTimespan)
	case s.Lateness < 0 || s.Lateness > maxTimespan:
		return bad("lateness %s: use nothing to %s", s.Lateness, maxTimespan)
	case s.MaxGroups < 0:
		return bad("a budget of %d groups: use 0 for none of its own", s.MaxGroups)
	case s.Type == ValuePercentile && !(s.Percentile > 0 && s.Percentile <= 100):
		return bad("percentile %v: use more than 0 and at most 100; 50 is the median", s.Percentile)
	case (s.Type == Boolean) != (s.Expr != nil):
		return bad("type %s: an expression of rules goes with the type boolean, and only with it", s.Type)
	}
	if s.Type == Boolean {
		return s.checkExpr(bad)
	}
	return s.checkTests(bad)
}

func (s *Spec) checkExpr(bad func(string, ...any) error) error {
	bits := s.bits()
	for _, rule := range s.Expr.rules(nil) {
		if bits[rule] == 0 {
			return bad("the expression names %q, which is not among the rules", rule)
		}
	}
	if len(s.Condition) != 0 {
		return bad("type boolean: the expression is the condition, numbers have no place beside it")
	}
	if s.Expr.holds(0, bits) {
		return bad("%s holds when nothing happens, and nothing opens no window: say which rule must hit", s.Expr)
	}
	return nil
}

func (s *Spec) checkTests(bad func(string, ...any) error) error {
	tests := s.tests()
	if len(tests) == 0 {
		return bad("it has no condition")
	}
	candidates := []float64{1, float64(len(s.Rules))}
	for _, t := range tests {
		if !slices.Contains([]Op{GT, GTE, LT, LTE, EQ, NEQ}, t.Op) {
			return bad("operator %q: use gt, gte, lt, lte, eq or neq", t.Op)
		}
		if math.IsNaN(t.Number) || math.IsInf(t.Number, 0) {
			return bad("%s %v: use a number", t.Op, t.Number)
		}
		candidates = append(candidates, math.Floor(t.Number)-1, math.Floor(t.Number), math.Floor(t.Number)+1, math.Floor(t.Number)+2)
	}
	if !s.counts() {
		return nil
	}
	if least := s.least(); least > maxNeed {
		return bad("%s within one window is more than %d, which are too many to hold", wanted(tests), maxNeed)
	}
	// Between the numbers of the tests nothing changes, so that trying each of them and its neighbours tries everything.
	possible := func(v float64) bool {
		return v >= 1 && (!s.temporal() || v <= float64(len(s.Rules))) && s.all(v)
	}
	if !slices.ContainsFunc(candidates, possible) {
		return bad("%s can never hold: a window has at least one hit, and no more different rules than are watched", wanted(tests))
	}
	return nil
}

// least is the smallest count that fulfils the lower bounds of the condition, or a little more than maxNeed.
func (s *Spec) least() int {
	n := 1.0
	for _, t := range s.tests() {
		switch t.Op {
		case GT:
			n = max(n, math.Floor(t.Number)+1)
		case GTE, EQ:
			n = max(n, math.Ceil(t.Number))
		default:
		}
	}
	return int(min(n, maxNeed+1))
}

// all reports whether every test of the condition holds.
func (s *Spec) all(v float64) bool {
	return !slices.ContainsFunc(s.tests(), func(t Test) bool { return !t.holds(v) })
}
