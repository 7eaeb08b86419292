package playbooks_test

import (
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

// people are two who know nothing of the finding, and agree to everything.
func people() []string { return []string{"kim", "lee"} }

// carry takes the ticket to its end: calls are made when they are begun, people answer as soon as they are asked, and the clock is put on when all
// wait for it. It is put on by more each time, so that a wait of weeks is a few looks.
func (w *town) carry() {
	w.Helper()
	const most = 500
	step := time.Second
	for range most {
		again, err := w.director.Advance(w.Context(), theTicket)
		if fault.Is(err, fault.Unavailable) && step < time.Hour {
			w.Log(err)
			w.now, step = w.now.Add(step), 4*step
			continue
		}
		if err != nil {
			w.Fatal(err)
		}
		held, acted := w.act()
		if acted || w.answer() {
			step = time.Second
			continue
		}
		if !held.IsZero() && (again.IsZero() || held.Before(again)) {
			again = held
		}
		if again.IsZero() {
			return
		}
		w.now, step = later(again, w.now.Add(step)), 2*step
		if w.run().State == playbook.Verifying { // reads are to be as close as they are meant to be
			w.now, step = later(again, w.now.Add(-step/2)), time.Second
		}
	}
	w.Fatalf("it does not come to rest: %s", w.words())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// act makes the calls that have begun, as the action leg would.
func (w *town) act() (held time.Time, acted bool) {
	w.Helper()
	for _, e := range slices.Backward(w.effects(effect.Doing, effect.Undoing)) {
		until, err := w.director.Act(w.Context(), e.Key)
		if err != nil {
			w.Fatalf("step %s: %v", e.Step, err)
		}
		if acted = acted || until.IsZero(); !until.IsZero() {
			held = until
		}
	}
	return held, acted
}

func (w *town) effects(states ...effect.State) (out []effect.Effect) {
	w.Helper()
	w.view(func(tx playbook.Tx) (err error) {
		out, err = tx.Effects(w.Context(), effect.Filter{States: states})
		return err
	})
	return out
}

// run is the one run that there is; empty before it has begun.
func (w *town) run() (r playbook.Run) {
	w.Helper()
	w.view(func(tx playbook.Tx) error {
		got, err := tx.Run(w.Context(), "run-1")
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		r = got
		return err
	})
	return r
}

// answer answers every question with yes, and every task with done.
func (w *town) answer() (any bool) {
	w.Helper()
	r := w.run()
	if r.State != playbook.Running {
		return false
	}
	for _, s := range r.Steps {
		var err error
		switch s.State {
		case playbook.StepAsking:
			who := people()[len(s.Ask.Yes)]
			err = playbook.Respond(w.Context(), w.rows(), playbook.Answer{Run: r.ID, Step: s.ID, Yes: true, Order: playbook.Order{Person: who}}, w.now)
		case playbook.StepTasked:
			err = playbook.Finish(w.Context(), w.rows(), playbook.Answer{Run: r.ID, Step: s.ID, Yes: true, Order: playbook.Order{Person: people()[0]}}, w.now)
		default:
			continue
		}
		if err != nil {
			w.Fatalf("answer step %s: %v", s.ID, err)
		}
		any = true
	}
	return any
}

// words say where the run stands.
func (w *town) words() string {
	r := w.run()
	text := string(r.State) + " " + r.Reason
	for _, s := range r.Steps {
		text += "\n  " + s.ID + " " + string(s.State) + " " + s.Note
	}
	w.view(func(tx playbook.Tx) error {
		t, err := tx.Ticket(w.Context(), ticket.ID(theTicket))
		text += "\n  ticket " + string(t.State) + " " + t.Reason
		return err
	})
	return text
}
