package correlate

import (
	"strconv"
	"strings"
	"time"
)

// why says in words what held, for whom and when.
func (r *runner) why(f *Firing) string {
	s := r.found(f.Value) + ", " + r.within() + " (" + r.demand() + ")"
	if r.spec.Expr != nil {
		s = r.expression() + ", " + r.within()
	}
	if who := r.who(f.Group); who != "" {
		s += ", for " + who
	}
	s += "; " + plural(f.Count, "hit") + " in all from " + clock(f.Start) + " to " + clock(f.End)
	if !f.Final {
		s += ", so far"
	}
	if f.Late {
		s += "; some came behind the watermark"
	}
	if f.Cut {
		s += "; some had to be let go, there were more"
	}
	return s
}

// found is the value in words.
func (r *runner) found(value float64) string {
	rules := strings.Join(r.spec.Rules, ", ")
	if r.spec.Type == TemporalOrdered {
		rules = strings.Join(r.spec.Rules, ", then ") + " in this order"
	}
	if r.spec.temporal() && value == float64(len(r.spec.Rules)) {
		return rules
	}
	fields := "values"
	if len(r.spec.Fields) > 0 {
		fields = strings.Join(r.spec.Fields, " with ")
	}
	v := decimal(value)
	switch r.spec.Type {
	case ValueCount:
		return v + " different " + fields + " of " + rules
	case ValueSum:
		return "sum of " + fields + " of " + rules + " is " + v
	case ValueAvg:
		return "average of " + fields + " of " + rules + " is " + v
	case ValuePercentile:
		return "percentile " + decimal(r.spec.Percentile) + " of " + fields + " of " + rules + " is " + v
	default:
		return v + " of " + rules
	}
}

// within says which window.
func (r *runner) within() string {
	if r.mode == trailing {
		return "within " + length(r.span)
	}
	return "in " + length(r.span) + " from the hit that opened the window"
}

// demand is the condition in words.
func (r *runner) demand() string {
	if r.spec.Expr != nil {
		return "wanted: " + r.expression()
	}
	if r.spec.temporal() && len(r.spec.Condition) == 0 {
		return "all are wanted"
	}
	return "wanted: " + wanted(r.tests)
}

// expression is the condition of a boolean correlation, without the brackets around all of it.
func (r *runner) expression() string {
	s := r.spec.Expr.String()
	if strings.HasPrefix(s, "(") {
		return s[1 : len(s)-1]
	}
	return s
}

// who is a group in words.
func (r *runner) who(group []string) string {
	parts := make([]string, len(group))
	for i, v := range group {
		parts[i] = v
		if i < len(r.spec.GroupBy) {
			parts[i] = r.spec.GroupBy[i] + " = " + v
		}
	}
	return strings.Join(parts, ", ")
}

// wanted is the tests in words.
func wanted(tests []Test) string {
	words := map[Op]string{GT: "more than ", GTE: "at least ", LT: "less than ", LTE: "at most ", EQ: "exactly ", NEQ: "anything but "}
	parts := make([]string, len(tests))
	for i, t := range tests {
		parts[i] = words[t.Op] + decimal(t.Number)
	}
	return strings.Join(parts, " and ")
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func clock(t time.Time) string { return t.Format("2006-01-02T15:04:05.999999Z07:00") }

// length is a number of microseconds as 90s, 10m or 24h.
func length(micros int64) string {
	s := (time.Duration(micros) * time.Microsecond).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
