package crash

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// load is what there is to do, and where it is written.
type load struct {
	t       *testing.T
	store   *store.Store
	runs    int
	witness *witness
}

func newLoad(t *testing.T, database string, runs int) *load {
	t.Helper()
	s, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l := &load{t: t, store: s, runs: runs, witness: newWitness(t)}
	l.subscribe()
	l.report()
	return l
}

// subject is what the run of a number is about, and what is to come of it.
func subject(n int) (resource.Ref, drill) {
	all := drills()
	return resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("thing-%05d", n)}, all[n%len(all)]
}

// report writes a finding down for each run.
func (l *load) report() {
	l.t.Helper()
	const batch = 500
	tr := newTriager(l.store)
	var some []finding.Finding
	for n := range l.runs {
		ref, d := subject(n)
		some = append(some, finding.Finding{
			Fingerprint: finding.Print(finding.Rule, d.id, ref.Key()), Kind: finding.Rule, By: d.id, Title: "To be mended", Severity: finding.High,
			Account: ref.Account, Resource: &ref, Occurred: time.Now(), Detected: time.Now(), Sighting: "1",
		})
		if len(some) == batch || n == l.runs-1 {
			if err := tr.Report(l.t.Context(), some, time.Now()); err != nil {
				l.t.Fatal(err)
			}
			some = nil
		}
	}
}

// people answer what is asked until ctx ends. A database that is away is asked again later.
func (l *load) people(ctx context.Context) {
	for ctx.Err() == nil {
		var runs []playbook.Run
		_ = l.store.View(ctx, func(tx *store.Tx) (err error) {
			runs, err = tx.Runs(ctx, playbook.RunFilter{Playbook: "asks", States: []playbook.RunState{playbook.Running}, Limit: 200})
			return err
		})
		for _, r := range runs {
			for _, s := range r.Steps {
				if s.State != playbook.StepAsking {
					continue
				}
				for _, person := range []string{"ana", "leo"} { // who has agreed already is refused
					_ = playbook.Respond(ctx, rooms(l.store), playbook.Answer{Run: r.ID, Step: s.ID, Yes: true, Order: playbook.Order{Person: person}}, time.Now())
				}
			}
		}
		pause(l.t, 300*time.Millisecond)
	}
}

// over counts the runs that have come to an end, and what is still to be done.
func (l *load) over(ctx context.Context) (ended, pending int, err error) {
	waits, err := l.store.Backlog(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, b := range waits {
		pending += b.Pending
	}
	err = l.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.CountRuns(ctx)
		for _, states := range all {
			for state, n := range states {
				if state != playbook.Running && state != playbook.Verifying && state != playbook.Undoing {
					ended += n
				}
			}
		}
		return err
	})
	return ended, pending, err
}

// idle is 1 when nothing is left to do.
func (l *load) idle() int {
	if _, pending, err := l.over(l.t.Context()); err != nil || pending > 0 {
		return 0
	}
	return 1
}

// finish waits until everything is done.
func (l *load) finish(most time.Duration) {
	l.t.Helper()
	end, ended, pending := time.Now().Add(most), 0, 0
	for time.Now().Before(end) {
		var err error
		if ended, pending, err = l.over(l.t.Context()); err == nil && ended >= l.runs && pending == 0 {
			if behind, err := l.behind(l.t.Context()); err == nil && behind == 0 {
				return
			}
		}
		pause(l.t, 300*time.Millisecond)
	}
	l.t.Errorf("after %s %d of %d runs have ended and %d things are still to be done", most, ended, l.runs, pending)
}
