package sigma

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// readBounds reads a condition such as {gte: 10, field: user}.
func (c *Correlation) readBounds(n *doc.Node) error {
	if err := onlyKeys(n, "condition", "gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"); err != nil {
		return err
	}
	for _, p := range n.Pairs {
		if p.Key.Text == "field" || p.Key.Text == "percentile" {
			continue
		}
		v, err := readNumber(p.Value)
		if err != nil {
			return err
		}
		c.Bounds = append(c.Bounds, Bound{Op(p.Key.Text), v})
	}
	if err := c.readFields(n); err != nil {
		return err
	}
	if err := c.readPercentile(n); err != nil {
		return err
	}
	return c.checkBounds(n)
}

// reach reports whether all bounds hold for a number.
func (c *Correlation) reach(n float64) bool {
	for _, b := range c.Bounds {
		if !b.Holds(n) {
			return false
		}
	}
	return true
}

// readFields reads which fields the condition is about.
func (c *Correlation) readFields(n *doc.Node) error {
	v := n.Get("field")
	valued := strings.HasPrefix(string(c.Type), "value_")
	switch {
	case v == nil && valued:
		return n.Errorf("a correlation of type %s needs a field in its condition: add field: name", c.Type)
	case v == nil:
		return nil
	case !valued:
		return v.Errorf("a correlation of type %s is about no field: use value_count to count different values", c.Type)
	}
	if err := readTexts(n, "field", &c.Fields); err != nil {
		return err
	}
	switch {
	case len(c.Fields) == 0 || slices.Contains(c.Fields, ""):
		return v.Errorf("field is empty: name the field")
	case len(c.Fields) > 1 && c.Type != ValueCount:
		return v.Errorf("%s is about one field: only value_count can take several", c.Type)
	}
	return nil
}

// readPercentile also tells the two meanings of value_percentile apart.
func (c *Correlation) readPercentile(n *doc.Node) error {
	v := n.Get("percentile")
	switch {
	case c.Type == "value_median" && v == nil:
		c.Type, c.Percentile = ValuePercentile, 50
		return nil
	case c.Type == ValuePercentile && v == nil:
		c.Type = ValueShare
		for _, b := range c.Bounds {
			if b.Value < 0 || b.Value > 100 {
				return n.Errorf("without percentile the number is a share in percent, from 0 to 100: add percentile: 95 or the one that is meant")
			}
		}
		return nil
	case v == nil:
		return nil
	case c.Type != ValuePercentile:
		return v.Errorf("percentile belongs to value_percentile, not to %s", c.Type)
	}
	var err error
	if c.Percentile, err = readNumber(v); err == nil && (c.Percentile < 0 || c.Percentile > 100) {
		err = v.Errorf("percentile %s: want a number from 0 to 100", v.Text)
	}
	return err
}

// checkBounds refuses bounds that contradict one another, and counts that are no whole numbers.
func (c *Correlation) checkBounds(n *doc.Node) error {
	whole := c.Type == EventCount || c.Type == ValueCount || c.Type.temporal()
	ends := map[Op]int{Greater: 1, GreaterEqual: 1, Less: 2, LessEqual: 2}
	for _, b := range c.Bounds {
		if whole && (b.Value < 0 || b.Value != math.Trunc(b.Value)) {
			return n.Errorf("%s %v: a count is a whole number", b.Op, b.Value)
		}
	}
	if len(c.Bounds) == 0 {
		return n.Errorf("the condition compares with nothing: add gt, gte, lt, lte, eq or neq")
	}
	if len(c.Bounds) > 2 || len(c.Bounds) == 2 && ends[c.Bounds[0].Op]+ends[c.Bounds[1].Op] != 3 {
		return n.Errorf("a condition has one comparison, or one of gt and gte with one of lt and lte for a range")
	}
	least, ok := c.least(whole)
	if !ok {
		return n.Errorf("the condition can never hold: no number is within its bounds, or none that can be where something happened")
	}
	if c.Type.temporal() && least > float64(len(c.Sources)) {
		return n.Errorf("the condition can never hold: the correlation has only %d rules", len(c.Sources))
	}
	return nil
}

// least is a number within all bounds, the smallest one for counts: from 1 on, as no stretch of time is looked at without a hit.
func (c *Correlation) least(whole bool) (float64, bool) {
	tries := []float64{1, (c.Bounds[0].Value + c.Bounds[len(c.Bounds)-1].Value) / 2}
	for _, b := range c.Bounds {
		tries = append(tries, b.Value-1, b.Value, b.Value+1)
	}
	slices.Sort(tries)
	for _, n := range tries {
		if c.reach(n) && (!whole || n >= 1 && n == math.Trunc(n)) {
			return n, true
		}
	}
	return 0, false
}

func readNumber(v *doc.Node) (float64, error) {
	f, err := strconv.ParseFloat(v.Text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || v.Kind == doc.Map || v.Kind == doc.List {
		return 0, v.Errorf("%q is no number", v.Text)
	}
	return f, nil
}
