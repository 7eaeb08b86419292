package playbook

import (
	"context"

	"jobzero/internal/finding"
	"jobzero/internal/playbook/verdict"
)

// Verdicts are those that there are, in the order of verdict.Sort, and whether they may close anything.
type Verdicts struct {
	All  []verdict.Definition
	Mode verdict.Mode
}

// recall gives what is remembered of findings like this one; nil when there is nothing that still counts. held says why none may be closed.
func (d *Director) recall(ctx context.Context, key string, all []verdict.Definition, f finding.Finding) (found *verdict.Memory, held string, err error) {
	if key == "" {
		return nil, "", nil
	}
	err = d.store.View(ctx, func(tx Tx) error {
		m, ok, err := tx.Memory(ctx, key)
		switch {
		case err != nil || !ok:
		case m.Refuses(d.now()):
			held = "a person has opened ticket " + m.Ticket + " again, which was like it"
		case m.Holds(all, f, d.now()):
			found = &m
		}
		return err
	})
	return found, held, err
}

// remember keeps a verdict by which something was closed, so that the next one like it is cheaper, and counts how often it was.
func (d *Director) remember(ctx context.Context, tx Tx, q *Inquiry, was wasLike) error {
	if !q.Closed {
		return nil
	}
	if q.Recalled == "" {
		return nil
	}
	m, ok, err := tx.Memory(ctx, q.Recalled)
	if err != nil {
		return err
	}
	if ok && m.Refuses(d.now()) { // since it was read
		return errMoved
	}
	if q.Remembered {
		if !ok || m.Opinion.Hash != was.memory.Opinion.Hash {
			return errMoved
		}
		m.Times++
		return tx.SaveMemory(ctx, m)
	}
	for _, v := range was.all {
		if v.ID == q.Opinion.ID && v.Remember > 0 {
			return tx.SaveMemory(ctx, verdict.Memory{
				Key: q.Recalled, Like: was.like, Opinion: q.Opinion, Ticket: string(q.Ticket), Made: q.At, Ends: q.At.Add(v.Remember),
			})
		}
	}
	return nil
}
