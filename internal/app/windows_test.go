package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/config"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source/cloudtrail"
)

const logins = `title: Log-in failed
id: login-failed
name: login-failed
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ConsoleLogin, errorMessage: Failed authentication}
  condition: s
---
title: Log-in worked
id: login-worked
name: login-worked
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ConsoleLogin, errorMessage: null}
  condition: s
---
title: Many failures
id: many-failures
name: many-failures
level: high
correlation:
  type: event_count
  rules: [login-failed]
  group-by: [sourceIPAddress]
  timespan: 10m
  condition: {gte: 3}
---
title: Many failures and then one that worked
id: broken-in
level: critical
correlation:
  type: temporal_ordered
  rules: [many-failures, login-worked]
  group-by: [sourceIPAddress]
  timespan: 1h
  generate: true
---
title: Failed and never came back
id: gave-up
level: low
correlation:
  type: temporal
  rules: [login-failed, login-worked]
  group-by: [sourceIPAddress]
  timespan: 1h
  condition: login-failed and not login-worked
`

var queues = []string{"https://sqs.example.com/111122223333/fast", "https://sqs.example.com/111122223333/slow"}

// dials is a clock that stands until somebody moves it.
type dials struct{ now time.Time }

// Now is what it shows.
func (d *dials) Now() time.Time { return d.now }

// Changed is nil: nobody waits for it.
func (d *dials) Changed() <-chan struct{} { return nil }

// watching is a house with correlations and two queues, and its clock.
func watching(t *testing.T) (*House, *dials) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "logins.yml"), []byte(logins), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.DataDir, c.Listen, c.Content.Rules = t.TempDir(), "127.0.0.1:0", []string{dir}
	for _, q := range queues {
		c.Sources.EventBridge = append(c.Sources.EventBridge, config.Queue{URL: q})
	}
	clock := &dials{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	return h, clock
}

// replica is another process at the same store.
func replica(h *House) *House {
	other := &House{config: h.config, log: h.log, clock: h.clock, metrics: h.metrics, store: h.store, triager: h.triager, window: h.window, sessions: h.sessions}
	other.knowledge.Store(h.knowledge.Load())
	return other
}

// attempt is a log-in from an address.
func attempt(t rapid.TB, id, address string, at time.Time, failed bool) *event.Event {
	message := ""
	if failed {
		message = `"errorMessage":"Failed authentication",`
	}
	raw := fmt.Sprintf(`{"eventID":%q,"eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com","eventTime":%q,"awsRegion":"us-east-1",`+
		`"sourceIPAddress":%q,%s"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/kim"},"recipientAccountId":"111122223333"}`,
		id, at.Format(time.RFC3339), address, message)
	e, err := cloudtrail.Parse([]byte(raw), event.Origin{Source: "eventbridge", Place: "test", Offset: -1})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// open are the shards that want to be called again.
type open map[string]bool

// correlated does the work that is due, and that of open shards, each by one of the replicas, and gives how much there was.
func (o open) correlated(t rapid.TB, ctx context.Context, houses []*House, now time.Time) int {
	hints, err := houses[0].store.Unsent(ctx, legCorrelate, now, now, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, hint := range hints {
		o[hint.Ref] = true
	}
	done := slices.Sorted(maps.Keys(o))
	for i, ref := range done {
		again, err := houses[i%len(houses)].correlate(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		if again.IsZero() {
			delete(o, ref)
		}
	}
	return len(done)
}

// told are the findings of correlations in the store about addresses that begin so.
func told(t rapid.TB, ctx context.Context, h *House, prefix string) (out []string) {
	err := h.store.View(ctx, func(tx storeTx) error {
		all, err := tx.Findings(ctx, finding.Filter{})
		for _, f := range all {
			if !strings.HasPrefix(f.By, "login-") && strings.Contains(f.Evidence[0].Text, " from "+prefix) {
				out = append(out, f.By+" "+string(f.Fingerprint))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// inOrder is what one machine finds that sees all events once, on time and in order.
func inOrder(t rapid.TB, h *House, events []*event.Event) (out []string) {
	k := h.knowledge.Load()
	machine, err := correlate.New(k.Follow.Specs(), correlate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	events = slices.Clone(events)
	slices.SortFunc(events, func(a, b *event.Event) int { return a.Time.Compare(b.Time) })
	var fired []correlate.Firing
	for _, e := range events {
		fired = append(fired, machine.Take(k.hits(e, k.Engine.Detect(e.Record())))...)
		fired = append(fired, machine.Advance([]correlate.Mark{{Source: "all", Seen: e.Time}})...)
	}
	end := events[len(events)-1].Time.Add(24 * time.Hour)
	for _, f := range append(fired, machine.Advance([]correlate.Mark{{Source: "all", Seen: end, Idle: true}})...) {
		if f.Final && !k.Follow.Silent(f.Correlation) {
			x, err := k.Follow.Finding(f, end)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, x.By+" "+string(x.Fingerprint))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestLiveIsReplay: whatever order events come in, however late within the bounds, by whichever queue, how often, and whichever
// replica takes them up, with what it remembers or without: serve finds what one run over all of them in order finds.
func TestLiveIsReplay(t *testing.T) {
	t.Parallel()
	h, clock := watching(t)
	ctx := t.Context()
	round, found, shards := 0, 0, open{}
	rapid.Check(t, func(t *rapid.T) {
		round++
		houses := []*House{h, replica(h)}
		begin := clock.now
		prefix := "10." + strconv.Itoa(round%250) + "." + strconv.Itoa(round/250) + "."
		var events []*event.Event
		for i := range rapid.IntRange(1, 25).Draw(t, "events") {
			at := begin.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minute")) * time.Minute)
			address := prefix + strconv.Itoa(rapid.IntRange(1, 2).Draw(t, "address"))
			events = append(events, attempt(t, fmt.Sprintf("%d-%d", round, i), address, at, rapid.IntRange(0, 4).Draw(t, "failed") > 0))
		}
		want := inOrder(t, h, events)
		slices.SortFunc(events, func(a, b *event.Event) int { return a.Time.Compare(b.Time) })
		// Each comes within the lateness, so not in order; some come again.
		arrival := map[*event.Event]time.Time{}
		for _, e := range events {
			arrival[e] = e.Time.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "delay")) * time.Minute)
		}
		come := slices.Clone(events)
		slices.SortStableFunc(come, func(a, b *event.Event) int { return arrival[a].Compare(arrival[b]) })
		for _, e := range come {
			clock.now = arrival[e]
			who := houses[rapid.IntRange(0, 1).Draw(t, "who")]
			for range rapid.IntRange(1, 2).Draw(t, "times") {
				if err := who.detect(ctx, queues[rapid.IntRange(0, 1).Draw(t, "queue")], []*event.Event{e}); err != nil {
					t.Fatal(err)
				}
			}
			switch rapid.IntRange(0, 3).Draw(t, "then") {
			case 0:
				shards.correlated(t, ctx, houses, clock.now)
			case 1:
				houses[1] = replica(h) // it was killed and began anew
			}
		}
		for range 3 { // silence, until every window has ended
			clock.now = clock.now.Add(4 * time.Hour)
			for _, q := range queues {
				h.idle(ctx, q)
			}
			slices.Reverse(houses)
			shards.correlated(t, ctx, houses, clock.now)
		}
		got := told(t, ctx, h, prefix)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("findings (-in order +live):\n%s", d)
		}
		found += len(got)
		clock.now = clock.now.Add(24 * time.Hour)
	})
	if found == 0 {
		t.Error("nothing was ever found: the test says nothing")
	}
}

// A replica that is behind the store does not write over it, and goes on from what the store has.
func TestAShardIsInOneHand(t *testing.T) {
	h, clock := watching(t)
	ctx := t.Context()
	other := replica(h)
	for i := range 3 {
		e := attempt(t, fmt.Sprint("e", i), "10.0.0.9", clock.now.Add(time.Duration(i)*time.Second), true)
		if err := h.detect(ctx, queues[0], []*event.Event{e}); err != nil {
			t.Fatal(err)
		}
		houses := []*House{h, other}
		if (open{}).correlated(t, ctx, houses[i%2:i%2+1], clock.now) == 0 {
			t.Fatal("there was nothing to do")
		}
	}
	var heard []coverage.Heard
	if err := h.store.View(ctx, func(tx storeTx) (err error) { heard, err = tx.Heard(ctx); return err }); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 1 || heard[0].Account != "111122223333" || heard[0].Way != coverage.Live || heard[0].Class != coverage.Write || !heard[0].Last.Equal(clock.now) {
		t.Errorf("what was heard: %+v", heard)
	}
	if got := told(t, ctx, h, "10.0.0.9"); len(got) != 1 || !strings.HasPrefix(got[0], "many-failures") {
		t.Errorf("three failures that two replicas took up by turns: %q", got)
	}
}
