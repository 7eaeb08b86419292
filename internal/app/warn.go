package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

// warn tells the owner of a tug of war, and one level up, by the action that tells people; where it cannot, the ticket says why. Telling is
// tried again when the channel does not answer; the name of the occasion stays the same.
func (h *House) warn(ctx context.Context, tk ticket.Ticket, found []finding.Finding) (time.Time, error) {
	held, err := h.braked(ctx)
	if err != nil || held {
		return h.clock.Now().Add(time.Minute), err
	}
	p, err := h.written(ctx, tk.ID)
	if err != nil {
		return time.Time{}, err
	}
	say := "Something puts a violation back that has been repaired several times. The repair goes on, and the source has to be mended.\n\n" + p.words()
	var told []string
	to := []string{"owner"}
	if p.Up != "" && p.Up != tk.Owner.Person {
		to = append(to, p.Up)
	}
	for _, who := range to {
		words, err := h.tell(ctx, tk, found, who, say)
		if err != nil {
			return time.Time{}, err
		}
		told = append(told, words)
	}
	_, err = h.putOn(ctx, tk.ID, func(t *ticket.Ticket, now time.Time) ticket.Entry {
		t.Warned = now
		return ticket.Entry{Kind: "escalated", Text: "Something keeps putting it back. " + strings.Join(told, "; ")}
	})
	return time.Time{}, err
}

// tell sends one message, and says in words what came of it. Only what may be tried again is an error.
func (h *House) tell(ctx context.Context, tk ticket.Ticket, found []finding.Finding, who, say string) (string, error) {
	about := effect.About{Ticket: string(tk.ID), Title: tk.Title, Severity: string(tk.Severity), Account: tk.Account, Region: tk.Region, Team: tk.Owner.Team, Person: tk.Owner.Person}
	if len(found) > 0 {
		about.Why = found[0].Why
	}
	t := effect.Target{
		Params: map[string]string{"to": who, "say": say}, Ticket: string(tk.ID),
		Effect: fmt.Sprintf("%s/contested/%d/%s", tk.ID, tk.Sourced.Unix(), who),
	}
	if tk.Resource != nil {
		t.Ref, about.Resource = *tk.Resource, tk.Resource.String()
	}
	text, err := json.Marshal(about)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "describe ticket %s", tk.ID)
	}
	t.Known = map[string]string{effect.AboutParam: string(text)}
	p, err := h.actions.Plan(ctx, "notify.send", t)
	if err == nil {
		_, err = h.actions.Do(ctx, p)
	}
	switch {
	case fault.Is(err, fault.Unavailable):
		return "", err
	case err != nil:
		return "Not told: " + who + ": " + err.Error(), nil //nolint:nilerr // it is told on the ticket
	}
	return "Told: " + who + ", " + p.Calls[0].String(), nil
}

// written is what was put on the timeline of what puts it back, the last time.
func (h *House) written(ctx context.Context, id ticket.ID) (p putBack, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		all, err := tx.Timeline(ctx, id)
		for _, e := range all {
			if e.Kind == "source" && e.Actor == contestedActor {
				p = putBack{}
				if err := json.Unmarshal(e.Data, &p); err != nil {
					return fault.Wrap(fault.Internal, err, "read what puts it back")
				}
			}
		}
		return err
	})
	return p, err
}

// braked reports whether nothing may be changed or told now.
func (h *House) braked(ctx context.Context) (on bool, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		b, err := tx.Brake(ctx, playbook.EnforcementBrake)
		on = b.On
		return err
	})
	return on, err
}
