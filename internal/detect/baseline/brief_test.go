package baseline_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/test/genlogs/cloudlog"
)

// unfolded are the events of briefs, in order.
func unfolded(tb testing.TB, briefs []baseline.Brief) (all []*event.Event) {
	tb.Helper()
	for _, b := range briefs {
		events, err := baseline.ReadBrief(b.Doc)
		if err != nil || len(events) == 0 {
			tb.Fatalf("%d events, %v", len(events), err)
		}
		for _, e := range events {
			if e.Time.Before(b.First) || !e.Time.Truncate(time.Minute).Equal(b.First.Truncate(time.Minute)) {
				tb.Errorf("an event of %s in the brief of %s", e.Time, b.First)
			}
		}
		all = append(all, events...)
	}
	return baseline.InOrder(all)
}

// TestBriefsAreEnough: who learns from briefs knows what one knows who has the records, and says the same.
func TestBriefsAreEnough(t *testing.T) {
	all := history(t, cloudlog.Options{Events: 12_000})
	now := all[len(all)-1].Time
	briefs, err := baseline.Briefs(all, now)
	if err != nil {
		t.Fatal(err)
	}
	bytes := 0
	for _, b := range briefs {
		bytes += len(b.Doc)
	}
	t.Logf("%d bytes an event in %d briefs", bytes/len(all), len(briefs))
	o := baseline.Options{Learn: time.Hour, MaxEvidence: 1}
	whole, short := baseline.New(o), baseline.New(o)
	for i, e := range unfolded(t, append(briefs, briefs[:len(briefs)/2]...)) {
		s1, story1 := whole.Take(all[i], baseline.Of(all[i]))
		s2, story2 := short.Take(e, baseline.Of(e))
		if d := cmp.Diff(s1, s2) + cmp.Diff(story1, story2); d != "" {
			t.Fatalf("event %s (-record +brief):\n%s", e.ID, d)
		}
	}
	if d := cmp.Diff(whole.Rows(), short.Rows()); d != "" {
		t.Errorf("another state (-record +brief):\n%s", d)
	}
	if whole.Counts().Surprises == 0 {
		t.Error("nothing was surprising, so this shows nothing")
	}
}

// TestBriefsLeaveOut: of logs of nobody one event a minute is kept, and nothing of another day.
func TestBriefsLeaveOut(t *testing.T) {
	var all []*event.Event
	for i := range 120 {
		all = append(all, &event.Event{ID: event.ID(fmt.Sprint(i)), Account: "111122223333", Log: event.VPCFlow, Time: morning.Truncate(time.Minute).Add(time.Duration(i) * time.Second)})
	}
	all = append(all, &event.Event{ID: "future", Time: morning.Add(48 * time.Hour)})
	briefs, err := baseline.Briefs(all, morning)
	if err != nil {
		t.Fatal(err)
	}
	if got := unfolded(t, briefs); len(got) != 2 {
		t.Errorf("%d events in %d briefs", len(got), len(briefs))
	}
}

// FuzzReadBrief: bytes of any kind are refused or are events that fold and unfold to themselves.
func FuzzReadBrief(f *testing.F) {
	briefs, err := baseline.Briefs([]*event.Event{habit(0, 0, morning), habit(1, 2, morning.Add(time.Hour))}, morning)
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range briefs {
		f.Add(b.Doc)
		f.Add(b.Doc[:len(b.Doc)/2])
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		events, err := baseline.ReadBrief(doc)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := baseline.Briefs(events, time.Now())
		if err != nil {
			t.Skip("a time that JSON cannot say") // only reachable by bytes that nobody wrote
		}
		third, err := baseline.Briefs(events, time.Now())
		if err != nil || len(again) != len(third) || len(again) > 0 && !bytes.Equal(again[0].Doc, third[0].Doc) {
			t.Errorf("the same events give other bytes: %v", err)
		}
	})
}
