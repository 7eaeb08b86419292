package playbook_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

func TestMain(m *testing.M) { testpg.Main(m) }

// Two replicas on one database work on twelve tickets at once. Whatever they see of each other: no more effects begin than a
// minute may have, each effect is begun once, and nothing begins once the brake is on.
func TestTwoReplicasKeepToOneLimit(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "test.db") },
		"postgres": func(t *testing.T) string { return testpg.Start(t) },
	} {
		t.Run(name, func(t *testing.T) { twoReplicas(t, url(t)) })
		t.Run(name+", canary", func(t *testing.T) { oneCanary(t, url(t)) })
	}
}

// oneCanary: of a version that is new in an account one run begins to act, whoever it was that began it.
func oneCanary(t *testing.T, url string) {
	a, b := newReplica(t, url), newReplica(t, url)
	a.config.Canary, b.config.Canary = true, true
	var refs []string
	for i := range 6 {
		refs = append(refs, a.open(t, i))
	}
	together(t, refs, a, b)
	if n := len(a.effects(t)); n != 1 {
		t.Errorf("%d effects began before the first was verified", n)
	}
}

const replicaLimit = 4

func twoReplicas(t *testing.T, url string) {
	a, b := newReplica(t, url), newReplica(t, url)
	var refs []string
	for i := range 12 {
		refs = append(refs, a.open(t, i))
	}
	together(t, refs, a, b)
	if n := len(a.effects(t)); n != replicaLimit {
		t.Errorf("%d effects began, the limit is %d", n, replicaLimit)
	}
	in := store.In(a.store, func(tx *store.Tx) playbook.Tx { return tx })
	if err := playbook.StopEnforcing(t.Context(), in, alex, stageStart.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	a.now, b.now = stageStart.Add(time.Hour), stageStart.Add(time.Hour)
	together(t, refs, a, b)
	if n := len(a.effects(t)); n != replicaLimit {
		t.Errorf("%d effects began although the brake was on", n-replicaLimit)
	}
	for _, e := range a.effects(t) {
		if held, err := a.director.Act(t.Context(), e.Key); err != nil || held.IsZero() {
			t.Errorf("effect %s is not held: %v", e.Key, err)
		}
	}
}

// together has both replicas advance every ticket, all at once.
func together(t *testing.T, refs []string, replicas ...*replica) {
	t.Helper()
	var all sync.WaitGroup
	for _, ref := range refs {
		for _, r := range replicas {
			all.Go(func() {
				if _, err := r.director.Advance(t.Context(), ref); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}

// replica is one process: its own connection, its own director, a world in which everything is public and stays so.
type replica struct {
	config   playbook.Config
	store    *store.Store
	director *playbook.Director
	triager  *triage.Triager
	now      time.Time
}

func newReplica(t *testing.T, url string) *replica {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	def, err := book.Parse("close-bucket.yml", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	r := &replica{store: db, now: stageStart}
	r.config = playbook.DefaultConfig()
	c := &r.config
	c.Mode, c.Limits.Minute, c.Limits.Reserve, c.Canary = playbook.Enforce, replicaLimit, 0, false
	now := func() time.Time { return r.now }
	var mu sync.Mutex
	ids := 0
	id := func(time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		ids++
		return fmt.Sprintf("%p-%d", r, ids)
	}
	r.director = playbook.New(playbook.Options{
		Store: store.In(db, func(tx *store.Tx) playbook.Tx { return tx }), Judge: publicWorld{}, Hands: publicWorld{}, Now: now, NewID: id,
		Config:    func() playbook.Config { return r.config },
		Playbooks: func() []book.Definition { return []book.Definition{def} },
	})
	r.triager = triage.New(triage.Options{
		Store: store.In(db, func(tx *store.Tx) triage.Tx { return tx }), Now: now, Owners: func() triage.Owners { return owners{} },
		NewID: func(at time.Time) ticket.ID { return ticket.ID(id(at)) },
	})
	return r
}

// open reports a public bucket and gives its ticket.
func (r *replica) open(t *testing.T, i int) (ref string) {
	t.Helper()
	about := resource.Ref{Type: resource.Bucket, Account: bucket.Account, ID: fmt.Sprintf("orders-%d", i)}
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, "not-public", about.Key()), Kind: finding.Expectation, By: "not-public",
		Title: "Bucket is public", Severity: finding.High, Account: about.Account, Resource: &about,
		Occurred: stageStart, Detected: stageStart, Sighting: "public",
	}
	if err := r.triager.Report(t.Context(), []finding.Finding{f}, stageStart); err != nil {
		t.Fatal(err)
	}
	if _, err := r.triager.Triage(t.Context(), string(f.Fingerprint)); err != nil {
		t.Fatal(err)
	}
	err := r.store.View(t.Context(), func(tx *store.Tx) error {
		tk, _, err := tx.TicketOf(t.Context(), about.Key())
		ref = string(tk.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func (r *replica) effects(t *testing.T) (all []effect.Effect) {
	t.Helper()
	err := r.store.View(t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Effects(t.Context(), effect.Filter{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

type publicWorld struct{}

func (publicWorld) Look(context.Context, finding.Finding, playbook.Proof) (playbook.Sight, error) {
	return playbook.Sight{Result: playbook.StillSo, Text: "public", At: stageStart}, nil
}

func (publicWorld) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	return effect.Plan{Action: id, Target: t, Undo: effect.Exact, Calls: []effect.Call{{Permission: "s3:PutBucketPolicy", Input: []byte(`{}`)}}}, nil
}

func (publicWorld) Do(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{Calls: 1}, nil
}

func (publicWorld) Verify(context.Context, effect.Plan) (effect.Check, error) {
	return effect.Check{}, nil
}

func (publicWorld) Undo(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{}, nil
}
