package story

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
	"jobzero/internal/app"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/store"
	"jobzero/test/world"
)

// aWeek is a week of four people at work, one of whom is robbed in the end, a file of records each half a day; and one record
// two days older, so that the time of learning ends within the week.
func aWeek(r *rand.Rand, end time.Time) (files [][]map[string]any) {
	people := []string{"anna", "ben", "cleo", "dora"}
	call := func(user, name, address, agent string, at time.Time) map[string]any {
		c := world.Call{
			Account: world.Sandbox, Service: "s3", Name: name, User: user, Key: "AKIAIOSFODNN7" + user, Agent: agent, Source: address,
			Read: name[0] != 'P' && name[0] != 'D', At: at,
		}
		return c.Record()
	}
	const half, halves = 12, 13 // hours, and how many of them
	begin := end.Add(-half * halves * time.Hour)
	files = append(files, []map[string]any{call("anna", "ListBuckets", "198.51.100.0", "aws-cli/2.1", begin.Add(-48*time.Hour))})
	for i := range halves {
		var some []map[string]any
		for hour := range half {
			for u, user := range people {
				for _, name := range []string{"GetBucketAcl", "ListBuckets", "GetBucketPolicy"}[:1+r.IntN(3)] {
					at := begin.Add(time.Duration(i*half+hour)*time.Hour + time.Duration(r.IntN(3600))*time.Second)
					some = append(some, call(user, name, fmt.Sprintf("198.51.100.%d", u), "aws-cli/2.1", at))
				}
			}
		}
		files = append(files, some)
	}
	var robbed []map[string]any
	for i, name := range []string{"ListAllMyBuckets", "GetBucketLocation", "DeleteBucket", "PutBucketPolicy", "PutBucketAcl", "GetObject", "DeleteObject"} {
		robbed = append(robbed, call("anna", name, "203.0.113.9", "python-requests/2.3", end.Add(time.Duration(i-60)*time.Minute)))
	}
	return append(files, robbed)
}

// knowledge is all that a house knows of what is normal, as of an hour, and how many events wait to be learnt.
func knowledge(ctx context.Context, h *world.House, hour time.Time) (rows map[string]string, waiting int, err error) {
	st, err := store.Open(ctx, "sqlite://"+filepath.Join(h.Dir, "data", "jobzero.db"))
	if err != nil {
		return nil, 0, err
	}
	defer st.Close()
	rows = map[string]string{}
	err = st.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Habits(ctx)
		if err != nil {
			return err
		}
		l, err := baseline.Load(baseline.Options{Rows: true}, all)
		if err != nil {
			return err
		}
		l.Tick(hour) // what the hour of the last look at the clock was makes no difference
		for _, row := range l.Rows() {
			rows[row.Scope+" "+row.ID] = string(row.State)
		}
		some, err := tx.Briefs(ctx, hour, 10_000)
		waiting = len(some)
		return err
	})
	return rows, waiting, err
}

// deeds is the ledger that a house keeps, and how many batches of events wait to be folded into it.
func deeds(ctx context.Context, h *world.House) (facts []ledger.Fact, waiting int, err error) {
	st, err := store.Open(ctx, "sqlite://"+filepath.Join(h.Dir, "data", "jobzero.db"))
	if err != nil {
		return nil, 0, err
	}
	defer st.Close()
	l, told, err := app.Ledger(ctx, st, "", ledger.Options{})
	return l.Facts(), told.Waiting, err
}

// folded waits until a house has folded all that came, and gives its ledger.
func folded(t *testing.T, h *world.House) (facts []ledger.Fact) {
	t.Helper()
	until(t, "all is folded", func(ctx context.Context) (bool, error) {
		all, waiting, err := deeds(ctx, h)
		facts = all
		return waiting == 0, err
	})
	return facts
}

// learnt waits until a house has learnt all that came, ends it, and gives what it knows.
func learnt(t *testing.T, h *world.House, hour time.Time) map[string]string {
	t.Helper()
	until(t, "all is learnt", func(ctx context.Context) (bool, error) {
		_, waiting, err := knowledge(ctx, h, hour)
		return waiting == 0, err
	})
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	rows, _, err := knowledge(t.Context(), h, hour)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Events come in while a house is killed again and again, and are learnt while it is killed again and again. In the end it
// knows, to the byte, what the house knows that nobody disturbed, and has told the same of the same people as often.
func TestKilledWhileItLearns(t *testing.T) {
	const late, soon = "lateness: 168h", "lateness: 1s" // nothing is learnt with the one, and everything with the other
	queues := []string{queue(t)}
	trail, err := shared.Trail(t.Context(), name("habits"), queues...)
	if err != nil {
		t.Fatal(err)
	}
	queues = append(queues, trail.Queue)
	var houses []*world.House
	for _, q := range queues {
		h := begin(t, world.Options{
			Queue: queue(t), Trail: q, Visibility: 2 * time.Second, More: late + "\nbaselines: {mode: tell, budget: 1000}\n",
		})
		start(t, h)
		houses = append(houses, h)
	}
	calm, harassed := houses[0], houses[1]
	now := time.Now()
	files := aWeek(rand.New(rand.NewPCG(3, 3)), now.Add(-3*time.Minute).Truncate(time.Minute))
	for i, records := range files {
		if _, err := trail.Deliver(t.Context(), world.Sandbox, records...); err != nil {
			t.Fatal(err)
		}
		if i*kills()/len(files) != (i+1)*kills()/len(files) {
			harried(t, harassed, 500*time.Millisecond)
		}
	}
	drained(t, queues...)
	for _, h := range houses {
		again(t, h, late, soon)
	}
	hour := now.Add(time.Hour)
	before, waiting, err := knowledge(t.Context(), harassed, hour)
	if err != nil || waiting < 500 {
		t.Fatalf("%d rows wait to be learnt, of which %d are known: the story begins too late; %v", waiting, len(before), err)
	}
	start(t, calm)
	start(t, harassed)
	hit := 0
	for range kills() {
		wait(t, rand.N(300*time.Millisecond))
		harassed.Kill()
		_, left, err := knowledge(t.Context(), harassed, hour)
		if err != nil {
			t.Fatal(err)
		}
		if left > 0 && left < waiting {
			hit++
		}
		start(t, harassed)
	}
	did, again := folded(t, calm), folded(t, harassed)
	if d := cmp.Diff(did, again); d != "" || len(did) < 12 {
		t.Errorf("other things were done, of %d (-left in peace +killed):\n%s", len(did), d)
	}
	want, got := learnt(t, calm, hour), learnt(t, harassed, hour)
	if d := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); d != "" {
		t.Errorf("other things are known (-left in peace +killed):\n%s", d)
	}
	for key := range want {
		if want[key] != got[key] {
			t.Errorf("%s is known otherwise", key)
		}
	}
	told, err := counted(t.Context(), calm, "baseline.")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "killed", harassed, "baseline.", told)
	t.Logf("%d kills, %d of them in the middle of learning %d rows; %d rows of knowledge, %d stories", 2*kills(), hit, waiting, len(want), len(told))
}
