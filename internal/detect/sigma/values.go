package sigma

import (
	"slices"

	"jobzero/internal/event"
)

// Values gives the texts that a field of the rule has in a record, each once: for correlations, which group by them. A field
// that is absent or null has none. from may be nil.
func (c *Compiled) Values(r *event.Record, field string, from Lineage) []string {
	v := newView(fields{})
	v.from = from
	v.begin(r)
	var out []string
	for _, p := range c.Paths(field) {
		for _, l := range v.lookup(pathField(p, 0)) {
			text, ok := l.text(v)
			if ok && !l.whole && !slices.Contains(out, string(text)) {
				out = append(out, string(text))
			}
		}
	}
	return out
}
