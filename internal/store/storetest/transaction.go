package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func allOrNothing(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	mine := errors.New("changed my mind")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveFinding(t.Context(), aFinding("logs")); err != nil {
			return err
		}
		if err := tx.Enqueue(t.Context(), "triage", "x", noon()); err != nil {
			return err
		}
		return mine
	})
	if err != mine { //nolint:errorlint // the very same error comes back
		t.Errorf("the error of the function: %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Update(t.Context(), func(tx *store.Tx) error {
			_ = tx.SaveFinding(t.Context(), aFinding("logs"))
			panic("boom")
		})
	}()
	look(t, s, func(tx *store.Tx) error { // and the store still works
		_, ok, err := tx.Finding(t.Context(), aFinding("logs").Fingerprint)
		if ok {
			t.Error("a transaction that failed left something behind")
		}
		return err
	})
	if _, ok, err := s.NextDue(t.Context(), noon()); ok || err != nil {
		t.Errorf("a transaction that failed left work behind: %v %v", ok, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Update(ended, func(*store.Tx) error { return nil }); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func view(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	err := s.View(t.Context(), func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), aFinding("logs")) })
	if err == nil {
		t.Error("a view could write")
	}
	// A room's own, smaller interface.
	type pedal interface {
		Brake(ctx context.Context, name string) (effect.Brake, error)
		SetBrake(ctx context.Context, b effect.Brake) error
	}
	room := store.In(s, func(tx *store.Tx) pedal { return tx })
	if err := room.Update(t.Context(), func(p pedal) error { return p.SetBrake(t.Context(), effect.Brake{Name: "all", On: true}) }); err != nil {
		t.Fatal(err)
	}
	if err := room.View(t.Context(), func(p pedal) error {
		b, err := p.Brake(t.Context(), "all")
		if !b.On {
			t.Error("the brake is off")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func poke(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	var pokes atomic.Int32
	s.OnWork(func() { pokes.Add(1) })
	do(t, s, func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), aFinding("logs")) })
	_ = s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.Enqueue(t.Context(), "triage", "x", noon()), errors.New("no"))
	})
	if n := pokes.Load(); n != 0 {
		t.Errorf("%d pokes without work", n)
	}
	do(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.Enqueue(t.Context(), "triage", "x", noon()), tx.Enqueue(t.Context(), "triage", "y", noon()))
	})
	if n := pokes.Load(); n != 1 {
		t.Errorf("%d pokes for one commit", n)
	}
	for _, bad := range []string{"", "nul\x00", "\xff"} {
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Enqueue(t.Context(), "triage", bad, noon()) }); !fault.Is(err, fault.Invalid) {
			t.Errorf("enqueue %q: %v", bad, err)
		}
	}
}

func parallelEntries(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for _, id := range []ticket.ID{"01A", "01B"} {
		tk := aTicket(id, string(id))
		do(t, s, func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) })
	}
	const writers, each = 8, 10
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			id := []ticket.ID{"01A", "01B"}[w%2]
			for i := range each {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					tk, err := tx.Ticket(t.Context(), id)
					if err != nil {
						return err
					}
					tk.Findings++
					return tx.AppendEntry(t.Context(), &tk, anEntry(fmt.Sprintf("%d/%d", w, i)))
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	all.Wait()
	look(t, s, func(tx *store.Tx) error {
		for _, id := range []ticket.ID{"01A", "01B"} {
			tk, err := tx.Ticket(t.Context(), id)
			if err != nil {
				return err
			}
			if want := writers * each / 2; tk.Entries != want || tk.Findings != 1+want {
				t.Errorf("ticket %s: %d entries, %d findings", id, tk.Entries, tk.Findings)
			}
		}
		return tx.CheckAudit(t.Context())
	})
}

// parallelSubject: two that open a ticket for the same subject at once end up with one.
func parallelSubject(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	var opened atomic.Int32
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			var mine bool
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				tk := aTicket(ticket.ID(fmt.Sprintf("01%d", w)), "same")
				_, ok, err := tx.TicketOf(t.Context(), tk.Subject)
				if mine = !ok; err != nil || ok {
					return err
				}
				return tx.AppendEntry(t.Context(), &tk, anEntry("opened"))
			})
			if err != nil {
				t.Errorf("writer %d: %v", w, err)
			} else if mine {
				opened.Add(1)
			}
		})
	}
	all.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("%d tickets were opened", n)
	}
}

func twoProcesses(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	serve, cli := open(t, url), open(t, url)
	var all sync.WaitGroup
	for i, s := range []*store.Store{serve, cli} {
		all.Go(func() {
			for n := range 40 {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					return tx.Enqueue(t.Context(), "triage", fmt.Sprintf("%d/%d", i, n), noon().Add(-time.Hour))
				})
				if err != nil {
					t.Errorf("process %d: %v", i, err)
				}
			}
		})
	}
	all.Wait()
	hints, err := serve.Unsent(t.Context(), "triage", noon(), noon(), 1000)
	if err != nil || len(hints) != 80 {
		t.Errorf("%d hints, %v", len(hints), err)
	}
}
