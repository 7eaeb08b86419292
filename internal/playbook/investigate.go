package playbook

import (
	"context"
	"fmt"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/playbook/book"
	"jobzero/internal/ticket"
)

// investigate looks afresh at what the finding says and starts the playbook for it, if there is one and it is still so.
func (d *Director) investigate(ctx context.Context, k desk) (next, error) {
	f := *k.next
	def, ok := d.pick(f)
	ok = ok && !k.ticket.Routine // a playbook that came later: beside the other ticket two runs could work on one resource
	if f.Kind == finding.Unread {
		return d.abandon(ctx, k, "a person opens the way; this closes by itself once everything can be read: "+f.Why, nil)
	}
	if f.Resource != nil && f.Resource.Type == org.WaiverType {
		return d.abandon(ctx, k, "whoever owns the waiver renews it, or removes it and meets what is expected; this closes by itself then", nil)
	}
	if f.Kind == finding.Imported {
		return d.abandon(ctx, k, "no playbook settles "+f.By+": a person decides; this closes by itself once the tool says that it is over", nil)
	}
	if f.Resource == nil && f.Kind != finding.Asked && f.Kind != finding.Reused {
		return d.abandon(ctx, k, "this finding is about "+f.Principal+", which no playbook can read again: a person decides", nil)
	}
	if !ok && f.Kind == finding.Reused {
		return d.abandon(ctx, k, "what was shut is at work: no playbook is for that, a person decides", nil)
	}
	if !ok && f.Kind == finding.Rule {
		return d.abandon(ctx, k, "no playbook settles rule "+f.By+": a person decides", nil)
	}
	sight, err := d.glimpse(ctx, k, proof(def, f))
	if err != nil {
		return next{}, fmt.Errorf("look at %s: %w", f.Resource, err)
	}
	switch {
	case sight.Result == LookUnknown && sight.Again.After(d.now()):
		return d.await(ctx, k, sight)
	case sight.Result == LookUnknown && f.Kind == finding.Leaver:
		return d.abandon(ctx, k, "it cannot be told by software: "+sight.Text, sight.Resource)
	case sight.Result == LookUnknown:
		// Retried by the leg with growing pauses; when it stays unknown the ticket goes to a person with this text.
		return next{}, fault.New(fault.Unavailable, "cannot tell whether it is still so: %s", sight.Text)
	case sight.Result == NoMore && f.LastSeen.After(sight.At): // by another's clock: somebody saw it after this read
		return next{again: d.now().Add(d.config().pace())}, nil
	case sight.Result == NoMore:
		return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
			if t.Clocks.Contained.IsZero() {
				t.Clocks.Contained = sight.At
			}
			t.Clocks.Verified = sight.At
			if err := d.settle(ctx, tx, f.Fingerprint, sight); err != nil {
				return err
			}
			return d.write(ctx, tx, t, note{kind: "verify", text: "A fresh read shows that it is so no more: " + sight.Text, data: sight.Resource})
		})
	case !ok && f.Kind == finding.Leaver:
		return d.abandon(ctx, k, "no playbook ends it: "+sight.Text+"; this closes by itself once it is over", sight.Resource)
	case !ok:
		return d.abandon(ctx, k, "no playbook settles "+f.By+": a person decides", sight.Resource)
	}
	g, err := d.guarded(ctx, k, def)
	switch {
	case err != nil:
		return next{}, err
	case g.held && g.way == book.ElsePerson:
		return d.abandon(ctx, k, g.why, sight.Resource)
	case g.held && g.way == book.ElseWait:
		return d.await(ctx, k, Sight{Text: g.why, Again: d.now().Add(heldPause)})
	}
	return d.begin(ctx, k, def, sight)
}

// begin opens a run with the definition pinned.
func (d *Director) begin(ctx context.Context, k desk, def book.Definition, sight Sight) (next, error) {
	now := d.now()
	run := Run{
		ID: d.newID(now), Ticket: k.ticket.ID, Finding: k.next.Fingerprint,
		Playbook: def.ID, Hash: def.Hash(), Definition: def.Text, Account: k.next.Account, Asker: k.next.Asker,
		Mode: d.config().ModeFor(def.ID, k.next.Account), State: Running, Started: now,
	}
	if err := d.pin(&run, def); err != nil {
		return d.abandon(ctx, k, "playbook "+def.ID+" cannot begin: "+err.Error(), nil)
	}
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if err := tx.SaveRun(ctx, run); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{
			kind: "evidence", data: sight.Resource,
			text: fmt.Sprintf("Still so on a fresh read: %s. Playbook %s begins, mode %s", sight.Text, def.ID, run.Mode),
		})
	})
}

// pin keeps in the run all that it will do: the definition, those that it runs, and their steps.
func (d *Director) pin(run *Run, def book.Definition) error {
	parts, err := def.Whole(d.playbooks())
	if err != nil {
		return err
	}
	tree, err := book.Tree(parts)
	if err != nil {
		return err
	}
	for _, p := range parts[1:] {
		run.Parts = append(run.Parts, p.Text)
	}
	for _, n := range book.Every(tree) {
		run.Steps = append(run.Steps, Step{ID: n.ID, Kind: n.Step.Kind(), Action: n.Step.ActionID(), State: StepWaiting})
	}
	return nil
}

// await waits until a look may tell more, and says once why.
func (d *Director) await(ctx context.Context, k desk, s Sight) (next, error) {
	if k.ticket.Reason == s.Text {
		return next{again: s.Again}, nil
	}
	_, err := d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if err := t.Move(t.State, s.Text, d.now()); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{kind: "held", text: "Waiting: " + s.Text})
	})
	return next{again: s.Again}, err
}

func (d *Director) pick(f finding.Finding) (book.Definition, bool) {
	for _, def := range d.playbooks() {
		if def.Settles(f) {
			return def, true
		}
	}
	return book.Definition{}, false
}
