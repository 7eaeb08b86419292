package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/triage"
)

// The legs that the house itself writes work for.
const (
	legInventory = "inventory" // ref: a resource key
	legSweep     = "sweep"     // ref: account|region|type
)

// reread is the durable leg from a touched resource to findings: read it again, hold it against every expectation for its
// type, write down what fails and what is unknown, and tell triage what passes now.
func (h *House) reread(ctx context.Context, key string) (time.Time, error) {
	ref, err := resource.ParseKey(key)
	if err != nil {
		return time.Time{}, err
	}
	began := h.clock.Now()
	r, err := h.inventory.Read(ctx, ref)
	if err != nil {
		return time.Time{}, fault.Wrap(fault.CodeOf(err), err, "read %s", ref)
	}
	o, err := h.judge(ctx, r, began)
	switch {
	case err != nil || o.unread == "":
		return o.until, err
	case o.unread == fault.Denied: // trying at once would be denied at once
		return earlier(h.clock.Now().Add(h.lookAgain()), o.until), nil
	default: // with growing pauses, and with a person told in the end
		return time.Time{}, fault.New(fault.Unavailable, "read %s: not all of it could be read: %s", ref, doubts(r))
	}
}

// earlier gives the earlier of two times; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// lookAgain is how long to wait until what was denied is tried again.
func (h *House) lookAgain() time.Duration {
	return cmp.Or(max(h.config.Sweep.Every, 0), time.Hour)
}

// doubts names what of a resource could not be read.
func doubts(r resource.Resource) string {
	var all []string
	for _, u := range r.Unknown {
		all = append(all, u.Path+": "+u.Cause)
	}
	return strings.Join(all, "; ")
}

// planSweeps writes down which lists are to be read, and when: now, and then every time that the configuration says.
func (h *House) planSweeps(ctx context.Context) error {
	if h.config.Sweep.Every <= 0 {
		return nil
	}
	now := h.clock.Now()
	return h.store.Update(ctx, func(tx storeTx) error {
		for _, ref := range h.sweeps() {
			if err := tx.Enqueue(ctx, legSweep, ref, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweeps lists account|region|type for everything that the configuration has swept. Global types are read once an account.
func (h *House) sweeps() []string {
	types := h.config.Sweep.Types
	if len(types) == 0 {
		types = h.inventory.Types()
	}
	var all []string
	for _, a := range h.config.Accounts {
		for _, t := range types {
			regions := a.Regions
			if t.Global() {
				regions = []string{""}
			}
			for _, region := range regions {
				all = append(all, sweepRef(inventory.Place{Account: a.ID, Region: region, Type: t}))
			}
		}
	}
	return all
}

// sweep is the durable leg that lists what exists and has each of it read again: when its turn comes, or because an event
// changed what all of it depends on. Accounts that were taken out of the configuration are not swept any more.
func (h *House) sweep(ctx context.Context, ref string) (time.Time, error) {
	place, err := parseSweep(ref)
	if err != nil || !h.config.Knows(place.Account) {
		return time.Time{}, err
	}
	refs, err := h.inventory.List(ctx, place)
	if err != nil {
		return time.Time{}, fmt.Errorf("list %s: %w", ref, err)
	}
	now := h.clock.Now()
	const batch = 200 // one transaction each, so that a large account does not hold the database for long
	for len(refs) > 0 {
		n := min(batch, len(refs))
		err := h.store.Update(ctx, func(tx storeTx) error {
			var all []error
			for _, r := range refs[:n] {
				all = append(all, tx.Enqueue(ctx, legInventory, r.Key(), now))
			}
			return errors.Join(all...)
		})
		if err != nil {
			return time.Time{}, err
		}
		refs = refs[n:]
	}
	if err := h.triager.Judged(ctx, triage.Judgement{What: ref}, now); err != nil { // the list itself could be read
		return time.Time{}, err
	}
	if h.config.Sweep.Every <= 0 || !slices.Contains(h.sweeps(), ref) {
		return time.Time{}, nil
	}
	return now.Add(h.config.Sweep.Every), nil
}

// sweepRef names a list of resources.
func sweepRef(p inventory.Place) string {
	return strings.Join([]string{p.Account, p.Region, string(p.Type)}, "|")
}

// parseSweep reads what sweepRef wrote.
func parseSweep(ref string) (inventory.Place, error) {
	part := strings.SplitN(ref, "|", 3)
	if len(part) != 3 {
		return inventory.Place{}, fault.New(fault.Invalid, "sweep %q: want account|region|type", ref)
	}
	return inventory.Place{Account: part[0], Region: part[1], Type: resource.Type(part[2])}, nil
}
