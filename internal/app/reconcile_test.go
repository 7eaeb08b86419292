package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/config"
	"jobzero/internal/detect/coverage"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const (
	shop = "111122223333"
	bank = "444455556666"
)

// two is a house that hears both ways, with its clock.
type two struct {
	rapid.TB
	ctx    context.Context //nolint:containedctx // of the one test
	house  *House
	houses []*House // it and its replicas
	clock  *dials
	made   int
}

func bothWaysHouse(t *testing.T, change ...func(*config.Config)) *two {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Listen, c.Org = t.TempDir(), "127.0.0.1:0", filepath.Join(t.TempDir(), "org.yaml")
	text := "teams: [{name: storefront}]\naccounts:\n  - {id: \"111122223333\", name: shop, owner: storefront}\n"
	if err := os.WriteFile(c.Org, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Sources = config.Sources{EventBridge: []config.Queue{{URL: queues[0]}}, S3: []config.Queue{{URL: queues[1]}}}
	for _, f := range change {
		f(&c)
	}
	clock := &dials{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	w := &two{TB: t, ctx: t.Context(), house: h, houses: []*House{h}, clock: clock}
	w.beat()
	return w
}

func (w *two) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *two) beat() { w.Helper(); w.ok(w.house.beat(w.ctx)) }

// run has the house run for a time, with its signs of life and its hourly look.
func (w *two) run(d time.Duration) {
	w.Helper()
	for end := w.clock.now.Add(d); w.clock.now.Before(end); {
		w.clock.now = w.clock.now.Add(min(reconcile.Pause, end.Sub(w.clock.now)))
		w.beat()
	}
	w.look()
}

// look is the hourly look, by one of the replicas.
func (w *two) look() {
	w.Helper()
	w.made++
	h := w.houses[w.made%len(w.houses)]
	for _, ref := range []string{bothWays, silences} {
		_, err := h.reconcile(w.ctx, ref)
		w.ok(err)
	}
}

// brings hands events over by a way, as its source does.
func (w *two) brings(h *House, way coverage.Way, events ...[]byte) {
	w.Helper()
	var all []*event.Event
	for _, raw := range events {
		e, err := cloudtrail.Parse(raw, event.Origin{Source: string(way), Place: "test", Offset: -1})
		w.ok(err)
		all = append(all, e)
	}
	queue := queues[0]
	if way == coverage.Stored {
		queue = queues[1]
	}
	w.ok(h.detect(w.ctx, queue, all))
}

func (w *two) live(events ...[]byte)   { w.Helper(); w.brings(w.house, coverage.Live, events...) }
func (w *two) stored(events ...[]byte) { w.Helper(); w.brings(w.house, coverage.Stored, events...) }

// write is a record of now that changes something.
func (w *two) write(account, id string) []byte {
	return fmt.Appendf(nil, `{"eventVersion":"1.08","eventID":%q,"eventName":"PutBucketTagging","eventSource":"s3.amazonaws.com","eventTime":%q,"awsRegion":"eu-central-1",
"readOnly":false,"managementEvent":true,"eventCategory":"Management","eventType":"AwsApiCall","recipientAccountId":%q,"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::%s:user/kim"}}`,
		id, w.clock.now.Format(time.RFC3339), account, account)
}

// begin has both ways heard, so that what happens from now on is compared.
func (w *two) begin(accounts ...string) {
	w.Helper()
	for _, a := range accounts {
		first := w.write(a, "first-of-"+a)
		w.live(first)
		w.stored(first)
	}
	w.run(10 * time.Minute)
}

// left are the events that one way has brought, told or not, as way:id.
func (w *two) left() (out []string) {
	w.Helper()
	w.ok(w.house.store.View(w.ctx, func(tx storeTx) error {
		waiting, err := tx.WaitingSights(w.ctx, w.clock.now.Add(time.Hour), 0)
		if err != nil {
			return err
		}
		gaps, err := tx.Gaps(w.ctx)
		for _, g := range gaps {
			more, err := tx.LackingSights(w.ctx, g.Account, g.Region, 0)
			if err != nil {
				return err
			}
			waiting = append(waiting, more...)
		}
		for _, x := range waiting {
			out = append(out, fmt.Sprintf("%s:%s", x.Ways, x.ID))
		}
		return err
	}))
	slices.Sort(out)
	return out
}

func (w *two) wants(what string, want, got any) {
	w.Helper()
	if d := cmp.Diff(want, got); d != "" {
		w.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// believes are the findings of the house about itself, as name state severity title.
func (w *two) believes() (out []string) {
	w.Helper()
	w.ok(w.house.store.View(w.ctx, func(tx storeTx) error {
		for _, by := range []string{reconcile.ByGap, reconcile.ByMissed, reconcile.BySilence} {
			all, err := tx.Findings(w.ctx, finding.Filter{By: by})
			if err != nil {
				return err
			}
			for _, f := range all {
				out = append(out, fmt.Sprintf("%s %s %s %s: %s", f.By, f.State, f.Severity, f.Account, f.Title))
			}
		}
		return nil
	}))
	slices.Sort(out)
	return out
}

func (w *two) tickets() (all []ticket.Ticket) {
	w.Helper()
	due, err := w.house.store.Unsent(w.ctx, triage.Leg, w.clock.now, w.clock.now, 100)
	w.ok(err)
	for _, hint := range due {
		_, err := w.house.triager.Triage(w.ctx, hint.Ref)
		w.ok(err)
	}
	w.ok(w.house.store.View(w.ctx, func(tx storeTx) error {
		all, err = tx.Tickets(w.ctx, ticket.Filter{})
		return err
	}))
	return all
}

// sums are the numbers of all days of an account.
func (w *two) sums(account string) (sum reconcile.Tally) {
	w.Helper()
	w.ok(w.house.store.View(w.ctx, func(tx storeTx) error {
		all, err := tx.Tallies(w.ctx, time.Time{})
		for _, t := range all {
			if t.Account == account {
				sum.Add(t)
			}
		}
		return err
	}))
	return sum
}

const gapTitle = "CloudTrail's log in S3 lacks events that EventBridge brought, in eu-central-1"

// Whichever way is first, and however often each brings it: what both have brought lacks nothing, and a copy that comes later
// does not begin anew.
func TestWhatBothWaysBringLacksNothing(t *testing.T) {
	w := bothWaysHouse(t)
	w.begin(shop)
	a, b := w.write(shop, "a"), w.write(shop, "b")
	w.live(a)
	w.stored(b)
	w.wants("waiting", []string{"EventBridge:a", "S3:b"}, w.left())
	w.run(10 * time.Minute)
	w.stored(a, a)
	w.live(b)
	w.live(a)
	w.stored(b)
	w.wants("waiting", []string(nil), w.left())
	w.run(8 * time.Hour)
	w.live(a, b)
	w.stored(a, b)
	w.run(8 * time.Hour)
	w.wants("waiting", []string(nil), w.left())
	w.wants("findings", []string(nil), w.believes())
	// The copies after eight hours are counted, and so are the two of the first event, which came before anything was known.
	w.wants("counted", reconcile.Tally{Matched: 2, Passed: 2 + 4}, w.sums(shop))
}

// What S3 lacks becomes one high finding with an owner, which is over when S3 brings it after all; a person's word counts too.
func TestWhatS3LacksIsTold(t *testing.T) {
	w := bothWaysHouse(t)
	w.begin(shop)
	var gone [][]byte
	for i := range 12 {
		gone = append(gone, w.write(shop, fmt.Sprint("gone-", i)))
	}
	w.live(gone...)
	w.live(w.write(bank, "theirs")) // it has just been heard for the first time
	w.run(5 * time.Hour)
	w.wants("too early", []string(nil), w.believes())
	w.run(90 * time.Minute)
	w.wants("told", []string{"jobzero/gap open high 111122223333: " + gapTitle}, w.believes())
	all := w.tickets()
	if len(all) != 1 || all[0].Owner.Team != "storefront" || all[0].Severity != finding.High || all[0].Subject != "principal|111122223333|log aws/cloudtrail" {
		t.Fatalf("tickets %+v", all)
	}
	if line := timelineOf(t, w.house, all[0].ID)[0]; !strings.Contains(line, "lacks 12 events that EventBridge brought") || !strings.Contains(line, "PutBucketTagging (gone-0)") {
		t.Errorf("the ticket says %s", line)
	}
	w.run(3 * time.Hour)
	w.stored(gone[:11]...)
	w.run(time.Hour)
	w.wants("one is left", []string{"EventBridge:gone-11"}, w.left())
	if all = w.tickets(); all[0].State == ticket.Closed {
		t.Error("the ticket closed though one event is missing")
	}
	w.stored(gone[11])
	w.run(time.Hour)
	w.wants("over", []string{"jobzero/gap settled high 111122223333: " + gapTitle}, w.believes())
	if all = w.tickets(); len(all) != 1 || all[0].State != ticket.Closed {
		t.Errorf("tickets %+v", all)
	}
	w.wants("counted", reconcile.Tally{Matched: 12, Passed: 2 + 12}, w.sums(shop))

	again := w.write(shop, "again")
	w.live(again)
	w.run(7 * time.Hour)
	if all = w.tickets(); len(all) != 1 || all[0].State != ticket.Open || all[0].Reopened != 1 {
		t.Fatalf("a new gap: %+v", all)
	}
	store := triageStore{w.house}
	w.ok(triage.Close(t.Context(), store, triage.Order{Ticket: all[0].ID, Person: "kim", Reason: "the bucket was emptied"}, w.clock.now))
	w.run(2 * time.Hour)
	w.wants("nobody waits for what a person has closed", []string(nil), w.left())
	if all = w.tickets(); all[0].State != ticket.Closed {
		t.Errorf("what a person has closed is open: %+v", all[0])
	}
}

// triageStore is the store as triage sees it.
type triageStore struct{ house *House }

// Update runs a transaction.
func (s triageStore) Update(ctx context.Context, do func(triage.Tx) error) error {
	return s.house.store.Update(ctx, func(tx storeTx) error { return do(tx) })
}

// What EventBridge missed is counted, and told when it is more than a tenth of a day; a good day ends it.
func TestWhatEventBridgeMissesIsCounted(t *testing.T) {
	t.Parallel()
	w := bothWaysHouse(t, func(c *config.Config) { c.Reconcile.Silence = 0 })
	w.begin(shop)
	day := func(matched, missed int) {
		t.Helper()
		for i := range matched + missed {
			e := w.write(shop, fmt.Sprintf("%s-%d", w.clock.now.Format("0102"), i))
			w.stored(e)
			if i < matched {
				w.live(e)
			}
		}
		for range 6 {
			w.run(4 * time.Hour)
		}
	}
	day(20, 2)
	day(20, 4)
	w.wants("two of 22", []string(nil), w.believes())
	day(2, 3)
	const title = "EventBridge does not bring all events of eu-central-1 that are in CloudTrail's log in S3"
	w.wants("four of 24", []string{"jobzero/missed open low 111122223333: " + title}, w.believes())
	day(30, 0)
	w.run(20 * time.Hour)
	w.wants("none of 30", []string{"jobzero/missed settled low 111122223333: " + title}, w.believes())
	w.wants("counted", reconcile.Tally{Matched: 72, Missed: 9, Passed: 2}, w.sums(shop))
	rec := httptest.NewRecorder()
	w.house.metrics.Handler(w.house.measure).ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	text, _ := io.ReadAll(rec.Body)
	for _, want := range []string{`jobzero_compared_events_total{outcome="missed_live"} 9`, `{outcome="matched"} 72`, `{outcome="not_compared"} 2`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the measures", want)
		}
	}
}

// While nobody listens nothing can come: the waiting stands still, and goes on where it was.
func TestAnOutageIsNoGap(t *testing.T) {
	w := bothWaysHouse(t)
	w.begin(shop)
	e := w.write(shop, "before")
	w.live(e)
	w.run(time.Hour)
	w.clock.now = w.clock.now.Add(30 * time.Hour) // killed, and started again
	fresh := replica(w.house)
	fresh.window = source.NewDedupe(0)
	w.house, w.houses = fresh, []*House{fresh}
	w.look() // before the first sign of life
	w.beat()
	w.look()
	w.run(4 * time.Hour)
	w.wants("in between", []string(nil), w.believes())
	w.stored(e)
	w.run(20 * time.Hour)
	w.wants("findings", []string(nil), w.believes())
	w.wants("waiting", []string(nil), w.left())
}

// Whatever order copies come in, by whichever way, how often, to which replica, with what it remembers or without: what is left is
// what one way has brought and the other has not.
func TestWhatIsLeftIsTheSymmetricDifference(t *testing.T) {
	t.Parallel()
	w := bothWaysHouse(t)
	w.begin(shop, bank)
	round, differed := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		w := &two{TB: r, ctx: w.ctx, house: w.house, clock: w.clock, houses: []*House{w.house, replica(w.house)}}
		w.houses[1].window = source.NewDedupe(0)
		before := w.left()
		type copied struct {
			way coverage.Way
			raw []byte
		}
		var come []copied
		want := before
		for i := range rapid.IntRange(1, 12).Draw(r, "events") {
			id := fmt.Sprintf("%d-%d", round, i)
			raw := w.write([]string{shop, bank}[i%2], id)
			n := [2]int{rapid.IntRange(0, 3).Draw(r, "live"), rapid.IntRange(0, 3).Draw(r, "stored")}
			for way, times := range n {
				for range times {
					come = append(come, copied{[]coverage.Way{coverage.Live, coverage.Stored}[way], raw})
				}
			}
			switch {
			case n[0] > 0 && n[1] == 0:
				want = append(want, "EventBridge:"+id)
			case n[1] > 0 && n[0] == 0:
				want = append(want, "S3:"+id)
			}
		}
		come = rapid.Permutation(come).Draw(r, "order")
		for len(come) > 0 {
			n := rapid.IntRange(1, min(4, len(come))).Draw(r, "at once")
			h := w.houses[rapid.IntRange(0, 1).Draw(r, "replica")]
			for _, way := range []coverage.Way{coverage.Live, coverage.Stored} {
				var some [][]byte
				for _, c := range come[:n] {
					if c.way == way {
						some = append(some, c.raw)
					}
				}
				if len(some) > 0 {
					w.brings(h, way, some...)
				}
			}
			come = come[n:]
			switch rapid.IntRange(0, 5).Draw(r, "then") {
			case 0:
				w.houses[1] = replica(w.house) // it was killed and began anew
				w.houses[1].window = source.NewDedupe(0)
			case 1:
				w.run(time.Duration(rapid.IntRange(1, 10).Draw(r, "minutes")) * time.Minute)
			}
		}
		got := w.left()
		slices.Sort(want)
		// What was waited for may have been settled meanwhile; what has come in this round may not.
		mine := func(all []string) (out []string) {
			for _, x := range all {
				if strings.Contains(x, fmt.Sprintf(":%d-", round)) {
					out = append(out, x)
				}
			}
			return out
		}
		w.wants("left", mine(want), mine(got))
		differed += len(mine(got))
	})
	if differed == 0 {
		t.Error("nothing was ever left: the test says nothing")
	}
}

// A way that is heard on most days and falls silent is told once, and over when it speaks; when all accounts are silent it is
// the way that is.
func TestSilenceIsTold(t *testing.T) {
	t.Parallel()
	w := bothWaysHouse(t, func(c *config.Config) { c.Reconcile.After = 0 })
	days := func(n int, who map[string][]coverage.Way) {
		t.Helper()
		for range n {
			w.run(4 * time.Hour)
			for account, ways := range who {
				for _, way := range ways {
					w.made++
					w.brings(w.house, way, w.write(account, fmt.Sprint("e-", w.made)))
				}
			}
			for range 5 {
				w.run(4 * time.Hour)
			}
		}
	}
	both := []coverage.Way{coverage.Live, coverage.Stored}
	days(2, map[string][]coverage.Way{shop: both, bank: both})
	w.run(30 * time.Hour)
	w.wants("two days are no habit", []string(nil), w.believes())
	days(5, map[string][]coverage.Way{shop: both, bank: both})
	days(1, map[string][]coverage.Way{shop: both, bank: {coverage.Live}})
	silent := "jobzero/silence open high 444455556666: No log files of this account come to S3 any more"
	w.wants("one way of one account", []string{silent}, w.believes())
	days(1, map[string][]coverage.Way{shop: {coverage.Live}, bank: both})
	over := strings.Replace(silent, "open", "settled", 1)
	shopSilent := strings.ReplaceAll(silent, bank, shop)
	w.wants("it speaks again, another does not", []string{shopSilent, over}, w.believes())

	w.clock.now = w.clock.now.Add(5 * 24 * time.Hour) // jobzero was off
	w.beat()
	w.run(3 * time.Hour)
	w.wants("time in which nobody listened does not count", []string{shopSilent, over}, w.believes())
	days(1, map[string][]coverage.Way{shop: both, bank: both})
	w.run(10 * time.Hour)
	closed := strings.Replace(shopSilent, "open", "settled", 1)
	w.wants("all speak, and then nobody does", []string{
		"jobzero/silence open high 111122223333: No account's events come by EventBridge any more",
		"jobzero/silence open high 111122223333: No account's events come by S3 any more",
		closed, over,
	}, w.believes())
}
