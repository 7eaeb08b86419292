package sigma

import (
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// The limits of an explanation.
const (
	shownValues = 3
	shownRunes  = 120
)

// Explain says of every search of the rule whether it matched an event and why, whatever the condition makes of it.
func (c *Compiled) Explain(e *event.Event) ([]detect.Reason, error) { return c.ExplainWith(e, nil) }

// ExplainWith is Explain for a rule that asks who is behind a record.
func (c *Compiled) ExplainWith(e *event.Event, from Lineage) ([]detect.Reason, error) {
	v, err := c.look(e)
	if err != nil {
		return nil, err
	}
	v.from = from
	return c.explain(v, false), nil
}

// explain gives the reasons, those of matching searches only when asked so.
func (c *Compiled) explain(v *view, matching bool) []detect.Reason {
	var out []detect.Reason
	for _, s := range c.Searches {
		n := compileBody(s.Body, v.fields)
		r := detect.Reason{Search: s.Name, Matched: n.holds(v)}
		if matching && !r.Matched {
			continue
		}
		explainBody(&n, v, &r.Tests)
		out = append(out, r)
	}
	return out
}

func explainBody(n *node, v *view, out *[]detect.Test) {
	if l := n.test; l != nil {
		*out = append(*out, detect.Test{Field: l.Label, Want: l.want(), Got: l.got(v, l.leaves(v)), Matched: l.holds(v)})
	}
	if e := n.each; e != nil {
		all, matched := e.count(v)
		*out = append(*out, detect.Test{
			Field: e.Label, Want: string(e.Quantifier) + " of the elements", Matched: e.holds(v),
			Got: fmt.Sprintf("%d elements, %d of them as wanted", all, matched),
		})
	}
	for i := range n.parts {
		explainBody(&n.parts[i], v, out)
	}
}

// want is the rule's values for people.
func (t *Test) want() string {
	if t.Exists {
		return strconv.FormatBool(t.Present)
	}
	joiner := " or "
	if t.All {
		joiner = " and "
	}
	texts := make([]string, len(t.Values))
	for i, x := range t.Values {
		texts[i] = x.String()
	}
	return strings.Join(texts, joiner)
}

// got is the event's values for people, shortened.
func (t *Test) got(v *view, leaves []leaf) string {
	if t.Field == "" {
		return "the record"
	}
	var texts []string
	for i := range leaves {
		if leaves[i].whole {
			continue
		}
		if len(texts) == shownValues {
			texts = append(texts, "…")
			break
		}
		text := "null"
		if said, ok := leaves[i].text(v); ok {
			text = strconv.Quote(shorten(string(said)))
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, ", ")
}

func shorten(s string) string {
	if len(s) <= shownRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == shownRunes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
