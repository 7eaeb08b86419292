package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"jobzero/internal/access/ask"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/estate/files"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// rights is who may do what, as expectations and rules ask about it.
type rights struct {
	known *ask.Known
	mark  string // of the files that it was read from
}

// holdRights keeps what is known of who may do what as fresh as its files are, until the house stops. Until it was read once, such questions
// are unknown.
func (h *House) holdRights(ctx context.Context) {
	if len(h.config.Access.From) == 0 && h.config.Access.Every <= 0 {
		return
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		for {
			if err := errors.Join(h.collectRights(ctx), h.refreshRights(ctx)); err != nil && ctx.Err() == nil {
				h.log.Error("who may do what is not read; what was read before goes on", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(h.config.Access.Look):
			}
		}
	})
	h.onStop("access", func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

// refreshRights reads the files when they are others than before, and has what asks about them judged again.
func (h *House) refreshRights(ctx context.Context) error {
	var all []*files.File
	from := h.config.Access.From
	if h.config.Access.Every > 0 {
		from = append(slices.Clone(from), h.rightsFolder())
	}
	for _, path := range from {
		found, err := files.At(ctx, path, ".json")
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	mark := files.Mark(all)
	if last := h.rights.Load(); last != nil && last.mark == mark {
		return nil
	}
	began := time.Now()
	e := estate.New()
	if err := files.Read(ctx, e, all, nil); err != nil {
		return err
	}
	if err := e.Done(); err != nil {
		return err
	}
	if len(e.Holders()) == 0 { // who takes it for an answer takes everything for harmless
		return fault.New(fault.Invalid, "nobody is in %s: want what jobzero access collect has written", strings.Join(from, ", "))
	}
	h.rights.Store(&rights{ask.New(e), mark})
	h.swapping.Lock()
	k := *h.knowledge.Load()
	k.know(h.rights.Load())
	h.knowledge.Store(&k)
	h.swapping.Unlock()
	h.log.Info("read who may do what", "files", len(all), "users and roles", len(e.Holders()), "took", time.Since(began).Round(time.Millisecond))
	return h.sweepAsking(ctx, &k)
}

// know has expectations and rules ask what is known of who may do what.
func (k *Knowledge) know(r *rights) {
	if r == nil {
		return
	}
	k.Access, k.rights = r.known, r.mark
	k.Scopes = k.Scopes.Knowing(r.known)
}

// sweepAsking has the lists of the types swept now whose expectations ask who may do what.
func (h *House) sweepAsking(ctx context.Context, k *Knowledge) error {
	for ref := range h.sweeps() {
		if place, err := parseSweep(ref); err != nil || !k.asking[place.Type] {
			continue
		}
		if err := h.later(ctx, legSweep, ref, 0); err != nil {
			return err
		}
	}
	return nil
}

// askingTypes are those of which an expectation asks who may do what.
func askingTypes(all *expect.Set) map[resource.Type]bool {
	out := map[resource.Type]bool{}
	all.Texts(func(types []resource.Type, text string) {
		if !expect.AsksAccess(text) {
			return
		}
		for _, t := range types {
			out[t] = true
		}
	})
	return out
}
