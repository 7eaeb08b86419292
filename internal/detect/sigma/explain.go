package sigma

import (
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
func (c *Compiled) Explain(e *event.Event) ([]detect.Reason, error) {
	fields, err := e.Fields()
	if err != nil {
		return nil, err
	}
	return c.explain(&view{event: e, fields: fields}, false), nil
}

// explain gives the reasons, those of matching searches only when asked so.
func (c *Compiled) explain(v *view, matching bool) []detect.Reason {
	var out []detect.Reason
	for _, s := range c.Searches {
		r := detect.Reason{Search: s.Name, Matched: matches(s.Body, v)}
		if matching && !r.Matched {
			continue
		}
		explainBody(s.Body, v, &r.Tests)
		out = append(out, r)
	}
	return out
}

func explainBody(b Body, v *view, out *[]detect.Test) {
	switch b := b.(type) {
	case AllOf:
		for _, part := range b {
			explainBody(part, v, out)
		}
	case AnyOf:
		for _, part := range b {
			explainBody(part, v, out)
		}
	case *Test:
		leaves := v.leaves(b)
		*out = append(*out, detect.Test{Field: b.Label, Want: b.want(), Got: v.got(b, leaves), Matched: b.holds(leaves, v)})
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
func (v *view) got(t *Test, leaves []leaf) string {
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
		text, ok := v.text(&leaves[i])
		if !ok {
			text = "null"
		} else {
			text = strconv.Quote(shorten(text))
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
