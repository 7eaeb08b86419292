package playbook_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// idleHands do nothing, well.
type idleHands struct{}

func (idleHands) Look(context.Context, finding.Finding, playbook.Proof) (playbook.Sight, error) {
	return playbook.Sight{Result: playbook.StillSo, Text: "still so", At: time.Now()}, nil
}

func (idleHands) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	return effect.Plan{Action: id, Target: t, Undo: effect.Exact, Calls: []effect.Call{{Permission: "test:Nothing", Resource: "arn:aws:test:::x", Input: []byte(`{}`)}}}, nil
}

func (idleHands) Do(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{Calls: 1}, nil
}

func (idleHands) Verify(context.Context, effect.Plan) (effect.Check, error) {
	return effect.Check{Holds: true, Text: "holds"}, nil
}

func (idleHands) Undo(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{}, nil
}

// BenchmarkSteps carries out playbooks of five actions that do nothing, a ticket each, with four workers on one SQLite file: every step is
// planned, begun with its effect's row, done and recorded, as in production.
func BenchmarkSteps(b *testing.B) {
	const stepsEach, workers = 5, 4
	db, err := store.Open(b.Context(), "sqlite://"+filepath.Join(b.TempDir(), "test.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	text := head + "steps:\n"
	for i := range stepsEach {
		text += fmt.Sprintf("  - {id: s%d, action: act-%d}\n", i, i)
	}
	def, err := book.Parse("bench.yml", []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	config := playbook.DefaultConfig()
	config.Mode, config.Canary = playbook.Enforce, false
	config.Limits = playbook.Limits{Run: 100, Minute: 1 << 30, Day: 1 << 30}
	var mu sync.Mutex
	ids := 0
	id := func(time.Time) string { mu.Lock(); defer mu.Unlock(); ids++; return fmt.Sprintf("id-%08d", ids) }
	d := playbook.New(playbook.Options{
		Store: store.In(db, func(tx *store.Tx) playbook.Tx { return tx }), Judge: idleHands{}, Hands: idleHands{}, Now: time.Now,
		Config: func() playbook.Config { return config }, Playbooks: func() []book.Definition { return []book.Definition{def} }, NewID: id,
	})
	tr := triage.New(triage.Options{
		Store: store.In(db, func(tx *store.Tx) triage.Tx { return tx }), Now: time.Now, Owners: func() triage.Owners { return owners{} },
		NewID: func(at time.Time) ticket.ID { return ticket.ID(id(at)) },
	})
	var refs []string
	for i := range b.N {
		ref := resource.Ref{Type: resource.Bucket, Account: bucket.Account, ID: fmt.Sprintf("orders-%d", i)}
		f := finding.Finding{
			Fingerprint: finding.Print(finding.Rule, "r", ref.Key()), Kind: finding.Rule, By: "r", Title: "t", Severity: finding.High, Account: ref.Account,
			Resource: &ref, Occurred: time.Now(), Detected: time.Now(), Sighting: "1",
		}
		if err := tr.Report(b.Context(), []finding.Finding{f}, time.Now()); err != nil {
			b.Fatal(err)
		}
		if _, err := tr.Triage(b.Context(), string(f.Fingerprint)); err != nil {
			b.Fatal(err)
		}
		err := db.View(b.Context(), func(tx *store.Tx) error {
			tk, _, err := tx.TicketOf(b.Context(), ref.Key())
			refs = append(refs, string(tk.ID))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	work := make(chan string)
	var done sync.WaitGroup
	b.ResetTimer()
	for range workers {
		done.Go(func() {
			for ref := range work {
				carryThrough(b, db, d, ref)
			}
		})
	}
	for _, ref := range refs {
		work <- ref
	}
	close(work)
	done.Wait()
	b.ReportMetric(float64(b.N*stepsEach)/b.Elapsed().Seconds(), "steps/s")
}

// carryThrough goes on with a ticket until all its steps are done.
func carryThrough(b *testing.B, db *store.Store, d *playbook.Director, ref string) {
	for range 100 {
		if _, err := d.Advance(b.Context(), ref); err != nil {
			b.Error(err)
			return
		}
		var doing []effect.Effect
		err := db.View(b.Context(), func(tx *store.Tx) (err error) {
			doing, err = tx.Effects(b.Context(), effect.Filter{Ticket: ref, States: []effect.State{effect.Doing}})
			return err
		})
		if err != nil {
			b.Error(err)
			return
		}
		if len(doing) == 0 {
			return
		}
		for _, e := range doing {
			if _, err := d.Act(b.Context(), e.Key); err != nil && !strings.Contains(err.Error(), "moved") {
				b.Error(err)
				return
			}
		}
	}
	b.Errorf("ticket %s does not come to its end", ref)
}
