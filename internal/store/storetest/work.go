package storetest

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/flow"
	"jobzero/internal/store"
)

const leg = "triage"

// bench is a store with one leg and small verbs, so that the tests below read as what they mean. Its clock stands still.
type bench struct {
	t   testing.TB
	s   *store.Store
	now time.Time
}

func newBench(tb testing.TB, fresh Fresh) *bench {
	tb.Helper()
	return &bench{t: tb, s: open(tb, fresh(tb)), now: noon()}
}

func (b *bench) enqueue(ref string, in time.Duration) {
	b.t.Helper()
	do(b.t, b.s, func(tx *store.Tx) error { return tx.Enqueue(b.t.Context(), leg, ref, b.now.Add(in)) })
}

func (b *bench) claim(ref, holder string) (flow.Claim, bool) {
	b.t.Helper()
	c, ok, err := b.s.Claim(b.t.Context(), flow.Ask{
		Leg: leg, Ref: ref, Holder: holder, Now: b.now, Wall: b.now, Until: b.now.Add(30 * time.Second),
	})
	if err != nil {
		b.t.Fatalf("claim %s: %v", ref, err)
	}
	return c, ok
}

func (b *bench) mustClaim(ref, holder string) flow.Claim {
	b.t.Helper()
	c, ok := b.claim(ref, holder)
	if !ok {
		b.t.Fatalf("could not claim %s", ref)
	}
	return c
}

func (b *bench) finish(c flow.Claim, o flow.Outcome) bool {
	b.t.Helper()
	end, err := b.s.Finish(b.t.Context(), c, o)
	if err != nil {
		b.t.Fatalf("finish %s: %v", c.Ref, err)
	}
	if end.Held && end.Pending != (b.waits(c.Ref) || o.End == flow.GiveUp) && !b.underway(end.Pending) {
		b.t.Errorf("finish %s with %s: pending %v", c.Ref, o.End, end.Pending)
	}
	return end.Held
}

// underway reports whether a pending thing may be one whose hint is on its way: sent between the end of its lease and the
// late return of its handler. Then no further hint is wanted until that one counts as lost.
func (b *bench) underway(pending bool) bool {
	b.t.Helper()
	legs, err := b.s.Underway(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return pending && legs[leg] > 0
}

// waits reports whether a thing is pending: some hint will be wanted in a year.
func (b *bench) waits(ref string) bool {
	b.t.Helper()
	far := b.now.Add(365 * 24 * time.Hour)
	hints, err := b.s.Unsent(b.t.Context(), leg, far, far, 10_000)
	if err != nil {
		b.t.Fatalf("unsent: %v", err)
	}
	return slices.ContainsFunc(hints, func(h flow.Hint) bool { return h.Ref == ref })
}

func (b *bench) unsent() []flow.Hint {
	b.t.Helper()
	h, err := b.s.Unsent(b.t.Context(), leg, b.now, b.now, 1000)
	if err != nil {
		b.t.Fatalf("unsent: %v", err)
	}
	return h
}

func (b *bench) send(hints []flow.Hint, stall time.Duration) {
	b.t.Helper()
	again := func(flow.Hint) time.Time { return b.now.Add(stall) }
	if err := b.s.MarkSent(b.t.Context(), hints, b.now, again); err != nil {
		b.t.Fatalf("mark sent: %v", err)
	}
}

func (b *bench) nextDue() string {
	b.t.Helper()
	due, ok, err := b.s.NextDue(b.t.Context(), b.now)
	if err != nil {
		b.t.Fatalf("next due: %v", err)
	}
	if !ok {
		return "never"
	}
	return due.Sub(b.now).String()
}

func (b *bench) wantDue(want string) {
	b.t.Helper()
	if got := b.nextDue(); got != want {
		b.t.Errorf("next due: got %s, want %s", got, want)
	}
}

func enqueue(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.wantDue("never")
	b.enqueue("x", time.Hour)
	b.wantDue("1h0m0s")
	b.enqueue("x", time.Minute) // earlier wins
	b.wantDue("1m0s")
	b.enqueue("x", time.Hour) // later does not
	b.wantDue("1m0s")
	if _, ok := b.claim("x", "h1"); ok {
		t.Error("claimed before it was due")
	}
	b.now = b.now.Add(time.Minute)
	b.finish(b.mustClaim("x", "h1"), flow.Outcome{End: flow.Settle})
	b.wantDue("never")
	b.enqueue("x", 2*time.Hour) // after it was done, what it was due once counts no more
	b.wantDue("2h0m0s")
	do(t, b.s, func(tx *store.Tx) error { return tx.Enqueue(t.Context(), leg, "now", time.Time{}) })
	b.mustClaim("now", "h2")
}

func claim(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	if _, ok := b.claim("unknown", "h1"); ok {
		t.Error("claimed what nobody enqueued")
	}
	b.enqueue("x", 0)
	c := b.mustClaim("x", "h1")
	if diff := cmp.Diff(flow.Claim{Leg: leg, Ref: "x", Generation: 1, Holder: "h1"}, c); diff != "" {
		t.Errorf("claim (-want +got):\n%s", diff)
	}
	if _, ok := b.claim("x", "h2"); ok {
		t.Error("claimed twice")
	}
	if got := b.unsent(); len(got) != 0 {
		t.Errorf("a hint is wanted for what is being worked on: %+v", got)
	}
	b.enqueue("x", 0)
	if got := b.unsent(); len(got) != 0 {
		t.Errorf("a hint is wanted for what is being worked on: %+v", got)
	}
	if _, ok := b.claim("x", "h2"); ok {
		t.Error("claimed twice after another wake-up")
	}
}

func oneHolder(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.enqueue("x", 0)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			_, ok, err := b.s.Claim(t.Context(), flow.Ask{
				Leg: leg, Ref: "x", Holder: strconv.Itoa(i), Now: b.now, Wall: b.now, Until: b.now.Add(time.Minute),
			})
			if err != nil {
				t.Errorf("claim: %v", err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if n := won.Load(); n != 1 {
		t.Errorf("%d holders at once", n)
	}
}

func lostLease(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.enqueue("x", 0)
	dead := b.mustClaim("x", "dead")
	if ok, err := b.s.Renew(t.Context(), dead, b.now.Add(time.Minute)); !ok || err != nil {
		t.Fatalf("renew: %v %v", ok, err)
	}
	b.now = b.now.Add(59 * time.Second)
	if _, ok := b.claim("x", "h2"); ok {
		t.Error("claimed although the lease was renewed")
	}
	b.now = b.now.Add(time.Second)
	if got := b.unsent(); len(got) != 1 {
		t.Errorf("no hint is wanted for what a dead worker left: %+v", got)
	}
	c := b.mustClaim("x", "h2")
	if ok, err := b.s.Renew(t.Context(), dead, b.now.Add(time.Hour)); ok || err != nil {
		t.Errorf("the dead worker renewed its lease: %v %v", ok, err)
	}
	if b.finish(dead, flow.Outcome{End: flow.Settle}) {
		t.Error("the dead worker finished what another one holds")
	}
	if !b.finish(c, flow.Outcome{End: flow.Settle}) || b.finish(c, flow.Outcome{End: flow.Settle}) {
		t.Error("a claim can be finished once")
	}
	b.wantDue("never")
}

func ends(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.enqueue("x", -time.Minute)
	b.finish(b.mustClaim("x", "1"), flow.Outcome{End: flow.LookAgain, Due: b.now.Add(time.Minute)})
	b.wantDue("1m0s")
	b.now = b.now.Add(time.Minute)
	b.finish(b.mustClaim("x", "2"), flow.Outcome{End: flow.TryAgain, Due: b.now.Add(time.Second), Error: "throttled\x00" + strings.Repeat("x", 9000)})
	b.wantDue("1s")
	b.now = b.now.Add(time.Second)
	c := b.mustClaim("x", "3")
	if c.Attempts != 1 {
		t.Errorf("after one failure: %d attempts", c.Attempts)
	}
	b.finish(c, flow.Outcome{End: flow.LetGo})
	c = b.mustClaim("x", "4")
	if c.Attempts != 1 {
		t.Errorf("being stopped is no failure: %d attempts", c.Attempts)
	}
	b.finish(c, flow.Outcome{End: flow.GiveUp, Error: "no good", Wall: b.now})
	b.wantDue("never")
	if _, ok := b.claim("x", "5"); ok {
		t.Error("claimed what was given up")
	}
	b.enqueue("x", 0) // a person, or a new event, gives it another chance
	c = b.mustClaim("x", "6")
	if c.Attempts != 0 {
		t.Errorf("a new chance begins with %d attempts", c.Attempts)
	}
	b.finish(c, flow.Outcome{End: flow.Settle})
	b.wantDue("never")
	if _, err := b.s.Finish(t.Context(), c, flow.Outcome{End: "nonsense"}); err == nil {
		t.Error("an end that is none was accepted")
	}
}

// slots: what is enqueued while the thing is worked on gets a run of its own, whatever becomes of the present one.
func slots(t *testing.T, fresh Fresh) {
	t.Helper()
	hour := 3600 * time.Second
	for _, c := range []struct {
		name  string
		end   flow.Outcome
		due   string // afterwards
		after string // once that run is settled
	}{
		{"settle", flow.Outcome{End: flow.Settle}, "1h0m0s", "never"},
		{"look again sooner", flow.Outcome{End: flow.LookAgain, Due: noon().Add(time.Minute)}, "1m0s", "never"},
		{"look again later", flow.Outcome{End: flow.LookAgain, Due: noon().Add(2 * hour)}, "1h0m0s", "never"},
		{"try again", flow.Outcome{End: flow.TryAgain, Due: noon().Add(time.Minute), Error: "x"}, "1m0s", "59m0s"},
		{"let go", flow.Outcome{End: flow.LetGo}, "0s", "1h0m0s"},
		{"give up", flow.Outcome{End: flow.GiveUp, Error: "x", Wall: noon()}, "1h0m0s", "never"},
		{"crash", flow.Outcome{}, "-30s", "59m30s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, fresh)
			b.enqueue("x", 0)
			cl := b.mustClaim("x", "1")
			b.enqueue("x", 2*hour)
			b.enqueue("x", hour)
			b.enqueue("x", 3*hour)
			if c.end.End != "" {
				b.finish(cl, c.end)
			} else {
				b.now = b.now.Add(30 * time.Second)
			}
			b.wantDue(c.due)
			if d, err := time.ParseDuration(c.due); err != nil {
				t.Fatal(err)
			} else if d > 0 {
				b.now = b.now.Add(d)
			}
			b.finish(b.mustClaim("x", "2"), flow.Outcome{End: flow.Settle})
			b.wantDue(c.after)
		})
	}
	t.Run("brought forward", func(t *testing.T) {
		b := newBench(t, fresh)
		b.enqueue("x", 0)
		b.finish(b.mustClaim("x", "1"), flow.Outcome{End: flow.TryAgain, Due: noon().Add(hour), Error: "x"})
		b.enqueue("x", time.Minute)
		b.wantDue("1m0s")
	})
}

func hints(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	for i := range 5 {
		b.enqueue(strconv.Itoa(i), -time.Duration(i)*time.Minute)
	}
	b.enqueue("later", time.Minute)
	first := b.unsent()
	var order []string
	for _, h := range first {
		order = append(order, h.Ref)
	}
	if got := strings.Join(order, " "); got != "4 3 2 1 0" {
		t.Errorf("the longest due come first: %s", got)
	}
	b.enqueue("0", 0) // moved on after the hint was read: marking must not hide the new wake-up
	b.finish(b.mustClaim("1", "h"), flow.Outcome{End: flow.LookAgain, Due: b.now})
	b.send(first, 2*time.Second)
	order = nil
	for _, h := range b.unsent() {
		order = append(order, h.Ref)
	}
	if got := strings.Join(order, " "); got != "0 1" && got != "1 0" {
		t.Errorf("unsent after marking: %s", got)
	}
	under, err := b.s.Underway(t.Context())
	if diff := cmp.Diff(map[string]int{leg: 3}, under); diff != "" || err != nil {
		t.Errorf("under way (-want +got):\n%s%v", diff, err)
	}
	if n, err := b.s.Unsend(t.Context(), b.now.Add(time.Second)); n != 0 || err != nil {
		t.Errorf("too early: %d lost, %v", n, err)
	}
	b.now = b.now.Add(2 * time.Second)
	if n, err := b.s.Unsend(t.Context(), b.now); n != 3 || err != nil {
		t.Errorf("%d lost, %v", n, err)
	}
	sends := map[string]flow.Hint{}
	for _, h := range b.unsent() {
		sends[h.Ref] = h
	}
	if h := sends["4"]; h.Resends != 1 || h.Sends != 1 {
		t.Errorf("a lost hint: %+v", h)
	}
	b.send([]flow.Hint{sends["4"]}, 2*time.Second)
	c := b.mustClaim("4", "h")
	b.finish(c, flow.Outcome{End: flow.LookAgain, Due: b.now})
	for _, h := range b.unsent() {
		if h.Ref == "4" && (h.Resends != 0 || h.Sends <= 2) {
			t.Errorf("after a claim a hint is a new one and nothing counts as lost: %+v", h)
		}
	}
}

func releaseAll(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.enqueue("held", 0)
	b.enqueue("sent", 0)
	b.enqueue("later", time.Hour)
	b.mustClaim("held", "dead")
	b.send(b.unsent(), time.Hour)
	if ok, err := b.s.Lead(t.Context(), "relay", "dead", b.now, b.now.Add(time.Hour)); !ok || err != nil {
		t.Fatalf("lead: %v %v", ok, err)
	}
	if n, err := b.s.ReleaseAll(t.Context()); n != 2 || err != nil {
		t.Errorf("released %d, %v", n, err)
	}
	if got := b.unsent(); len(got) != 2 {
		t.Errorf("after the release: %+v", got)
	}
	b.mustClaim("held", "alive")
	if ok, err := b.s.Lead(t.Context(), "relay", "alive", b.now, b.now.Add(time.Hour)); !ok || err != nil {
		t.Errorf("the dead leader still leads: %v %v", ok, err)
	}
}

func prune(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	for _, ref := range []string{"done", "waiting", "poisoned"} {
		b.enqueue(ref, -48*time.Hour)
	}
	b.finish(b.mustClaim("done", "h"), flow.Outcome{End: flow.Settle})
	b.finish(b.mustClaim("poisoned", "h"), flow.Outcome{End: flow.GiveUp, Error: "x", Wall: b.now})
	b.enqueue("done lately", 0)
	b.finish(b.mustClaim("done lately", "h"), flow.Outcome{End: flow.Settle})
	if n, err := b.s.Prune(t.Context(), b.now.Add(-24*time.Hour)); n != 1 || err != nil {
		t.Errorf("pruned %d, %v", n, err)
	}
	b.mustClaim("waiting", "h")
}

func backlog(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	b.enqueue("a", -time.Hour)
	b.enqueue("b", -2*time.Hour)
	b.enqueue("c", 0)
	b.finish(b.mustClaim("b", "h"), flow.Outcome{End: flow.GiveUp, Error: "x", Wall: b.now})
	b.finish(b.mustClaim("c", "h"), flow.Outcome{End: flow.Settle})
	got, err := b.s.Backlog(t.Context())
	want := []flow.Backlog{{Leg: leg, Pending: 2, Poisoned: 1, OldestDue: b.now.Add(-time.Hour)}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("backlog (-want +got):\n%s%v", diff, err)
	}
}

func waiting(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	waits := func(when, ref string, want bool) {
		t.Helper()
		do(t, b.s, func(tx *store.Tx) error {
			got, err := tx.Waits(t.Context(), leg, ref, b.now)
			if got != want {
				t.Errorf("%s: %s waits: %v", when, ref, got)
			}
			return err
		})
	}
	waits("before", "a", false)
	b.enqueue("a", 0)
	b.enqueue("later", time.Second)
	waits("due", "a", true)
	waits("due later", "later", false)
	c := b.mustClaim("a", "h")
	waits("in work", "a", true)
	b.finish(c, flow.Outcome{End: flow.TryAgain, Due: b.now.Add(time.Minute), Error: "x"})
	waits("failed, and due later", "a", false)
	b.enqueue("a", 0)
	waits("asked for again", "a", true)
	b.finish(b.mustClaim("a", "h"), flow.Outcome{End: flow.Settle}) // of what failed
	waits("asked for again and not served", "a", true)
	b.finish(b.mustClaim("a", "h"), flow.Outcome{End: flow.Settle})
	waits("done", "a", false)
	b.enqueue("a", 0)
	b.finish(b.mustClaim("a", "h"), flow.Outcome{End: flow.GiveUp, Error: "x", Wall: b.now})
	waits("given up", "a", false)
}

func leader(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	for _, c := range []struct {
		holder string
		after  time.Duration
		want   bool
	}{
		{"a", 0, true},
		{"b", 0, false},
		{"a", 5 * time.Second, true},  // renews
		{"b", 9 * time.Second, false}, // still a's
		{"b", 1 * time.Second, true},  // a's lease has ended
		{"a", 1 * time.Second, false}, // and a must notice
		{"c", 20 * time.Second, true}, // b is dead
	} {
		b.now = b.now.Add(c.after)
		ok, err := b.s.Lead(t.Context(), "relay", c.holder, b.now, b.now.Add(10*time.Second))
		if ok != c.want || err != nil {
			t.Errorf("%s after %s: %v, %v", c.holder, c.after, ok, err)
		}
	}
	if err := b.s.Resign(t.Context(), "relay", "a"); err != nil { // not a's to give
		t.Fatal(err)
	}
	if ok, _ := b.s.Lead(t.Context(), "relay", "a", b.now, b.now); ok {
		t.Error("a took what is c's")
	}
	if err := b.s.Resign(t.Context(), "relay", "c"); err != nil {
		t.Fatal(err)
	}
	if ok, err := b.s.Lead(t.Context(), "relay", "a", b.now, b.now.Add(time.Second)); !ok || err != nil {
		t.Errorf("after c resigned: %v %v", ok, err)
	}
}
