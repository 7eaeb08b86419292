package grant

import (
	"context"
	"errors"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

const actor = "jobzero/glass"

// pause is how long it waits for what it cannot hasten: a brake, a mode, an API that does not answer.
const pause = time.Minute

// settling is how long it waits before it looks again whether a call has taken effect.
const settling = 5 * time.Second

// Keeper carries uses out. It keeps nothing in memory: a killed process loses nothing.
type Keeper struct {
	store  Store
	hands  playbook.Hands
	policy func() glass.Policy
	now    func() time.Time
}

// Options are what New needs. Policy is asked each time, so that a reload counts at once.
type Options struct {
	Store  Store
	Hands  playbook.Hands
	Policy func() glass.Policy
	Now    func() time.Time
}

// New makes a keeper.
func New(o Options) *Keeper { return &Keeper{o.Store, o.Hands, o.Policy, o.Now} }

// next says how a transition ended: look again at once, or at a time.
type next struct {
	again time.Time
	more  bool
}

// errMoved says that the use changed between looking and writing; the loop looks again.
var errMoved = errors.New("the use moved on")

// Advance is the durable leg: it takes a use as far as it can go now, and says when to look again.
func (k *Keeper) Advance(ctx context.Context, ref string) (time.Time, error) {
	const enough = 100 // transitions in one call; far more than any use has, so a defect cannot spin for ever
	for range enough {
		var u glass.Use
		err := k.store.View(ctx, func(tx Tx) (err error) {
			u, err = tx.Glass(ctx, glass.ID(ref))
			return err
		})
		if fault.Is(err, fault.NotFound) {
			return time.Time{}, nil
		}
		if err != nil {
			return time.Time{}, err
		}
		n, err := k.step(ctx, u)
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil:
			return time.Time{}, err
		case !n.more:
			return n.again, nil
		}
	}
	return time.Time{}, fault.New(fault.Internal, "break-glass %s made %d transitions without coming to rest", ref, enough)
}

// step makes one transition.
func (k *Keeper) step(ctx context.Context, u glass.Use) (next, error) {
	now := k.now()
	if passed := u; passed.Pass(now).Kind != "" {
		return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry { return entry{line: u.Pass(now)} })
	}
	switch u.State {
	case glass.Approved:
		return k.begin(ctx, u)
	case glass.Granting:
		return k.give(ctx, u)
	case glass.Ending:
		return k.end(ctx, u)
	case glass.Ended:
		if reminded := u; reminded.Remind(now).Kind != "" {
			return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry { return entry{line: u.Remind(now), worse: finding.High} })
		}
	case glass.Requested, glass.Granted, glass.Reviewed, glass.Denied, glass.Expired, glass.Withdrawn:
	}
	return next{again: u.By}, nil
}

// commit makes a transition in one transaction, unless the use is not as it was when it was looked at.
func (k *Keeper) commit(ctx context.Context, u glass.Use, do func(Tx, *glass.Use) entry) (next, error) {
	err := k.store.Update(ctx, func(tx Tx) error {
		now, err := tx.Glass(ctx, u.ID)
		if err != nil {
			return err
		}
		if now.Version != u.Version {
			return errMoved
		}
		e := do(tx, &now)
		return k.tell(ctx, tx, &now, e)
	})
	return next{more: err == nil}, err
}

// tell saves a use and tells its ticket.
func (k *Keeper) tell(ctx context.Context, tx Tx, u *glass.Use, e entry) error {
	t, err := tx.Ticket(ctx, ticket.ID(u.ID))
	if err != nil {
		return err
	}
	e.at, e.actor = k.now(), actor
	return write(ctx, tx, u, t, e)
}
