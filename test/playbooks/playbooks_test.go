package playbooks_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"jobzero/content"
	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/testmoto"
)

// TestEveryPlaybookRunsOnce runs each playbook of the content in its scenes. What the emulator is told and what was planned must be the same, every
// effect must hold at the end, and over its scenes a playbook must have done each action that it has.
func TestEveryPlaybookRunsOnce(t *testing.T) {
	testmoto.Shared(t) // before any scene, and without what withPolicies sets
	all, bad := book.Load(content.FS(), "playbooks")
	for _, err := range bad {
		t.Fatal(err)
	}
	known := scenes()
	lacks := readLacks(t)
	for _, d := range all {
		list, ok := known[d.ID]
		if !ok {
			t.Errorf("%s: no scene: add one to scenes() under %q that makes in an empty account what the playbook is to mend", d.File, d.ID)
			continue
		}
		delete(known, d.ID)
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			done := newDeeds(d)
			t.Run("scenes", func(t *testing.T) {
				for _, s := range list {
					t.Run(s.name, func(t *testing.T) {
						t.Parallel()
						w := newTown(t, all, s)
						done.add(w.play(d, s))
						lacks.check(w, d.ID, s)
					})
				}
			})
			if done.scenes < len(list) {
				return // only some were asked for, or one failed, which is said
			}
			for _, step := range done.missing() {
				t.Errorf("step %s is done in no scene of %s: add a scene that needs it, or name in testdata/lacks.txt what the emulator has not got for it", step, d.ID)
			}
		})
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		t.Errorf("scenes() has %q, and there is no such playbook: take it away", id)
	}
	t.Cleanup(func() {
		for _, name := range lacks.stale() {
			t.Errorf("testdata/lacks.txt: %q is not needed any more: take it away", name)
		}
	})
}

// play runs a playbook in a scene, and gives the steps that were done.
func (w *town) play(d book.Definition, s scene) []string {
	w.Helper()
	w.met = s.make(w)
	w.open(w.finding(d, s))
	if err := w.stand.Record(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.carry()
	w.ended(d, s)
	w.witness()
	w.hold()
	return w.deeds(d, s)
}

// ended is about how the run came out.
func (w *town) ended(d book.Definition, s scene) {
	w.Helper()
	want := s.ends
	if want == "" {
		want = playbook.Settled
	}
	r := w.run()
	if r.State != want || r.Playbook != d.ID || want == playbook.GaveUp && !strings.HasPrefix(r.Reason, "not verified within") {
		w.Errorf("it ended otherwise than %s: %s", want, w.words())
	}
}

// deeds are the action steps that were done. One that is neither done nor known to have nothing to do is an error.
func (w *town) deeds(d book.Definition, s scene) (done []string) {
	w.Helper()
	idle := maps.Clone(s.idle)
	for _, step := range w.run().Steps {
		if step.Action == "" {
			if step.State == playbook.StepFailed {
				w.Errorf("step %s did not work: %s", step.ID, step.Note)
			}
			continue
		}
		_, quiet := idle[step.ID]
		switch {
		case step.State == playbook.StepWaiting && w.run().State == playbook.Settled, step.State == playbook.StepWaiting && s.ends == playbook.GaveUp:
			continue // in a branch that was not taken
		case step.State == playbook.StepDone && !quiet:
			done = append(done, step.ID)
		case step.State == playbook.StepSkipped && quiet:
		case step.State == playbook.StepSkipped && notTaken(step):
			continue
		default:
			w.Errorf("step %s of %s is %s: %s", step.ID, d.ID, step.State, step.Note)
		}
		delete(idle, step.ID)
	}
	for step := range idle {
		w.Errorf("step %s is said to have nothing to do, and the run has no such step", step)
	}
	return done
}

// hold looks once more whether every effect holds.
func (w *town) hold() {
	w.Helper()
	for _, e := range w.effects() {
		if e.State != effect.Done {
			w.Errorf("effect %s is %s: %s", e.Key, e.State, e.Error)
			continue
		}
		if c := must[effect.Check](w)(w.hands.Verify(w.Context(), e.Plan)); !c.Holds || c.Unknown {
			w.Errorf("effect %s does not hold: %+v", e.Key, c)
		}
	}
}
