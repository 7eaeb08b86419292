package story

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// names keeps the resources of one story apart from those of another: bucket names are global.
var names atomic.Int64

func name(prefix string) string {
	return fmt.Sprintf("%s-%d-%d", prefix, time.Now().UnixMilli(), names.Add(1))
}

// offend makes the three offences of the demo and tells of each.
func offend(t *testing.T) []world.Offence {
	t.Helper()
	var all []world.Offence
	for _, do := range []func() (world.Offence, error){
		func() (world.Offence, error) { return shared.PublicBucket(t.Context(), world.Prod, name("orders")) },
		func() (world.Offence, error) { return shared.OpenSSH(t.Context(), world.Sandbox, name("hosts")) },
		func() (world.Offence, error) { return shared.LeakedKey(t.Context(), world.Prod, name("bot")) },
	} {
		o, err := do()
		if err != nil {
			t.Fatal(err)
		}
		if err := shared.Tell(t.Context(), o.Record); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func mended(t *testing.T, h *world.House, o world.Offence) ticket.Ticket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	tk, err := h.WaitClosed(ctx, o.Subject)
	if err != nil {
		t.Fatalf("%s: %v", o.Title, err)
	}
	ok, seen, err := o.Mended(ctx)
	if err != nil || !ok {
		t.Fatalf("%s: ticket %s is closed and the world is not mended: %s %v", o.Title, tk.ID, seen, err)
	}
	return tk
}

func TestThreeOffencesAreMendedAndTheirTicketsClosed(t *testing.T) {
	h := begin(t, world.Options{Enforce: true})
	start(t, h)
	for _, o := range offend(t) {
		tk := mended(t, h, o)
		c := tk.Clocks
		for _, pair := range [][2]time.Time{{c.Occurred, c.Detected}, {c.Detected, c.Opened}, {c.Opened, c.Contained}, {c.Contained, c.Verified}, {c.Verified, c.Closed}} {
			if pair[0].IsZero() || pair[1].Before(pair[0].Truncate(time.Second)) {
				t.Errorf("%s: clocks are out of order: %+v", o.Title, c)
			}
		}
		effects, err := world.List[effect.Effect](t.Context(), h, "action", "list", "--ticket", string(tk.ID))
		if err != nil {
			t.Fatal(err)
		}
		if !allDone(effects, o.Effects) {
			t.Errorf("%s: want %d effects, done; got %+v", o.Title, o.Effects, effects)
		}
	}
	if _, err := h.Run(t.Context(), "audit", "verify", "--config", "jobzero.yaml"); err != nil {
		t.Error(err)
	}
	if err := h.Stop(); err != nil {
		t.Errorf("a house that is asked to end must end well: %v", err)
	}
}

// In plan mode the emulator's own recorder is the witness that nothing was written.
func TestPlanModeWritesNothing(t *testing.T) {
	h := begin(t, world.Options{Enforce: false})
	offences := offend(t)
	if err := shared.AWS.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	start(t, h)
	for _, o := range offences {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		tk, err := h.WaitPerson(ctx, o.Subject)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(tk.Reason, "plan mode: would do") {
			t.Errorf("%s: the reason does not say what would be done: %s", o.Title, tk.Reason)
		}
		if ok, seen, err := o.Mended(t.Context()); err != nil || ok {
			t.Errorf("%s: plan mode must not mend anything: %s %v", o.Title, seen, err)
		}
	}
	calls, err := shared.AWS.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(calls) == 0 {
		t.Fatal("the recorder saw no call at all: it is no witness")
	}
	for _, c := range testmoto.Writes(calls) {
		t.Errorf("plan mode wrote: %s", c)
	}
}
