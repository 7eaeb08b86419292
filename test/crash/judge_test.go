package crash

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// judge holds what is written down against what the witness saw. Nobody is at work any more. A kill of who is idle shows nothing.
func (l *load) judge(kills, idle int) {
	l.t.Helper()
	if idle > kills/4 {
		l.t.Errorf("%d of %d kills came when nothing was left to do: give it more runs by JOBZERO_CRASH_RUNS", idle, kills)
	}
	again := 0
	for n := range l.runs {
		again += l.judgeRun(n)
	}
	l.judgeCalls(kills, again)
	l.judgePages(kills)
	l.judgeHooks(kills)
	ctx := l.t.Context()
	if err := l.store.View(ctx, func(tx *store.Tx) error { return tx.CheckAudit(ctx) }); err != nil {
		l.t.Errorf("the chain of the tickets: %v", err)
	}
	waits, err := l.store.Backlog(ctx)
	if err != nil || len(waits) != 0 {
		l.t.Errorf("left to be done: %+v %v", waits, err)
	}
	now := time.Now()
	if ok, err := l.store.Lead(ctx, "relay", "judge", now, now.Add(time.Second)); !ok || err != nil {
		l.t.Errorf("the relay's lease is not free although nobody runs: %v", err)
	}
}

// judgeRun gives how many effects of the run needed more than one attempt.
func (l *load) judgeRun(n int) (again int) {
	l.t.Helper()
	ctx := l.t.Context()
	ref, d := subject(n)
	var (
		tk   ticket.Ticket
		runs []playbook.Run
		made []effect.Effect
	)
	err := l.store.View(ctx, func(tx *store.Tx) (err error) {
		if tk, _, err = tx.TicketOf(ctx, ref.Key()); err != nil {
			return err
		}
		if runs, err = tx.RunsOf(ctx, tk.ID); err != nil {
			return err
		}
		made, err = tx.Effects(ctx, effect.Filter{Ticket: string(tk.ID)})
		return err
	})
	switch {
	case err != nil:
		l.t.Fatal(err)
	case len(runs) != 1:
		l.t.Errorf("%s, %s: %d runs on ticket %q", ref.ID, d.id, len(runs), tk.ID)
		return 0
	case runs[0].State != d.state || tk.State != d.ticket:
		l.t.Errorf("%s, %s: the run is %s (%s) and the ticket %s (%s); want %s and %s", ref.ID, d.id, runs[0].State, runs[0].Reason, tk.State, tk.Reason, d.state, d.ticket)
	}
	d.checkEffects(l, ref.ID, made)
	l.witness.mu.Lock()
	defer l.witness.mu.Unlock()
	d.checkOrder(l.t, ref.ID, l.witness.order[ref.ID])
	for _, e := range made {
		if e.Attempts > 1 {
			again++
		}
	}
	return again
}

// checkEffects sees that each action has one effect, which is as it has to be.
func (d drill) checkEffects(l *load, ref string, made []effect.Effect) {
	l.t.Helper()
	want := map[string]effect.State{}
	for _, c := range d.changes {
		if action, undo := strings.CutPrefix(c, "undo "); undo {
			want[action] = effect.Undone
		} else if want[c] == "" {
			want[c] = effect.Done
		}
	}
	for _, f := range d.failed {
		want[f] = effect.Failed
	}
	for _, e := range made {
		if want[e.Plan.Action] != e.State || e.Calling {
			l.t.Errorf("%s, %s: effect %s is %s, calling %t; want %q", ref, d.id, e.Plan.Action, e.State, e.Calling, want[e.Plan.Action])
		}
		delete(want, e.Plan.Action)
	}
	if len(want) > 0 || len(made) != len(slices.CompactFunc(made, func(a, b effect.Effect) bool { return a.Key == b.Key })) {
		l.t.Errorf("%s, %s: no effect of %v", ref, d.id, want)
	}
}

// judgeCalls: a kill may come between a call and its record. The effect is tried again then, and looks first; only a call that was still
// on its way when it looked is made twice, with the same key.
func (l *load) judgeCalls(kills, again int) {
	l.t.Helper()
	l.witness.mu.Lock()
	defer l.witness.mu.Unlock()
	changes, repeated, found := 0, 0, 0
	for _, s := range l.witness.seen {
		changes, repeated, found = changes+s.changes, repeated+s.repeated, found+s.found
	}
	if repeated > kills {
		l.t.Errorf("%d calls were repeated after %d kills", repeated, kills)
	}
	l.t.Logf("%d runs, %d kills: %d changes; %d effects were tried more than once, flaky ones among them; %d tries found it done and called nothing; %d calls were repeated, with the same key",
		l.runs, kills, changes, again, found, repeated)
}
