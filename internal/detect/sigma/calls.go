package sigma

import (
	"maps"
	"slices"

	"jobzero/internal/event"
)

// Calls are the names of events, in lower case, of which a record must have one for the rule to fire; none when it may fire on
// records of any name.
func (c *Compiled) Calls() []string {
	return slices.Sorted(maps.Keys(wanted(c.Condition, event.EventName.String())))
}
