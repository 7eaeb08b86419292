package store

import "context"

// Count is how many tickets and effects there are in each state.
type Count struct {
	Tickets map[string]int
	Effects map[string]int
}

// Count counts what the measures show.
func (t *Tx) Count(ctx context.Context) (Count, error) {
	c := Count{Tickets: map[string]int{}, Effects: map[string]int{}}
	tickets, err := t.q.TicketStates(ctx)
	if err != nil {
		return c, t.s.fail(err, "count tickets")
	}
	for _, r := range tickets {
		c.Tickets[r.State] = int(r.N)
	}
	effects, err := t.q.EffectStates(ctx)
	if err != nil {
		return c, t.s.fail(err, "count effects")
	}
	for _, r := range effects {
		c.Effects[r.State] = int(r.N)
	}
	return c, nil
}
