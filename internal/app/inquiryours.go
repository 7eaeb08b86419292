package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// atWork is how long before its begin and after its end the calls of an effect may be recorded: clocks differ.
const atWork = 2 * time.Minute

// ourOwn is whether the calls are those of an effect of ours: a session of one of our roles, in an account of ours, for a ticket, while an
// effect of that ticket made that call there.
func (h *House) ourOwn(ctx context.Context, f finding.Finding) (learned, error) {
	all, err := recordsOf(f)
	if err != nil {
		return learned{}, err
	}
	c := h.config.AWS
	effects, links, id := []string{}, []string{}, ""
	for i, e := range all {
		role := e.Actor.IssuerARN[strings.LastIndexByte(e.Actor.IssuerARN, '/')+1:]
		ticket, ours := strings.CutPrefix(session(e), c.SessionName+"-")
		if !ours || ticket == "" || i > 0 && ticket != id || (role != c.ResponderRole && role != c.OrganizationRole) || e.Actor.Account != e.Account || !h.config.Knows(e.Account) {
			return learned{"none of our own sessions", map[string]any{"role": false, "session": session(e), "ticket": "", "effects": []string{}}, nil}, nil
		}
		id = ticket
		made, err := h.madeBy(ctx, ticket, e)
		if err != nil {
			return learned{}, err
		}
		if i == 0 {
			effects = append(effects, made...)
		}
		effects = slices.DeleteFunc(effects, func(k string) bool { return !slices.Contains(made, k) })
	}
	for _, k := range effects {
		links = append(links, "effect/"+k)
	}
	text := fmt.Sprintf("a session of ours for ticket %s, with %d effects that made this call then", id, len(effects))
	data := map[string]any{"role": true, "session": session(all[0]), "ticket": id, "effects": effects}
	return learned{text, data, append(links, "ticket/"+id)}, nil
}

// madeBy are the effects of a ticket that made a call when it was made.
func (h *House) madeBy(ctx context.Context, ticket string, e *event.Event) (keys []string, err error) {
	near := func(from, to time.Time) bool {
		return !from.IsZero() && !e.Time.Before(from.Add(-atWork)) && (to.IsZero() || !e.Time.After(to.Add(atWork)))
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		made, err := tx.Effects(ctx, effect.Filter{Ticket: ticket, Account: e.Account, Limit: mostKin})
		for _, x := range made {
			calls := slices.ContainsFunc(x.Plan.Calls, func(c effect.Call) bool { return strings.EqualFold(c.Permission, actionOf(e)) })
			if calls && near(x.Began, x.Ended) {
				keys = append(keys, x.Key)
			}
		}
		return err
	})
	return keys, err
}
