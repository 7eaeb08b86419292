package playbook

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/ticket"
)

// inquires reports whether the finding has to be inquired into now: once for each opening of its ticket. What a person asks for is nothing
// that is believed.
func (d *Director) inquires(k desk) bool {
	return d.verdicts != nil && d.gather != nil && k.inquiry == nil && k.next.Kind != finding.Asked
}

// inquire reads all there is about the finding, says what is believed of it, and closes it when it may. What cannot be read is said and
// holds up nothing.
func (d *Director) inquire(ctx context.Context, k desk) (next, error) {
	f, all := *k.next, d.verdicts()
	q := Inquiry{
		Ticket: k.ticket.ID, Opening: k.ticket.Reopened, Finding: f.Fingerprint, By: f.By, Account: f.Account, Principal: f.Principal,
		Occurred: f.Occurred, At: d.now(), Facts: map[string]Gathered{}, Unknown: map[string]string{},
	}
	e, err := d.readEvent(ctx, &q, f)
	if err != nil {
		return next{}, err
	}
	q.Recalled = verdict.LikenessOf(f, e).Key()
	memory, refused, err := d.recall(ctx, q.Recalled, all.All, f)
	if err != nil {
		return next{}, err
	}
	if memory != nil {
		q.Opinion, q.Remembered = memory.Opinion, true
	} else if err := d.readAll(ctx, k, &q, all.All); err != nil {
		return next{}, err
	}
	closes, held := q.Opinion.Closes(f)
	switch {
	case closes && refused != "":
		closes, held = false, refused
	case closes && k.ticket.Doubted:
		closes, held = false, "a person has opened this ticket again"
	}
	q.Would, q.Held, q.Closed = closes, held, closes && all.Mode == verdict.Enforce
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if t.State != ticket.Investigating {
			if err := d.beginLooking(ctx, tx, t, f); err != nil {
				return err
			}
		}
		return d.believe(ctx, tx, t, &q, wasLike{verdict.LikenessOf(f, e), memory, all.All})
	})
}

// wasLike is what may be remembered of an inquiry, and what was.
type wasLike struct {
	like   verdict.Likeness
	memory *verdict.Memory
	all    []verdict.Definition
}

// believe writes an inquiry down, with its line, and closes the finding by it where it does. A brake that is on holds that up as it does any
// effect.
func (d *Director) believe(ctx context.Context, tx Tx, t *ticket.Ticket, q *Inquiry, was wasLike) error {
	q.Closed = q.Closed && !t.Contended && !t.TakenBack
	if q.Closed {
		b, err := tx.Brake(ctx, EnforcementBrake)
		if err != nil {
			return err
		}
		if b.On {
			q.Closed, q.Held = false, fmt.Sprintf("enforcement is stopped by %s: %s", b.By, b.Reason)
		}
	}
	if err := d.remember(ctx, tx, q, was); err != nil {
		return err
	}
	if err := tx.SaveInquiry(ctx, *q); err != nil {
		return err
	}
	if q.Closed {
		f, err := still(ctx, tx, q.Finding)
		if err != nil {
			return err
		}
		if closes, _ := q.Opinion.Closes(f); !closes { // it was seen again since
			return errMoved
		}
		// What happens from the moment on that was looked at is something new.
		f.State, f.Settled, f.Note = finding.Done, f.LastSeen.Add(-time.Microsecond), closedBy+q.Opinion.Words()
		if err := tx.SaveFinding(ctx, f); err != nil {
			return err
		}
	}
	return d.write(ctx, tx, t, note{kind: inquiryLine, text: q.account(), data: q.told()})
}

// closedBy begins the note of a finding that was closed by a verdict.
const closedBy = "closed by a verdict: "

// readEvent reads the records, which takes no look outside: they are in the finding.
func (d *Director) readEvent(ctx context.Context, q *Inquiry, f finding.Finding) (e verdict.Event, err error) {
	if err := d.read(ctx, q, "event", f); err != nil {
		return e, err
	}
	if data := q.Facts["event"].Data; len(data) > 0 {
		err = fault.Wrap(fault.Internal, json.Unmarshal(data, &e), "read what the records say")
	}
	q.Source = e.Address
	return e, err
}

// read reads one thing.
func (d *Director) read(ctx context.Context, q *Inquiry, what string, f finding.Finding) error {
	g, err := d.gather(ctx, what, f)
	switch {
	case ctx.Err() != nil:
		return fault.Wrap(fault.Unavailable, context.Cause(ctx), "gather %s", what)
	case err != nil:
		q.Unknown[what] = err.Error()
	default:
		var why string
		if q.Facts[what], why = g.fit(); why != "" {
			q.Unknown[what] = why
		}
	}
	return nil
}

// readAll reads everything, and asks the verdicts.
func (d *Director) readAll(ctx context.Context, k desk, q *Inquiry, all []verdict.Definition) error {
	for _, what := range book.Inquired {
		if what == "event" {
			continue
		}
		if err := d.read(ctx, q, what, *k.next); err != nil {
			return err
		}
	}
	k.inquiry = q
	var sight Sight
	if k.next.Resource != nil && verdict.Needs(all, *k.next, "resource") {
		var err error
		if sight, err = d.judge.Look(ctx, *k.next, Proof{Condition: "true"}); err != nil {
			q.Unknown["resource"] = err.Error()
		}
	}
	scene, err := d.sceneOf(k, sight)
	if err != nil {
		return err
	}
	q.Opinion = verdict.Judge(all, *k.next, scene)
	return nil
}
