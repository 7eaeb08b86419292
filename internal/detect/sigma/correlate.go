package sigma

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/doc"
)

// readCorrelation reads a correlation document. Which rules its names mean is for Link to find out.
func (o Options) readCorrelation(n *doc.Node, from *text) (Set, error) {
	about, scoping, err := readAbout(n)
	if err != nil {
		return Set{}, err
	}
	d := n.Get("correlation")
	if err := onlyKeys(d, "correlation", "type", "rules", "group-by", "timespan", "condition", "aliases", "generate"); err != nil {
		return Set{}, err
	}
	c := &Correlation{Rule: about, Scoping: scoping, text: from, at: d, ownLevel: n.Get("level") != nil}
	for _, step := range []func(*doc.Node) error{c.readType, c.readSources, c.readTime, c.readGroups, c.readAliases, c.readDemand} {
		if err := step(d); err != nil {
			return Set{}, err
		}
	}
	for _, where := range []*doc.Node{n, d} { // the specification has it in the one place, the reference implementation in the other
		if err := readBool(where, "generate", &c.Generate); err != nil {
			return Set{}, err
		}
	}
	return Set{Correlations: []*Correlation{c}}, nil
}

func (c *Correlation) readType(d *doc.Node) error {
	var word string
	if err := readText(d, "type", &word); err != nil {
		return err
	}
	known := []CorrelationType{
		EventCount, ValueCount, ValueSum, ValueAvg, ValuePercentile, ValueMin, ValueMax, "value_median", Temporal, TemporalOrdered,
	}
	c.Type = CorrelationType(word)
	if slices.Contains(known, c.Type) {
		return nil
	}
	var words []string
	for _, k := range known {
		words = append(words, string(k))
	}
	at := d
	if d.Get("type") != nil {
		at = d.Get("type")
	}
	return at.Errorf("correlation type %q: use %s", word, strings.Join(words, ", "))
}

func (c *Correlation) readSources(d *doc.Node) error {
	n := d.Get("rules")
	if n == nil {
		if condition := d.Get("condition"); c.Type.temporal() && condition != nil && condition.Kind == doc.String {
			return nil // it names them
		}
		return d.Errorf("the correlation has no rules: list the ids or names of those that it is about")
	}
	var names []string
	if err := readTexts(d, "rules", &names); err != nil {
		return err
	}
	if len(names) == 0 {
		return n.Errorf("the list of rules is empty: list the ids or names of those that the correlation is about")
	}
	for i, name := range names {
		at := n
		if n.Kind == doc.List {
			at = n.Items[i]
		}
		if name == "" {
			return at.Errorf("a rule without a name: write its id or its name")
		}
		if slices.Contains(names[:i], name) {
			return at.Errorf("rule %s is listed twice: take one out", name)
		}
		c.Sources = append(c.Sources, &Source{Name: name, at: at})
	}
	return nil
}

func (c *Correlation) readTime(d *doc.Node) (err error) {
	n := d.Get("timespan")
	if n == nil {
		return d.Errorf("the correlation has no timespan: add one such as timespan: 10m")
	}
	c.Timespan, err = readTimespan(n)
	return err
}

// readTimespan reads a number and a unit. A month and a year are the mean ones of the calendar, as in the reference
// implementation.
func readTimespan(n *doc.Node) (time.Duration, error) {
	units := map[string]int64{"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2629746, "y": 31556952}
	cut := max(0, len(n.Text)-1)
	count, err := strconv.ParseInt(n.Text[:cut], 10, 64)
	unit := units[n.Text[cut:]]
	if err != nil || unit == 0 || count < 1 || n.Kind == doc.Map || n.Kind == doc.List {
		return 0, n.Errorf("time %q: write a number from 1 and one of s, m, h, d, w, M and y, such as 90m", n.Text)
	}
	if count > math.MaxInt64/int64(time.Second)/unit {
		return 0, n.Errorf("time %q is too long", n.Text)
	}
	return time.Duration(count*unit) * time.Second, nil
}

func (c *Correlation) readGroups(d *doc.Node) error {
	if err := readTexts(d, "group-by", &c.GroupBy); err != nil {
		return err
	}
	for i, name := range c.GroupBy {
		if name == "" {
			return d.Get("group-by").Errorf("group-by has an empty name: take it out")
		}
		if slices.Contains(c.GroupBy[:i], name) {
			return d.Get("group-by").Errorf("group-by has %s twice: take one out", name)
		}
	}
	return nil
}

func (c *Correlation) readAliases(d *doc.Node) error {
	n := d.Get("aliases")
	if n == nil || n.Kind == doc.Null {
		return nil
	}
	if n.Kind != doc.Map {
		return n.Errorf("aliases is %s: want a map of names, each with a field for every rule", n.Kind)
	}
	for _, p := range n.Pairs {
		if p.Value.Kind != doc.Map || len(p.Value.Pairs) == 0 {
			return p.Key.Errorf("alias %s: want a map from each rule to the field that is meant in its events", p.Key.Text)
		}
		a := alias{name: p.Key.Text, at: p.Key}
		for _, f := range p.Value.Pairs {
			if err := onePlace(f.Value.Text, f.Value); err != nil || f.Value.Text == "" {
				return f.Value.Errorf("alias %s: want the name of one field of the events of %s", a.name, f.Key.Text)
			}
			a.fields = append(a.fields, aliasField{f.Key.Text, f.Value.Text, f.Key})
		}
		c.aliases = append(c.aliases, a)
	}
	return nil
}

// readDemand reads the condition, whose form goes by the type.
func (c *Correlation) readDemand(d *doc.Node) error {
	n := d.Get("condition")
	switch {
	case c.Type.temporal() && (n == nil || n.Kind == doc.Null):
		c.Bounds = c.all()
		return nil
	case n == nil:
		return d.Errorf("the correlation has no condition: add one such as condition: {gte: 10}")
	case n.Kind == doc.Map:
		return c.readBounds(n)
	case c.Type.temporal():
		return c.readExpr(n)
	}
	return n.Errorf("the condition of a correlation of type %s is a map such as {gte: 10}", c.Type)
}

// all wants every source.
func (c *Correlation) all() []Bound { return []Bound{{GreaterEqual, float64(len(c.Sources))}} }

// readExpr reads a condition such as "a and not b" over the names of rules.
func (c *Correlation) readExpr(n *doc.Node) error {
	text, err := conditionText(n)
	if err != nil {
		return err
	}
	listed := len(c.Sources)
	used := map[int]bool{}
	c.Condition, err = readExpr(n, text, func(r *reader) (Expr, error) {
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(c.Sources, func(s *Source) bool { return s.Name == name })
		if i < 0 && listed > 0 {
			return nil, n.Errorf("the condition names %s, which is not among the rules of the correlation: add it to them", name)
		}
		if i < 0 {
			i = len(c.Sources)
			c.Sources = append(c.Sources, &Source{Name: name, at: n})
		}
		used[i] = true
		return Seen{i}, nil
	})
	if err != nil {
		return err
	}
	for i, s := range c.Sources {
		if !used[i] {
			return s.at.Errorf("rule %s is listed but the condition does not use it: take it out of one or put it into the other", s.Name)
		}
	}
	if plain(c.Condition) {
		c.Condition, c.Bounds = nil, c.all()
		return nil
	}
	return possible(n, c.Condition, len(c.Sources))
}

// plain reports whether a condition only wants sources, all of those that it names.
func plain(x Expr) bool {
	and, ok := x.(And)
	if !ok {
		and = And{x}
	}
	return !slices.ContainsFunc(and, func(item Expr) bool { _, seen := item.(Seen); return !seen })
}

// maxTable is how many sources a condition may have to be tried in all cases.
const maxTable = 12

// possible refuses conditions over sources that hold when nothing was seen, which is always, and those that never hold.
func possible(at *doc.Node, x Expr, sources int) error {
	if holdsFor(x, 0) {
		return at.Errorf("the condition holds when nothing at all happens: name a rule that must be seen")
	}
	if sources > maxTable {
		return nil
	}
	for seen := range uint64(1) << sources {
		if holdsFor(x, seen) {
			return nil
		}
	}
	return at.Errorf("the condition can never hold: it wants the same rule seen and not seen")
}

// holdsFor reports whether the condition of a correlation holds when the sources with these bits were seen.
func holdsFor(x Expr, seen uint64) bool {
	switch x := x.(type) {
	case And:
		for _, item := range x {
			if !holdsFor(item, seen) {
				return false
			}
		}
		return true
	case Or:
		for _, item := range x {
			if holdsFor(item, seen) {
				return true
			}
		}
	case Not:
		return !holdsFor(x.Item, seen)
	case Seen:
		return x.Source < bits.UintSize && seen>>x.Source&1 == 1
	}
	return false
}

// readBool reads true or false.
func readBool(n *doc.Node, key string, into *bool) error {
	v := n.Get(key)
	if v == nil || v.Kind == doc.Null {
		return nil
	}
	if v.Kind != doc.Bool {
		return v.Errorf("%s is %s: want true or false", key, v.Kind)
	}
	*into = strings.EqualFold(v.Text, "true")
	return nil
}
