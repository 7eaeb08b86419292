package sigma

import (
	"strconv"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
)

// aggregation is the old way to write a correlation, at the end of a condition: selection | count() by user > 5.
type aggregation struct {
	node   *doc.Node
	events string // the condition before the pipe
	rest   string // what stands behind it
}

// cutAggregation cuts a condition at its pipe; nil when there is none.
func cutAggregation(n *doc.Node) *aggregation {
	if n.Kind == doc.List && len(n.Items) == 1 {
		n = n.Items[0]
	}
	events, rest, found := strings.Cut(n.Text, "|")
	if !found || n.Kind == doc.List {
		return nil
	}
	return &aggregation{n, events, rest}
}

// read makes of a rule with an aggregation the rule for its events and the correlation that counts them.
func (a *aggregation) read(c *Compiled, timeframe *doc.Node) (Set, error) {
	if _, err := conditionText(a.node); err != nil {
		return Set{}, err
	}
	if timeframe == nil {
		return Set{}, a.node.Errorf("the aggregation has no time: add a timeframe such as 10m to the detection")
	}
	out := &Correlation{Rule: c.Rule, Scoping: c.Scoping, text: c.text, at: a.node, ownLevel: true}
	var err error
	if out.Timespan, err = readTimespan(timeframe); err != nil {
		return Set{}, err
	}
	events, err := readExpr(a.node, a.events, leaves(c.Searches))
	if err != nil {
		return Set{}, err
	}
	parts := []*Compiled{a.part(c, "events", events)}
	out.Sources = []*Source{{Name: parts[0].ID, at: a.node}}
	if rest, near := strings.CutPrefix(strings.TrimSpace(a.rest), "near "); near {
		parts, err = a.readNear(out, c, parts, rest)
	} else {
		err = a.readComparison(out)
	}
	return Set{Rules: parts, Correlations: []*Correlation{out}}, err
}

// part is a rule for some of the events.
func (a *aggregation) part(c *Compiled, name string, condition Expr) *Compiled {
	return &Compiled{
		Rule: detect.Rule{
			ID: c.ID + "/" + name, Title: c.Title + " (" + name + ")", Level: c.Level, LogSource: c.LogSource, Logs: c.Logs, Idle: c.Idle, File: c.File,
		},
		Detection: Detection{c.Searches, condition}, Part: true, text: c.text, fields: c.fields, origin: c.ID,
	}
}

// readNear reads "near a and not b": the events, with a and without b in the time around them.
func (a *aggregation) readNear(out *Correlation, c *Compiled, parts []*Compiled, rest string) ([]*Compiled, error) {
	search := leaves(c.Searches)
	near, err := readExpr(a.node, rest, func(r *reader) (Expr, error) {
		before := r.words
		x, err := search(r)
		if err != nil {
			return nil, err
		}
		name := strings.Join(before[:len(before)-len(r.words)], " ")
		id := strings.ReplaceAll(name, " ", "-")
		for i, p := range parts {
			if i > 0 && p.ID == c.ID+"/"+id {
				return Seen{i}, nil
			}
		}
		parts = append(parts, a.part(c, id, x))
		out.Sources = append(out.Sources, &Source{Name: c.ID + "/" + id, at: a.node})
		return Seen{len(parts) - 1}, nil
	})
	if err != nil {
		return nil, err
	}
	out.Type, out.Condition = Temporal, And{Seen{0}, near}
	return parts, possible(a.node, out.Condition, len(parts))
}

// readComparison reads "count(field) by group > 5".
func (a *aggregation) readComparison(out *Correlation) error {
	words := aggregationWords(a.rest)
	next := func() string {
		if len(words) == 0 {
			return ""
		}
		w := words[0]
		words = words[1:]
		return w
	}
	wrong := func(what string) error {
		return a.node.Errorf("%s: want an aggregation such as count() by user > 5, sum(bytes) > 1000, or near other_search", what)
	}
	function := strings.ToLower(next())
	out.Type = map[string]CorrelationType{"count": EventCount, "sum": ValueSum, "avg": ValueAvg, "min": ValueMin, "max": ValueMax}[function]
	if out.Type == "" {
		return wrong(strconv.Quote(function) + " is no aggregation")
	}
	if next() != "(" {
		return wrong(function + " has no parentheses")
	}
	word := next()
	if word != ")" {
		out.Fields = []string{word}
		word = next()
	}
	if word != ")" {
		return wrong(function + " takes one field")
	}
	switch {
	case out.Type == EventCount && out.Fields != nil:
		out.Type = ValueCount
	case out.Type != EventCount && out.Fields == nil:
		return wrong(function + " needs a field")
	}
	word = next()
	if strings.EqualFold(word, "by") {
		for word = ","; word == ","; word = next() {
			out.GroupBy = append(out.GroupBy, next())
		}
	}
	op := map[string]Op{">": Greater, ">=": GreaterEqual, "<": Less, "<=": LessEqual, "=": Equal, "==": Equal, "!=": NotEqual}[word]
	number, err := strconv.ParseFloat(next(), 64)
	switch {
	case op == "":
		return wrong("there is no comparison behind " + function)
	case err != nil:
		return wrong("there is no number behind " + word)
	case len(words) > 0:
		return wrong(strconv.Quote(words[0]) + " is too much")
	}
	out.Bounds = []Bound{{op, number}}
	return out.checkBounds(a.node)
}

// aggregationWords cuts an aggregation at white space and around its signs.
func aggregationWords(s string) []string {
	var words []string
	for part := range strings.FieldsSeq(s) {
		for part != "" {
			n := strings.IndexAny(part, "(),<>=!")
			switch {
			case n < 0:
				n = len(part)
			case n == 0 && len(part) > 1 && part[1] == '=' && strings.Contains("<>=!", part[:1]):
				n = 2
			case n == 0:
				n = 1
			}
			words = append(words, part[:n])
			part = part[n:]
		}
	}
	return words
}
