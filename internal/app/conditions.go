package app

import (
	"time"

	"jobzero/internal/access/ask"
	"jobzero/internal/playbook"
)

// conditions is what the conditions of playbooks may ask about besides a finding, its ticket and its resource.
func (h *House) conditions() playbook.Facts {
	return playbook.Facts{
		Account: h.accountFacts,
		Freeze: func(now time.Time) (string, time.Time, bool) {
			f, is := h.knowledge.Load().Freezes.At(now)
			return f.What, f.Until, is
		},
		Access: func() *ask.Known { return h.knowledge.Load().Access },
	}
}

// accountFacts is what people say about an account; nil: nobody says anything.
func (h *House) accountFacts(id string) map[string]any {
	o := h.knowledge.Load().Org
	a, ok := o.Account(id)
	if !ok {
		return nil
	}
	units, tags := []any{}, map[string]any{}
	for _, u := range o.UnitsOf(id) {
		units = append(units, u)
	}
	for k, v := range a.Tags {
		tags[k] = v
	}
	return map[string]any{"id": a.ID, "name": a.Name, "environment": a.Environment, "unit": a.Unit, "units": units, "tags": tags}
}
