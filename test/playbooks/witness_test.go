package playbooks_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/testmoto"
)

// did fails the test when a call of the account's owner did not work.
func (w *town) did(_ any, err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// witness holds what was called against what was planned.
func (w *town) witness() {
	w.Helper()
	calls := must[[]testmoto.Call](w)(w.stand.Calls(w.Context()))
	if text := differ(w.effects(effect.Done), calls); text != "" {
		w.Error(text)
	}
}

// differ says where the calls that write are not those of the effects: the same permissions, each as often. Empty: nowhere.
func differ(done []effect.Effect, calls []testmoto.Call) string {
	planned, made := map[string]int{}, map[string]int{}
	for _, e := range done {
		for _, c := range e.Plan.Calls {
			planned[c.Permission]++
		}
	}
	for _, c := range testmoto.Writes(calls) {
		made[c.Permission()]++
	}
	if maps.Equal(planned, made) {
		return ""
	}
	return fmt.Sprintf("planned were %v, and the recorder saw %v", planned, made)
}

// TestAnotherCallIsSeen: a call too many, one too few and another one each make a difference; reads do not.
func TestAnotherCallIsSeen(t *testing.T) {
	done := []effect.Effect{{Plan: effect.Plan{Calls: []effect.Call{{Permission: "kms:EnableKeyRotation"}}}}}
	read, write, other := testmoto.Call{Service: "kms", Action: "DescribeKey"}, testmoto.Call{Service: "kms", Action: "EnableKeyRotation"}, testmoto.Call{Service: "kms", Action: "DisableKey"}
	for name, c := range map[string]struct {
		calls []testmoto.Call
		same  bool
	}{
		"as planned": {[]testmoto.Call{read, write, read}, true}, "too few": {[]testmoto.Call{read}, false}, "twice": {[]testmoto.Call{write, write}, false},
		"another": {[]testmoto.Call{other}, false}, "one more": {[]testmoto.Call{write, other}, false},
	} {
		if text := differ(done, c.calls); (text == "") != c.same {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// notTaken reports whether a step was left out because it was not for this scene: its own condition did not hold, or it is in a branch that was not
// taken.
func notTaken(s playbook.Step) bool { return s.Plan == nil }

// deeds are the action steps of a playbook that were done in one of its scenes.
type deeds struct {
	mu     sync.Mutex
	want   []string
	done   map[string]bool
	scenes int
}

func newDeeds(d book.Definition) *deeds {
	out := &deeds{done: map[string]bool{}}
	for _, s := range d.All() {
		if s.Kind() == book.Action {
			out.want = append(out.want, s.ID)
		}
	}
	return out
}

func (d *deeds) add(steps []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scenes++
	for _, s := range steps {
		d.done[s] = true
	}
}

func (d *deeds) missing() []string {
	return slices.DeleteFunc(slices.Clone(d.want), func(s string) bool { return d.done[s] })
}

// TestMissingIsSeen: a step that no scene does is named.
func TestMissingIsSeen(t *testing.T) {
	d := &deeds{want: []string{"stop", "end"}, done: map[string]bool{}}
	d.add([]string{"stop"})
	if got := d.missing(); !slices.Equal(got, []string{"end"}) {
		t.Errorf("missing: %v", got)
	}
}
