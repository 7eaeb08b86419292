package playbook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// mortal is the store of a process that may die before or after any commit.
type mortal struct {
	in   store.Updater[playbook.Tx]
	fate func() fate
}

func (m mortal) Update(ctx context.Context, do func(playbook.Tx) error) error {
	f := m.fate()
	err := m.in.Update(ctx, func(tx playbook.Tx) error {
		if err := do(tx); err != nil || f != diesBefore {
			return err
		}
		return errDied
	})
	if err == nil && f == diesAfter {
		return errDied
	}
	return err
}

func (m mortal) View(ctx context.Context, do func(playbook.Tx) error) error {
	return m.in.View(ctx, do)
}

// draft is a made-up playbook with what has to come of it.
type draft struct {
	r     *rapid.T
	text  strings.Builder
	count int
	wants []string    // actions that are to be done
	after [][2]string // an action that comes after another
}

// steps writes some steps, and gives the last actions of them that are done: what comes next comes after those.
func (d *draft) steps(depth int, indent string, live bool, before []string) []string {
	for range rapid.IntRange(1, 3).Draw(d.r, "steps") {
		d.count++
		id := fmt.Sprintf("s%d", d.count)
		switch kind := rapid.IntRange(0, 5).Draw(d.r, "kind"); {
		case depth == 0 || kind < 3:
			fmt.Fprintf(&d.text, "%s- {id: %s, action: act-%s, always: true}\n", indent, id, id)
			if live {
				d.wants = append(d.wants, "act-"+id)
				for _, b := range before {
					d.after = append(d.after, [2]string{b, "act-" + id})
				}
				before = []string{"act-" + id}
			}
		case kind == 3:
			fmt.Fprintf(&d.text, "%s- {id: %s, wait: {for: 5s}}\n", indent, id)
		case kind == 4:
			chosen := rapid.IntRange(0, 2).Draw(d.r, "branch")
			fmt.Fprintf(&d.text, "%s- id: %s\n%s  decide:\n", indent, id, indent)
			for i := range 2 {
				fmt.Fprintf(&d.text, "%s    - if: %t\n%s      steps:\n", indent, i == chosen, indent)
				if last := d.steps(depth-1, indent+"        ", live && i == chosen, before); i == chosen {
					before = last
				}
			}
		default:
			fmt.Fprintf(&d.text, "%s- id: %s\n%s  parallel:\n", indent, id, indent)
			var last []string
			for range 2 {
				fmt.Fprintf(&d.text, "%s    - steps:\n", indent)
				last = append(last, d.steps(depth-1, indent+"        ", live, before)...)
			}
			before = last
		}
	}
	return before
}

// TestAnyPlaybookIsCarriedOutOnce: whatever it looks like and whenever the process dies, every step that is to be is done once, in order,
// with one row of an effect each; and undoing all of it walks back in the opposite order.
func TestAnyPlaybookIsCarriedOutOnce(t *testing.T) {
	rounds, began := 0, time.Now()
	rapid.Check(t, func(r *rapid.T) {
		if rounds++; rounds > 10 && time.Since(began) > patience(t)/3 {
			return
		}
		d := &draft{r: r}
		d.text.WriteString(head + "steps:\n")
		d.steps(2, "  ", true, nil)
		h := play(t, d.text.String())
		h.config.Limits = playbook.Limits{Run: 100, Minute: 1000, Day: 1000}
		h.fate = func() fate { return fate(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2}).Draw(r, "fate")) }
		h.report("r")
		h.survive(r, func(run playbook.Run) bool { return run.State == playbook.Settled && h.ticket().State == ticket.Closed })
		if got, want := slices.Sorted(slices.Values(h.did)), slices.Sorted(slices.Values(d.wants)); !slices.Equal(got, want) {
			r.Fatalf("did %v, want %v of\n%s", got, want, d.text.String())
		}
		for _, pair := range d.after {
			if slices.Index(h.did, pair[0]) > slices.Index(h.did, pair[1]) {
				r.Fatalf("%s before %s: %v of\n%s", pair[1], pair[0], h.did, d.text.String())
			}
		}
		if all := h.effects(); len(all) != len(d.wants) || slices.ContainsFunc(all, func(e effect.Effect) bool { return e.State != effect.Done }) {
			r.Fatalf("%d effects of %d steps: %+v", len(all), len(d.wants), all)
		}
		h.back(r)
	})
}

// back undoes the run and checks the order.
func (h *theatre) back(r *rapid.T) {
	if len(h.did) == 0 {
		return
	}
	began := map[string]time.Time{}
	for _, e := range h.effects() {
		began[e.Plan.Action] = e.Began
	}
	h.did = nil
	if _, err := playbook.RequestUndoRun(h.t.Context(), h.in(), h.lastRun().ID, playbook.Order{Person: "anna", Reason: "a mistake"}, h.now); err != nil {
		r.Fatal(err)
	}
	h.survive(r, func(run playbook.Run) bool { return run.State == playbook.Undone })
	if len(h.did) != len(began) || len(h.done) != 0 {
		r.Fatalf("undid %v of %v", h.did, began)
	}
	for i := 1; i < len(h.did); i++ {
		if began[strings.TrimPrefix(h.did[i-1], "undo ")].Before(began[strings.TrimPrefix(h.did[i], "undo ")]) {
			r.Fatalf("undone in the order %v, begun %v", h.did, began)
		}
	}
}

// survive does the work that is there, with processes that die, until the run is as it shall be.
func (h *theatre) survive(r *rapid.T, over func(playbook.Run) bool) {
	for range 2000 {
		h.now = h.now.Add(time.Second)
		again, err := h.director.Advance(h.t.Context(), string(h.ref))
		if err != nil && !errors.Is(err, errDied) {
			r.Fatal(err)
		}
		h.settled = h.lastRun().State == playbook.Verifying
		for _, e := range h.effects() {
			if e.State != effect.Doing && e.State != effect.Undoing {
				continue
			}
			if _, err := h.director.Act(h.t.Context(), e.Key); err != nil && !errors.Is(err, errDied) {
				r.Fatal(err)
			}
		}
		if over(h.lastRun()) {
			return
		}
		if again.After(h.now) {
			h.now = again
		}
	}
	r.Fatalf("it does not come to rest: %+v\n%+v", h.lastRun().Steps, h.effects())
}
