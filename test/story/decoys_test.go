package story

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/effect"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/test/weather"
	"jobzero/test/world"
)

const (
	decoys  = 200
	dayMost = 50 // effects of a playbook in an account a day
	kept    = 10 // of them for crown jewels
)

// TestATugOfWarAmongDecoysOnABadDay: somebody opens two hundred doors to spend what the software may do in a day, has a pipeline open the one that
// matters three times, and forges a tag that says that a bucket is meant to be public. What matters is closed each time, the decoys stop where the
// reserve begins, the declared website stays up, and the recorder has exactly the changes of the effects.
func TestATugOfWarAmongDecoysOnABadDay(t *testing.T) {
	h, w := stormy(t, world.Options{
		Enforce: true, Intent: declared(), Settle: 300 * time.Millisecond, Visibility: 20 * time.Second, Rate: 500,
		Limits: fmt.Sprintf("share: 0, minute: 1000, day: %d, reserve: %g", dayMost, float64(kept)/dayMost),
		Extra:  "  loop: {times: 2, within: 1h}\n  crown: 'resource.?tags.tier.orValue(\"\") == \"crown\"'\n",
	}, badDay(200 * time.Millisecond)[1:]...)
	record(t)
	start(t, h)
	var records []map[string]any
	for range decoys {
		o, err := shared.OpenSSH(t.Context(), world.Prod, name("decoy"))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, o.Record)
	}
	posted(t, records...)
	until(t, "the decoys have spent what is theirs", func(ctx context.Context) (bool, error) {
		wait(t, time.Second) // to list hundreds of tickets is work
		all, err := world.List[ticket.Ticket](ctx, h, "ticket", "list", "--limit", "1000")
		return slices.ContainsFunc(all, func(tk ticket.Ticket) bool { return strings.Contains(tk.Reason, "within a day, its limit") }), err
	})
	crown := tugged(t, h)
	forged := published(t, h)
	left := declaredSite(t, h)
	until(t, "all decoys are dealt with", func(ctx context.Context) (bool, error) {
		wait(t, time.Second)
		return settledOrLeft(ctx, h, decoys+3)
	})

	made := exactly(t, h)
	if n := made["ec2:RevokeSecurityGroupIngress"]; n != dayMost-kept+3 {
		t.Errorf("%d ports were closed, and not %d of decoys and 3 of the crown jewel", n, dayMost-kept)
	}
	for _, c := range writes(t) {
		if strings.Contains(c.URL, left) {
			t.Errorf("the website was touched: %s", c)
		}
	}
	t.Logf("%s closed three times, %s private, %s up; changes: %v", crown, forged, left, made)
	struck(t, w, weather.Throttled, weather.Broken, weather.Lost, weather.Stale)
}

// tugged has a pipeline open the crown jewel three times.
func tugged(t *testing.T, h *world.House) string {
	t.Helper()
	g, err := shared.NewGroup(t.Context(), world.Prod, name("vault"), "tier", "crown")
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		o, err := g.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		posted(t, o.Record)
		tk := ticketAs(t, h, o.Subject, func(tk ticket.Ticket) bool {
			return (tk.State == ticket.Closed || tk.State == ticket.Human) && doneOf(t, h, tk.ID) == round+1
		})
		if ok, seen, err := o.Mended(t.Context()); err != nil || !ok {
			t.Errorf("round %d: the crown jewel is open: %s %v", round, seen, err)
		}
		if tk.Contended != (round == 2) || (tk.State == ticket.Human) != (round == 2) {
			t.Errorf("round %d: %s, contended %t (%s)", round, tk.State, tk.Contended, tk.Reason)
		}
	}
	return g.ID
}

func doneOf(t *testing.T, h *world.House, of ticket.ID) (n int) {
	t.Helper()
	for _, e := range effects(t, h, of) {
		if e.State == effect.Done {
			n++
		}
	}
	return n
}

// published is a bucket with a forged tag, made public.
func published(t *testing.T, h *world.House) string {
	t.Helper()
	b, err := shared.NewBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Tag(t.Context(), "jobzero:exposure", "public"); err != nil {
		t.Fatal(err)
	}
	o, err := b.Publish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	posted(t, o.Record)
	mended(t, h, o)
	return b.Name
}

// declaredSite is a bucket that is declared public, and stays so.
func declaredSite(t *testing.T, h *world.House) string {
	t.Helper()
	b := site(t)
	o, err := b.Publish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	posted(t, o.Record)
	ticketAs(t, h, b.Subject(), func(tk ticket.Ticket) bool { return tk.State == ticket.Closed })
	untouched(t, o)
	return b.Name
}

// settledOrLeft reports whether so many tickets are closed or with a person, and no others are there.
func settledOrLeft(ctx context.Context, h *world.House, want int) (bool, error) {
	all, err := world.List[ticket.Ticket](ctx, h, "ticket", "list", "--limit", "1000")
	n := 0
	for _, tk := range all {
		if tk.State == ticket.Closed || tk.State == ticket.Human {
			n++
		}
	}
	return n == len(all) && n >= want, err
}

// exactly wants that the recorder has the calls of the effects that are done, each once and no other, and gives how many there are of each kind.
func exactly(t *testing.T, h *world.House) map[string]int {
	t.Helper()
	want, got, kinds := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range list[effect.Effect](t, h, "action", "list", "--limit", "1000") {
		if e.State != effect.Done {
			t.Errorf("effect %s is %s: %s", e.Key, e.State, e.Error)
		}
		if e.Result.Already && e.Attempts == 1 { // of a later attempt it says that one before had come through
			continue
		}
		for _, c := range e.Plan.Calls {
			want[c.Permission+" "+e.Plan.Target.Ref.ID]++
			kinds[c.Permission]++
		}
	}
	for _, c := range writes(t) {
		got[c.Permission()+" "+on(c)]++
	}
	if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
		t.Errorf("what the effects say and what the recorder saw differ (-effects +recorder):\n%s", d)
	}
	return maps.Clone(kinds)
}

// on is what a change was made to.
func on(c testmoto.Call) string {
	if form, err := url.ParseQuery(string(c.Body)); err == nil && form.Get("GroupId") != "" {
		return form.Get("GroupId")
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return c.URL
	}
	bucket, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return bucket
}
