package app

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/config"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/store"
)

var monday = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)

// learning is a house whose baselines learn for a day and tell easily, and its clock.
func learning(t *testing.T, mode config.BaselineMode) (*House, *dials) {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Listen = t.TempDir(), "127.0.0.1:0"
	c.Baselines = config.Baselines{Mode: mode, Budget: 1000}
	clock := &dials{monday}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	h.habits.options.Learn = 24 * time.Hour
	return h, clock
}

// call is a call of a user.
func call(t *testing.T, user, name, address, agent string, at time.Time) *event.Event {
	t.Helper()
	return parsed(t, fmt.Sprintf(`{"eventID":"%s-%s-%d","eventTime":%q,"eventName":%q,"eventSource":"s3.amazonaws.com","awsRegion":"eu-central-1","sourceIPAddress":%q,"userAgent":%q,
"recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7%s"}}`,
		user, name, at.Unix(), at.Format(time.RFC3339), name, address, agent, user, user))
}

// twoDays are two days of four users at work, of whom one is robbed in the end.
func twoDays(t *testing.T, r *rand.Rand) (all []*event.Event) {
	t.Helper()
	names := []string{"GetBucketAcl", "ListBuckets", "GetBucketPolicy"}
	for hour := range 48 {
		for u, user := range []string{"anna", "ben", "cleo", "dora"} {
			for _, name := range names[:1+r.IntN(3)] {
				at := monday.Add(time.Duration(hour)*time.Hour + time.Duration(r.IntN(3600))*time.Second)
				all = append(all, call(t, user, name, fmt.Sprintf("198.51.100.%d", u), "aws-cli/2.1", at))
			}
		}
	}
	for i, name := range []string{"ListAllMyBuckets", "GetBucketLocation", "DeleteBucket", "PutBucketPolicy", "PutBucketAcl", "GetObject", "DeleteObject"} {
		at := monday.Add(46*time.Hour + time.Duration(r.IntN(90)+i)*time.Minute)
		all = append(all, call(t, "anna", name, "203.0.113.9", "python-requests/2.3", at))
	}
	return all
}

// conclusion is what became of one subject.
type conclusion struct {
	Count int    // stories
	Why   string // the first of them
}

// inOneGo is what one learner tells that sees each event once and in order.
func inOneGo(o baseline.Options, all []*event.Event, until time.Time) map[finding.Fingerprint]conclusion {
	w := habits{machine: baseline.New(o)}
	stories := w.learn(baseline.InOrder(slices.Clone(all)))
	stories = append(stories, w.tick(until)...)
	out := map[finding.Fingerprint]conclusion{}
	seen := map[string]bool{}
	for i := range stories {
		f := stories[i].Finding(until)
		x, known := out[f.Fingerprint]
		if !known {
			x.Why = f.Why
		}
		if key := string(f.Fingerprint) + f.Sighting; !seen[key] {
			seen[key] = true
			x.Count++
		}
		out[f.Fingerprint] = x
	}
	return out
}

func toldBy(t *testing.T, h *House) map[finding.Fingerprint]conclusion {
	t.Helper()
	out := map[finding.Fingerprint]conclusion{}
	err := h.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Findings(t.Context(), finding.Filter{})
		for _, f := range all {
			if f.Kind == finding.Baseline {
				out[f.Fingerprint] = conclusion{f.Count, f.Why}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// arrival is an event at the time at which a queue brings it.
type arrival struct {
	at time.Time
	e  *event.Event
}

// arrivals come in another order, up to an hour late, and some of them twice.
func arrivals(r *rand.Rand, all []*event.Event) (out []arrival) {
	for _, e := range all {
		for range 1 + r.IntN(2) {
			out = append(out, arrival{e.Time.Add(time.Duration(r.IntN(3600)) * time.Second), e})
		}
	}
	slices.SortFunc(out, func(a, b arrival) int { return a.at.Compare(b.at) })
	return out
}

// What a serving house tells is what one learner tells that sees the events in order: whatever the order in which they come
// within the lateness, however often, in whatever hand-overs, and whichever process has the learner when.
func TestWhatServeTellsIsWhatOneLearnerTells(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 1))
		h, clock := learning(t, config.Tell)
		houses := []*House{h, replica(h)}
		houses[1].habits.options = h.habits.options
		all := twoDays(t, r)
		coming := arrivals(r, all)
		end := monday.Add(50 * time.Hour)
		for clock.now.Before(end) {
			clock.now = clock.now.Add(time.Duration(1+r.IntN(40)) * time.Minute)
			for len(coming) > 0 && coming[0].at.Before(clock.now) {
				n := 1
				for n < len(coming) && n < 1+r.IntN(20) && coming[n].at.Before(clock.now) {
					n++
				}
				var some []*event.Event
				for _, a := range coming[:n] {
					some = append(some, a.e)
				}
				if _, err := houses[r.IntN(2)].intake().Take(t.Context(), some, clock.now, nil); err != nil {
					t.Fatal(err)
				}
				coming = coming[n:]
			}
			if _, err := houses[r.IntN(2)].baselines(t.Context(), organisation); err != nil {
				t.Fatal(err)
			}
		}
		want := inOneGo(h.habits.options, all, end)
		if d := cmp.Diff(want, toldBy(t, h)); d != "" || len(want) == 0 {
			t.Errorf("seed %d, of %d subjects (-one learner +serve):\n%s", seed, len(want), d)
		}
	}
}

// Until a person says tell, everything is learnt and nothing told; off keeps nothing.
func TestBaselinesTellNothingUnasked(t *testing.T) {
	t.Parallel()
	for _, mode := range []config.BaselineMode{config.Off, config.Learn} {
		h, clock := learning(t, mode)
		clock.now = monday.Add(50 * time.Hour)
		all := twoDays(t, rand.New(rand.NewPCG(1, 1)))
		if _, err := h.intake().Take(t.Context(), all, clock.now, nil); err != nil {
			t.Fatal(err)
		}
		again, err := h.baselines(t.Context(), organisation)
		if err != nil || again.IsZero() != (mode == config.Off) {
			t.Errorf("%s: again at %s, %v", mode, again, err)
		}
		if got := toldBy(t, h); len(got) != 0 {
			t.Errorf("%s tells %v", mode, got)
		}
		err = h.store.View(t.Context(), func(tx *store.Tx) error {
			rows, err := tx.Habits(t.Context())
			if (len(rows) == 0) != (mode == config.Off) {
				t.Errorf("%s: %d rows are known", mode, len(rows))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// What was learnt and cannot be read any more, such as that of a later version, is dropped as a whole: baselines begin anew, say
// so once, and what they learn from then on is all that is known.
func TestBaselinesBeginAnewWhenWhatIsKnownCannotBeRead(t *testing.T) {
	h, clock := learning(t, config.Learn)
	var log strings.Builder
	h.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	learn := func(user string) []baseline.Row {
		t.Helper()
		e := call(t, user, "ListBuckets", "198.51.100.7", "aws-cli/2.1", clock.now.Add(-2*time.Hour))
		if _, err := h.intake().Take(t.Context(), []*event.Event{e}, clock.now, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := h.baselines(t.Context(), organisation); err != nil {
			t.Fatal(err)
		}
		var rows []baseline.Row
		if err := h.store.View(t.Context(), func(tx *store.Tx) (err error) { rows, err = tx.Habits(t.Context()); return err }); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	knows := func(rows []baseline.Row, user string) bool {
		return slices.ContainsFunc(rows, func(r baseline.Row) bool { return r.Scope == "principal" && strings.HasSuffix(r.ID, "/"+user) })
	}
	clock.now = monday.Add(10 * time.Hour)
	if rows := learn("anna"); !knows(rows, "anna") {
		t.Fatalf("nothing was learnt: %d rows", len(rows))
	}
	err := h.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveLearner(t.Context(), store.Lesson{Was: h.habits.version, Changed: []baseline.Row{{Scope: "principal", ID: "later", State: []byte{99}}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	clock.now = clock.now.Add(time.Hour)
	if rows := learn("ben"); knows(rows, "anna") || knows(rows, "later") || !knows(rows, "ben") {
		t.Errorf("what cannot be read is mixed with what is new: %q", rows)
	}
	h.habits.machine = nil // another process has what was written read
	clock.now = clock.now.Add(time.Hour)
	if rows := learn("cleo"); !knows(rows, "ben") || !knows(rows, "cleo") {
		t.Errorf("what was learnt since is gone: %q", rows)
	}
	if n := strings.Count(log.String(), "baselines begin anew"); n != 1 {
		t.Errorf("it is said %d times that baselines begin anew:\n%s", n, log.String())
	}
}
