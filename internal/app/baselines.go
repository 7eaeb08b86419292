package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/store"
)

const (
	legBaseline  = "baseline" // ref: organisation
	organisation = "organisation"

	// briefsAtOnce is how many rows of events are learnt in one transaction. A row is of one minute, so the order is that of
	// time unless a minute has more rows.
	briefsAtOnce = 64
	// learnEvery is how long the learner waits for more.
	learnEvery = time.Minute
)

// habits is the learner of this process. The store has the truth; see store.SaveLearner.
type habits struct {
	sync.Mutex
	version int64
	machine *baseline.Learner // nil: it has to be loaded
	anew    bool              // what is in the store cannot be used
	ticked  time.Time         // the last hour at which silent logs were asked for
	options baseline.Options
}

// joinBaselines prepares what the learner needs besides the store.
func (h *House) joinBaselines() (err error) {
	h.habits.options, err = baselineOptions(h.config.Baselines)
	return err
}

// planBaselines has the learner called from now on.
func (h *House) planBaselines(ctx context.Context) error {
	if h.config.Baselines.Mode == config.Off {
		return nil
	}
	return h.later(ctx, legBaseline, organisation, 0)
}

// baselines is the durable leg that learns, in the order of time, from the events that are as old as records may be late, and
// tells what came of them. Findings are written before what is known: when it is killed in between, the same events come once
// more to the same knowledge, and telling the same is once.
func (h *House) baselines(ctx context.Context, ref string) (time.Time, error) {
	if h.config.Baselines.Mode == config.Off || ref != organisation {
		return time.Time{}, nil
	}
	w := &h.habits
	w.Lock()
	defer w.Unlock()
	now := h.clock.Now()
	waiting, until, err := h.loadLearner(ctx, now)
	if err != nil {
		return time.Time{}, err
	}
	stories := w.learn(h.unfolded(waiting))
	if len(waiting) < briefsAtOnce {
		stories = append(stories, w.tick(until)...)
	}
	if err := h.settleLearner(ctx, waiting, stories, now); err != nil {
		w.machine = nil // it is ahead of the store
		return time.Time{}, err
	}
	if len(waiting) == briefsAtOnce {
		return now, nil
	}
	return now.Add(learnEvery), nil
}

// loadLearner sees to it that the learner is the store's, and reads what is due for it: whole minutes that end before until.
func (h *House) loadLearner(ctx context.Context, now time.Time) (waiting []store.Brief, until time.Time, err error) {
	w := &h.habits
	err = h.store.View(ctx, func(tx *store.Tx) error {
		version, err := tx.LearnerVersion(ctx)
		if err != nil {
			return err
		}
		if w.machine == nil || w.version != version {
			rows, err := tx.Habits(ctx)
			if err == nil {
				w.machine, err = baseline.Load(w.options, rows)
			}
			if w.anew = fault.Is(err, fault.Invalid); w.anew {
				h.log.Warn("baselines begin anew: what was learnt cannot be read", "error", err)
				w.machine, err = baseline.New(w.options), nil
			}
			if err != nil {
				return err
			}
			w.version, w.ticked = version, time.Time{}
		}
		marks, err := tx.Marks(ctx)
		if err != nil {
			return err
		}
		until = now
		for _, m := range h.ours(marks) {
			if !m.Idle && m.Seen.Before(until) {
				until = m.Seen
			}
		}
		until = until.Add(-h.config.Lateness).Truncate(time.Minute)
		waiting, err = tx.Briefs(ctx, until, briefsAtOnce)
		return err
	})
	return waiting, until, err
}

// unfolded are the events that wait, in the order of time. What an older version wrote and this one cannot read is not learnt.
func (h *House) unfolded(waiting []store.Brief) (all []*event.Event) {
	for _, b := range waiting {
		events, err := baseline.ReadBrief(b.Doc)
		if err != nil {
			h.log.Warn("baselines leave some events out", "error", err)
		}
		all = append(all, events...)
	}
	return baseline.InOrder(all)
}

// learn takes events, and asks for silent logs once in an hour of events.
func (w *habits) learn(events []*event.Event) (out []baseline.Story) {
	for _, e := range events {
		out = append(out, w.tick(e.Time)...)
		if _, s := w.machine.Take(e, baseline.Of(e)); s != nil {
			out = append(out, *s)
		}
	}
	return out
}

func (w *habits) tick(at time.Time) []baseline.Story {
	hour := at.Truncate(time.Hour)
	if !hour.After(w.ticked) {
		return nil
	}
	w.ticked = hour
	return w.machine.Tick(hour)
}

// settleLearner tells what came out, if a person wants to hear it, and then writes down what is known.
func (h *House) settleLearner(ctx context.Context, waiting []store.Brief, stories []baseline.Story, now time.Time) error {
	w := &h.habits
	var found []finding.Finding
	for i := range stories {
		f := stories[i].Finding(now)
		if h.config.Baselines.Mode != config.Tell {
			h.log.Info("a baseline would tell, but the mode is learn", "title", f.Title, "about", f.Principal, "account", f.Account)
			continue
		}
		found = append(found, f)
	}
	if err := h.triager.Report(ctx, found, now); err != nil {
		return fmt.Errorf("write findings of baselines down: %w", err)
	}
	lesson := store.Lesson{Was: w.version, Anew: w.anew, Changed: w.machine.Dirty()}
	for _, b := range waiting {
		lesson.Taken = append(lesson.Taken, b.ID)
	}
	if err := h.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveLearner(ctx, lesson) }); err != nil {
		return fmt.Errorf("save what baselines know: %w", err)
	}
	w.version++
	w.anew = false
	for _, f := range found {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
	}
	return nil
}
