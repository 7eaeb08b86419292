// Package story holds the promises of the manual as tests: the whole program as a process of its own, against a real
// emulator, through the real API.
package story

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

var (
	program string // the binary under test
	absent  string // why the stories cannot be told here; empty when they can
	shared  *world.World
	names   atomic.Int64
)

// patience is how long a story waits for what must come.
const patience = 90 * time.Second

func TestMain(m *testing.M) { os.Exit(tell(m)) }

func tell(m *testing.M) int {
	dir, err := os.MkdirTemp("", "jobzero-story-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "jobzero")
	build := exec.Command("go", "build", "-o", program, "jobzero/cmd/jobzero")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build jobzero: %v\n%s", err, out)
		return 1
	}
	shared, err = world.New(context.Background())
	switch {
	case errors.Is(err, testmoto.ErrNotFound) && os.Getenv(testmoto.EnvRequire) != "1":
		absent = err.Error()
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	default:
		defer shared.Stop() // the end of the process ends it too
	}
	return m.Run()
}

// name keeps the resources of one story apart from those of another: bucket names are global.
func name(prefix string) string {
	return fmt.Sprintf("%s-%d-%d", prefix, time.Now().UnixMilli(), names.Add(1))
}

// begin gives a story a house and a queue of its own in the shared world. Stories run one after the other: events go to the
// last queue.
func begin(t testing.TB, o world.Options) *world.House {
	t.Helper()
	if absent != "" {
		t.Skip(absent)
	}
	if err := shared.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	return beside(t, o)
}

// beside sets up a further house on the same queue.
func beside(t testing.TB, o world.Options) *world.House {
	t.Helper()
	o.Program, o.Dir = program, t.TempDir()
	h, err := shared.House(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Kill()
		if t.Failed() {
			t.Logf("the end of its log:\n%s", world.Tail(h.Log(), 60))
		}
	})
	return h
}

func start(t testing.TB, h *world.House) {
	t.Helper()
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// told tells of an offence that has just been made.
func told(t testing.TB, o world.Offence, err error) world.Offence {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Tell(t.Context(), o.Record); err != nil {
		t.Fatal(err)
	}
	return o
}

// command runs a jobzero command beside the house.
func command(t testing.TB, h *world.House, args ...string) string {
	t.Helper()
	out, err := h.Run(t.Context(), append(args, "--config", "jobzero.yaml")...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func list[T any](t testing.TB, h *world.House, args ...string) []T {
	t.Helper()
	all, err := world.List[T](t.Context(), h, args...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func effects(t testing.TB, h *world.House, of ticket.ID) []effect.Effect {
	t.Helper()
	return list[effect.Effect](t, h, "action", "list", "--ticket", string(of))
}

// until waits for something that must come.
func until(t testing.TB, what string, enough func(ctx context.Context) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := world.Until(ctx, func() (bool, error) { return enough(ctx) }); err != nil {
		t.Fatalf("waiting until %s: %v", what, err)
	}
}

// ticketAs waits until the ticket about a subject is as wanted.
func ticketAs(t testing.TB, h *world.House, ref resource.Ref, enough func(ticket.Ticket) bool) ticket.Ticket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tk, err := h.WaitTicket(ctx, ref, func(tk ticket.Ticket) (bool, error) { return enough(tk), nil })
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

// withPerson waits until the ticket about a subject is with a person.
func withPerson(t testing.TB, h *world.House, ref resource.Ref) ticket.Ticket {
	t.Helper()
	return ticketAs(t, h, ref, func(tk ticket.Ticket) bool { return tk.State == ticket.Human })
}

// routine waits until what can wait about a subject is with a person.
func routine(t testing.TB, h *world.House, ref resource.Ref) ticket.Ticket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tk, err := h.WaitRoutine(ctx, ref)
	if err != nil {
		t.Fatalf("waiting for what can wait about %s, which is %q (%s): %v", ref, tk.State, tk.Reason, err)
	}
	return tk
}

// mended waits until the ticket of an offence is closed, and looks at the world itself.
func mended(t testing.TB, h *world.House, o world.Offence) ticket.Ticket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
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

// untouched looks at the world itself: nobody has mended it.
func untouched(t testing.TB, o world.Offence) {
	t.Helper()
	if ok, seen, err := o.Mended(t.Context()); err != nil || ok {
		t.Errorf("%s: it must not be mended: %s %v", o.Title, seen, err)
	}
}

// record begins a new recording of everything that the emulator is asked.
func record(t testing.TB) {
	t.Helper()
	if err := shared.AWS.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// writes are the changes that the house has made since record: the people of the story say by a header which account they act
// in, the house does not.
func writes(t testing.TB) []testmoto.Call {
	t.Helper()
	calls, err := shared.AWS.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	var out []testmoto.Call
	for _, c := range calls {
		if c.Account != "" {
			continue
		}
		seen = true
		if c.Write() && c.Service != "sqs" && c.Service != "sts" {
			out = append(out, c)
		}
	}
	if !seen {
		t.Fatal("the recorder saw no call of the house at all: it is no witness")
	}
	return out
}

func wroteNothing(t testing.TB) {
	t.Helper()
	for _, c := range writes(t) {
		t.Errorf("it wrote: %s", c)
	}
}

// digested waits until a house that was just started has taken in so many events and read again so many resources, and a
// moment longer: for stories in which nothing must come of it.
func digested(t testing.TB, h *world.House, events, reads float64) {
	t.Helper()
	until(t, fmt.Sprintf("%g events are taken in and %g resources read", events, reads), func(ctx context.Context) (bool, error) {
		m, err := h.Measures(ctx)
		return m.Events("eventbridge")+m.Events("s3") >= events && m.Handled("inventory") >= reads, err
	})
	wait(t, time.Second)
}

// wait lets the story go on for a while.
func wait(t testing.TB, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
