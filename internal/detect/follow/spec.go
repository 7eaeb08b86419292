package follow

import (
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

// spec is a correlation as the machine knows it.
func spec(c *sigma.Correlation, lateness time.Duration) (correlate.Spec, error) {
	s := correlate.Spec{
		ID: c.ID, Type: correlate.Type(c.Type), GroupBy: c.GroupBy, Fields: c.Fields, Timespan: c.Timespan,
		Percentile: c.Percentile, Lateness: lateness,
	}
	for _, from := range c.Sources {
		s.Rules = append(s.Rules, id(from))
	}
	switch c.Type {
	case sigma.ValueMin, sigma.ValueMax, sigma.ValueShare:
		return s, fault.New(fault.Invalid, "%s: correlations of the type %s are read and not run yet: leave this rule out", c.File, c.Type)
	case sigma.TemporalOrdered:
		if c.Condition != nil {
			return s, fault.New(fault.Invalid, "%s: a temporal_ordered correlation with a condition of rules is read and not run yet: use temporal", c.File)
		}
	default:
	}
	if c.Condition != nil {
		s.Type, s.Expr = correlate.Boolean, expression(c.Condition, s.Rules)
		return s, nil
	}
	for _, b := range c.Bounds {
		s.Condition = append(s.Condition, correlate.Test{Op: correlate.Op(b.Op), Number: b.Value})
	}
	return s, nil
}

func id(s *sigma.Source) string {
	if s.Rule != nil {
		return s.Rule.ID
	}
	return s.Correlation.ID
}

func expression(x sigma.Expr, rules []string) correlate.Expr {
	list := func(items []sigma.Expr) []correlate.Expr {
		var out []correlate.Expr
		for _, item := range items {
			out = append(out, expression(item, rules))
		}
		return out
	}
	switch x := x.(type) {
	case sigma.And:
		return correlate.And(list(x))
	case sigma.Or:
		return correlate.Or(list(x))
	case sigma.Not:
		return correlate.Not{Item: expression(x.Item, rules)}
	case sigma.Seen:
		return correlate.Rule(rules[x.Source])
	default:
		return correlate.Or(nil) // no other kind is in the condition of a correlation
	}
}
