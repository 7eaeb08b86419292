package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
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
	return time.Time{}, h.judge(ctx, r, began)
}

// judge holds a resource as it was read against all expectations. What it finds was detected when the read began: a repair that
// was made and verified since is not contradicted by it.
func (h *House) judge(ctx context.Context, r resource.Resource, began time.Time) error {
	touch, err := h.touchOf(ctx, r.Ref)
	if err != nil {
		return err
	}
	var (
		found  []finding.Finding
		passed []finding.Fingerprint
	)
	for _, v := range h.knowledge.Load().Expectations.Check(r, h.facts()) {
		switch v.Result {
		case expect.Fail, expect.Unknown:
			found = append(found, expect.Finding(v, r, touch, began))
		default:
			passed = append(passed, expect.Fingerprint(v.Expectation.ID, r.Ref))
		}
	}
	if err := h.triager.Report(ctx, found, h.clock.Now()); err != nil {
		return err
	}
	for _, f := range found {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
	}
	return h.triager.Cleared(ctx, passed, h.clock.Now())
}

// touchOf is the event that last changed the resource, nil when none is known.
func (h *House) touchOf(ctx context.Context, ref resource.Ref) (*event.Touch, error) {
	var t *event.Touch
	err := h.store.View(ctx, func(tx storeTx) error {
		found, ok, err := tx.Touch(ctx, ref.Key())
		if ok {
			t = &found
		}
		return err
	})
	return t, err
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
	part := strings.SplitN(ref, "|", 3)
	if len(part) != 3 {
		return time.Time{}, fault.New(fault.Invalid, "sweep %q: want account|region|type", ref)
	}
	if !h.config.Knows(part[0]) {
		return time.Time{}, nil
	}
	refs, err := h.inventory.List(ctx, inventory.Place{Account: part[0], Region: part[1], Type: resource.Type(part[2])})
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
	if h.config.Sweep.Every <= 0 || !slices.Contains(h.sweeps(), ref) {
		return time.Time{}, nil
	}
	return now.Add(h.config.Sweep.Every), nil
}

// sweepRef names a list of resources.
func sweepRef(p inventory.Place) string {
	return strings.Join([]string{p.Account, p.Region, string(p.Type)}, "|")
}
