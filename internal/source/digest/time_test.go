package digest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// TestTimes: what the times of digests say, with every signature in place.
func TestTimes(t *testing.T) {
	deliver := func(w *world, from, to time.Duration, restart bool) {
		w.add(w.trail.Deliver(digesttest.Delivery{Start: day.Add(from), End: day.Add(to), Logs: []string{"{}"}, Restart: restart}))
	}
	const h, m = time.Hour, time.Minute
	for name, c := range map[string]struct {
		do   func(*world)
		want []string
	}{
		"gap within a chain":              {func(w *world) { deliver(w, 7*h, 8*h, false) }, []string{"gap: digest 6", "start: digest 1"}},
		"short gap":                       {func(w *world) { deliver(w, 6*h+20*m, 7*h, false) }, []string{"short-gap: digest 6", "start: digest 1"}},
		"stopped and started":             {func(w *world) { deliver(w, 9*h, 10*h, true) }, []string{"gap: digest 6", "start: digest 1"}},
		"stopped and started at once":     {func(w *world) { deliver(w, 6*h, 7*h, true) }, []string{"restart: digest 6", "start: digest 1"}},
		"stopped and started soon":        {func(w *world) { deliver(w, 6*h+59*m, 7*h, true) }, []string{"restart: digest 6", "start: digest 1"}},
		"overlap":                         {func(w *world) { deliver(w, 5*h+30*m, 7*h, false) }, []string{"overlap: digest 6", "start: digest 1"}},
		"no gap":                          {func(w *world) { deliver(w, 6*h, 7*h, false) }, begin},
		"silent for less than two hours":  {func(w *world) { w.o.Until = at(8) }, begin},
		"silent":                          {func(w *world) { w.o.Until = at(8).Add(1) }, []string{"silent: digest 6", "start: digest 1"}},
		"silent by another measure":       {func(w *world) { w.o.Until, w.o.Silence = at(7), 30*m }, []string{"silent: digest 6", "start: digest 1"}},
		"begins after the time asked for": {func(w *world) { w.o.Since = at(-1) }, []string{"late-start: digest 1", "start: digest 1"}},
		"ended before the time asked for": {func(w *world) { w.o.Since = at(9) }, []string{"no-digest: digest 6"}},
		"ended before, silent":            {func(w *world) { w.o.Since, w.o.Until = at(9), at(10) }, []string{"no-digest: digest 6", "silent: digest 6"}},
		"began after the time asked for":  {func(w *world) { w.o.Until = at(-1) }, []string{"no-digest: digest 6", "start: digest 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.do(w)
			if d := cmp.Diff(c.want, w.short(w.report(t))); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestWindow: of a copy, hours in the middle can be proven as a whole, since the digests after them are there. What lies outside
// is not told of, but a gap at the edge is.
func TestWindow(t *testing.T) {
	window := func(w *world, from, to float64) {
		w.o.Since, w.o.Until = day.Add(time.Duration(from*float64(time.Hour))), day.Add(time.Duration(to*float64(time.Hour)))
	}
	for name, c := range map[string]struct {
		do      func(*testing.T, *world)
		digests digest.Digests
		logs    digest.Logs
		want    []string
	}{
		"on the hour":     {func(_ *testing.T, w *world) { window(w, 1, 3) }, digest.Digests{Found: 2, Signed: 2, Empty: 1}, digest.Logs{Listed: 2, Verified: 2}, []string{}},
		"within an hour":  {func(_ *testing.T, w *world) { window(w, 1.2, 1.8) }, digest.Digests{Found: 1, Signed: 1}, digest.Logs{Listed: 2, Verified: 2}, []string{}},
		"over the middle": {func(_ *testing.T, w *world) { window(w, 0.5, 3.5) }, digest.Digests{Found: 4, Signed: 4, Empty: 1}, digest.Logs{Listed: 6, Verified: 6}, begin},
		"attacks outside": {func(t *testing.T, w *world) {
			window(w, 2, 4)
			delete(w.Objects, w.files[1][0])
			delete(w.Objects, w.files[6][0])
			delete(w.Objects, w.digests[1])
			w.trail.Log(at(1), "before", "{}")
			w.trail.Log(at(5), "behind", "{}")
			w.rewrite(t, w.digests[6], "awsAccountId", "accountIdaws")
		}, digest.Digests{Found: 2, Signed: 2, Empty: 1}, digest.Logs{Listed: 2, Verified: 2}, []string{}},
		"the digest before deleted": {func(_ *testing.T, w *world) {
			window(w, 2.5, 4)
			delete(w.Objects, w.digests[3])
		}, digest.Digests{Found: 1, Signed: 1, Missing: 1}, digest.Logs{Listed: 2, Verified: 2}, []string{"digest-missing: digest 3"}},
		"the digest before deleted, and with it the name": {func(_ *testing.T, w *world) {
			window(w, 2.5, 4)
			delete(w.Objects, w.digests[3])
			delete(w.Objects, w.digests[4])
		}, digest.Digests{Missing: 1}, digest.Logs{Uncovered: 2}, []string{"digest-missing: digest 4", "log-uncovered: log 4.0 ×2", "no-digest: digest 6"}},
		"a log added at the edge": {func(_ *testing.T, w *world) {
			window(w, 1, 4)
			w.trail.Log(at(4).Add(-time.Minute), "edge", "{}")
		}, digest.Digests{Found: 3, Signed: 3, Empty: 1}, digest.Logs{Listed: 4, Verified: 4, Unlisted: 1}, []string{"log-unlisted: 111122223333_CloudTrail_eu-west-1_20260301T0359Z_edge.json.gz"}},
		"a log of the edge in the digest behind": {func(_ *testing.T, w *world) { window(w, 3.9, 4.005) }, digest.Digests{Found: 2, Signed: 2}, digest.Logs{Listed: 4, Verified: 4}, []string{}},
		"the last hour":                          {func(_ *testing.T, w *world) { window(w, 5, 6) }, digest.Digests{Found: 1, Unknown: 1}, digest.Logs{Listed: 2, Unknown: 2}, tail},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			copied(w)
			c.do(t, w)
			r := w.report(t)
			if d := cmp.Diff(c.want, w.short(r)); d != "" {
				t.Errorf("problems (-want +got)\n%s", d)
			}
			if d := cmp.Diff(c.digests, r.Digests); d != "" {
				t.Errorf("digests (-want +got)\n%s", d)
			}
			if d := cmp.Diff(c.logs, r.Logs); d != "" {
				t.Errorf("log files (-want +got)\n%s", d)
			}
		})
	}
}

// TestBackfill: a backfill digest lists what another one came too early for. It is no part of the chain of hours.
func TestBackfill(t *testing.T) {
	w := newWorld(t)
	w.add(w.trail.Deliver(digesttest.Delivery{Start: at(2), End: at(3), Logs: []string{"late"}, Backfill: true}))
	w.add(w.trail.Deliver(digesttest.Delivery{Start: at(4), End: at(5), Logs: []string{"later"}, Backfill: true}))
	r := w.report(t)
	if d := cmp.Diff(digest.Digests{Found: 8, Signed: 8, Empty: 1, Backfill: 2}, r.Digests); d != "" || r.Logs.Verified != 12 {
		t.Errorf("%+v\n%s", r.Logs, d)
	}
	if d := cmp.Diff(begin, w.short(r)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	copied(w)
	if d := cmp.Diff([]string{"log-unproven: log 6.0 ×3", "signature-absent: digest 6", "signature-absent: digest 8", "start: digest 1"}, w.short(w.report(t))); d != "" {
		t.Errorf("copy (-want +got)\n%s", d)
	}
	delete(w.Objects, w.digests[7])
	if d := cmp.Diff([]string{
		"digest-missing: digest 7", "log-unlisted: log 7.0", "log-unproven: log 6.0 ×3", "signature-absent: digest 6", "signature-absent: digest 8", "start: digest 1",
	}, w.short(w.report(t))); d != "" {
		t.Errorf("deleted (-want +got)\n%s", d)
	}
}

// TestTwoTrails: each has its chain; a log file is a stranger when one of them says that it delivered none.
func TestTwoTrails(t *testing.T) {
	w := newWorld(t)
	other := &digesttest.Trail{Bucket: w.Bucket, Account: w.trail.Account, Region: w.trail.Region, Name: "main", Key: digesttest.Key()}
	w.add(other.Hour(at(3).Add(17*time.Minute), "other"))
	w.add(other.Hour(at(4).Add(17*time.Minute), "other one"))
	r := w.report(t)
	if d := cmp.Diff([]string{"start: digest 1", "start: digest 7"}, w.short(r)); d != "" || r.Digests.Signed != 8 || len(r.Trails) != 2 {
		t.Errorf("%+v\n%s", r, d)
	}
	delete(w.Objects, w.digests[7])
	if got := strings.Join(w.short(w.report(t)), ", "); got != "digest-missing: digest 7, log-unlisted: log 7.0, start: digest 1" {
		t.Error(got)
	}
}

// TestBucket: a digest of another bucket, and a trail that moved to another one, which is nothing bad.
func TestBucket(t *testing.T) {
	w := newWorld(t)
	w.o.Bucket = "trails"
	if d := cmp.Diff(begin, w.short(w.report(t))); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	w.o.Bucket = "others"
	if r := w.report(t); r.Digests.Wrong != 6 || r.Problems[0].Kind != digest.DigestMoved || !strings.Contains(r.Problems[0].Text, "another bucket than others") {
		t.Errorf("%+v", r)
	}
	w.o.Bucket = ""
	w.Name = "new-trails"
	w.add(w.trail.Hour(at(7), "{}"))
	if d := cmp.Diff(begin, w.short(w.report(t))); d != "" {
		t.Errorf("moved (-want +got)\n%s", d)
	}
}
