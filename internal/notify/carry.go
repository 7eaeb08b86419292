package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// How often all channels are gone through, and how long it waits in between: doubled each time, so that ten minutes of a vendor's trouble
// are lived through. Whoever has to be told sooner escalates by a clock of his own.
const (
	rounds   = 6
	pause    = 20 * time.Second
	patience = 45 * time.Second // for one call of a channel
)

// Carrier is the leg. It keeps nothing in memory: a killed process loses nothing, and says at most once more what it was saying.
type Carrier struct {
	store Store
	ways  func() Ways
	now   func() time.Time
	moved func(ctx context.Context, tx Tx, d notice.Delivery) error
	link  func(ctx context.Context, d notice.Delivery) (string, error)
}

// Options are what New needs. Ways are asked each time, so that a reload counts at once.
type Options struct {
	Store Store
	Ways  func() Ways
	Now   func() time.Time
	// Moved is told, in the same transaction, of a delivery that a channel took for the first time, or that none did; nil: nobody is.
	Moved func(ctx context.Context, tx Tx, d notice.Delivery) error
	// Link makes the link that only the person who is told may have, when it is sent by a channel that reaches that person alone: it opens
	// something, so that it is in no row. Empty: the message's own. Nil: there are none.
	Link func(ctx context.Context, d notice.Delivery) (string, error)
}

// New makes a carrier.
func New(o Options) *Carrier { return &Carrier{o.Store, o.Ways, o.Now, o.Moved, o.Link} }

// Carry is the durable leg: it takes a delivery as far as it can go now, and says when to look again.
func (c *Carrier) Carry(ctx context.Context, ref string) (time.Time, error) {
	const enough = 200 // calls; more than all rounds of all channels anybody has, so that a defect cannot spin for ever
	for range enough {
		var d notice.Delivery
		err := c.store.View(ctx, func(tx Tx) (err error) {
			d, err = tx.Delivery(ctx, notice.ID(ref))
			return err
		})
		switch {
		case fault.Is(err, fault.NotFound):
			return time.Time{}, nil
		case err != nil:
			return time.Time{}, err
		case d.State != notice.Queued && (d.Open() || d.Followed == d.State):
			return time.Time{}, nil
		}
		step := c.step
		if d.State != notice.Queued {
			step = c.follow
		}
		again, done, err := step(ctx, d)
		switch {
		case errors.Is(err, errEnded):
		case err != nil || done:
			return again, err
		}
	}
	return time.Time{}, fault.New(fault.Internal, "delivery %s was tried %d times at once", ref, enough)
}

// step makes one attempt, or says why there is none now.
func (c *Carrier) step(ctx context.Context, d notice.Delivery) (again time.Time, done bool, err error) {
	now, ways := c.now(), c.ways()
	if u := d.Message.Until; !u.IsZero() && !now.Before(u) {
		return again, false, c.change(ctx, d.ID, func(d *notice.Delivery) { d.Lapse("it was not worth telling any more", now) })
	}
	if until, quiet := ways.Held(d.To, d.Message, now); quiet {
		why := "quiet hours until " + until.Format(time.RFC3339)
		if d.Why == why {
			return until, true, nil
		}
		return until, true, c.change(ctx, d.ID, func(d *notice.Delivery) { d.Wait(why) })
	}
	order, not, err := ways.find(d.To, d.Message)
	if err != nil || len(order) == 0 {
		why := "no channel reaches " + d.To.String() + missed(not)
		if err != nil {
			why = err.Error()
		}
		return again, false, c.change(ctx, d.ID, func(d *notice.Delivery) { d.Fail(why, now) })
	}
	names := make([]string, len(order))
	for i, w := range order {
		names[i] = w.channel.Name()
	}
	name, spent := d.Next(names)
	switch {
	case name == "" && (spent || d.Round+1 >= rounds):
		return again, false, c.change(ctx, d.ID, func(d *notice.Delivery) { d.Fail(lastWords(*d), now) })
	case name == "":
		again = now.Add(pause << d.Round)
		return again, true, c.change(ctx, d.ID, func(d *notice.Delivery) {
			d.Round++
			d.Wait("tried again at " + again.Format(time.RFC3339) + ": " + lastWords(*d))
		})
	}
	for _, w := range order {
		if w.channel.Name() == name {
			return again, false, c.attempt(ctx, d, w, ways.Templates)
		}
	}
	return again, false, nil
}

// lastWords are what went wrong last.
func lastWords(d notice.Delivery) string {
	if n := len(d.Attempts); n > 0 {
		return d.Attempts[n-1].Channel + ": " + d.Attempts[n-1].Error
	}
	return "nothing was tried"
}

// attempt calls a channel once: it is written down before, and what came of it after.
func (c *Carrier) attempt(ctx context.Context, d notice.Delivery, w way, t *Templates) error {
	err := c.change(ctx, d.ID, func(d *notice.Delivery) { d.Begin(w.channel.Name(), w.to.Shown, c.now()) })
	if err != nil {
		return err
	}
	receipt := ""
	d, said := c.linked(ctx, d, w)
	l, unwritten := letter(d, w, t, c.now())
	if said = errors.Join(said, unwritten); said == nil {
		call, cancel := context.WithTimeout(ctx, patience)
		receipt, said = w.channel.Send(call, l)
		cancel()
	}
	if said != nil && ctx.Err() != nil {
		return ctx.Err() // we are stopping: nobody knows whether it was sent, and the next process asks again
	}
	return c.note(ctx, d.ID, outcome(said), receipt, said)
}

// linked is the delivery with the link of the person's own, as it is sent and not as it is kept.
func (c *Carrier) linked(ctx context.Context, d notice.Delivery, w way) (notice.Delivery, error) {
	if c.link == nil || d.To.Person == "" || !w.channel.Personal() {
		return d, nil
	}
	link, err := c.link(ctx, d)
	if link != "" {
		d.Message.Link = link
	}
	return d, err
}

func outcome(err error) notice.Outcome {
	switch {
	case err == nil:
		return notice.Taken
	case fault.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded):
		return notice.Later
	}
	return notice.Refused
}

// note writes down what came of a call, also where somebody has answered meanwhile by another channel.
func (c *Carrier) note(ctx context.Context, id notice.ID, o notice.Outcome, receipt string, said error) error {
	words := ""
	if said != nil {
		words = said.Error()
	}
	return c.store.Update(ctx, func(tx Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		was := d.State
		d.Done(o, receipt, words, c.now())
		d.Version++
		if err := tx.SaveDelivery(ctx, d); err != nil || d.State == was || c.moved == nil {
			return err
		}
		return c.moved(ctx, tx, d)
	})
}

// errEnded says that somebody ended the delivery meanwhile.
var errEnded = errors.New("the delivery has ended")

// change makes one of a delivery that is still queued.
func (c *Carrier) change(ctx context.Context, id notice.ID, do func(*notice.Delivery)) error {
	return c.store.Update(ctx, func(tx Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		if d.State != notice.Queued {
			return errEnded
		}
		do(&d)
		d.Version++
		if err := tx.SaveDelivery(ctx, d); err != nil || d.State != notice.Failed || c.moved == nil {
			return err
		}
		return c.moved(ctx, tx, d)
	})
}

// letter is what a channel is given.
func letter(d notice.Delivery, w way, t *Templates, now time.Time) (l Letter, err error) {
	l = Letter{ID: string(d.ID), To: w.to, Message: d.Message, At: now, State: d.State, By: d.By, Why: d.Why}
	l.Title, l.Short, l.Text, err = t.Write(d.Message)
	if err != nil {
		err = fault.Wrap(fault.Invalid, err, "write the message")
	}
	return l, err
}

// follow tells the channels that took it, and that can be told, what it came to.
func (c *Carrier) follow(ctx context.Context, d notice.Delivery) (time.Time, bool, error) {
	ways := c.ways()
	var all []error
	for _, a := range d.Taken() {
		ch, err := ways.Channel(a.Channel)
		f, can := ch.(Follower)
		if err != nil || !can {
			continue
		}
		to := notice.To{Person: d.To.Person, Channel: a.Channel}
		found, _, err := ways.find(to, d.Message)
		if err != nil || len(found) == 0 {
			continue // whom it was said to is known no more
		}
		l, err := letter(d, found[0], ways.Templates, c.now())
		if err == nil {
			l.Receipt = a.Receipt
			call, cancel := context.WithTimeout(ctx, patience)
			err = f.Follow(call, l)
			cancel()
		}
		if outcome(err) == notice.Later || ctx.Err() != nil {
			all = append(all, fmt.Errorf("tell %s what delivery %s came to: %w", a.Channel, d.ID, err))
		}
	}
	if len(all) > 0 {
		return time.Time{}, true, fault.Wrap(fault.Unavailable, errors.Join(all...), "follow")
	}
	err := c.store.Update(ctx, func(tx Tx) error {
		now, err := tx.Delivery(ctx, d.ID)
		if err != nil || now.State != d.State {
			return err // it is looked at again
		}
		now.Followed = d.State
		now.Version++
		return tx.SaveDelivery(ctx, now)
	})
	return time.Time{}, false, err
}
