package app

import (
	"context"
	"fmt"
	"slices"

	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// asking is a transaction that tells people, with the row of a run, what the run asks them.
type asking struct {
	*store.Tx
	h *House
}

// SaveRun keeps a run, and queues what it asks.
func (a asking) SaveRun(ctx context.Context, r playbook.Run) error {
	if err := a.Tx.SaveRun(ctx, r); err != nil {
		return err
	}
	if len(a.h.channels) == 0 || r.State != playbook.Running {
		return nil // nobody could be told, and the ticket has the question; or nothing is asked any more
	}
	for _, s := range r.Steps {
		if s.State != playbook.StepAsking || s.Ask == nil || s.Ask.No != nil {
			continue
		}
		if err := a.h.askPeople(ctx, a.Tx, r, s); err != nil {
			return err
		}
	}
	return nil
}

// askPeople tells as many as have to agree: whoever answers for the ticket, and on up the chain of command. A question that is asked anew has
// another end, by which it is told from the one before.
func (h *House) askPeople(ctx context.Context, tx *store.Tx, r playbook.Run, s playbook.Step) error {
	t, err := tx.Ticket(ctx, r.Ticket)
	if err != nil {
		return err
	}
	m := notice.Message{
		Occasion: fmt.Sprintf("ask %s/%s/%d", r.ID, s.ID, s.Ask.Until.Unix()), Thread: fmt.Sprintf("ask %s/%s", r.ID, s.ID), Kind: notice.Approval, Severity: t.Severity,
		Title: t.Title, Text: s.Ask.Of, Ticket: t.ID, About: r.ID + "/" + s.ID, Buttons: []notice.Deed{notice.Approve, notice.Deny}, Until: s.Ask.Until,
		Facts: []notice.Fact{
			{Name: "Playbook", Text: r.Playbook + ", step " + s.ID},
			{Name: "Account", Text: t.Account},
			{Name: "Agreed", Text: fmt.Sprintf("%d of %d", len(s.Ask.Yes), s.Ask.Need)},
			{Name: "Or", Text: fmt.Sprintf("jobzero playbook approve %s %s", r.ID, s.ID)},
		},
	}
	for _, person := range h.mayAgree(t, r, s.Ask) {
		if _, err := notify.Send(ctx, tx, m, notice.To{Person: person}, h.clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// mayAgree are those who are asked: not whoever began the run, nor who has agreed.
func (h *House) mayAgree(t ticket.Ticket, r playbook.Run, q *playbook.Ask) (out []string) {
	people := h.knowledge.Load().Org
	all := []string{t.Owner.Person}
	for _, p := range people.Chain(t.Owner.Person) {
		all = append(all, p.ID)
	}
	for _, p := range all {
		agreed := slices.ContainsFunc(q.Yes, func(v playbook.Vote) bool { return v.Person == p })
		if p != "" && p != r.Asker && !agreed && len(out)+len(q.Yes) < q.Need {
			out = append(out, p)
		}
	}
	return out
}
