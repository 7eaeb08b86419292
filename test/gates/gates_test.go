package gates

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"jobzero/internal/expect"
)

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// floors are how many cases each form has to be compared on at least; below, the coverage has shrunk.
var floors = map[string]int{}

// TestSameVerdict writes every case in every form, and wants the verdict of the case wherever the gate decides.
func TestSameVerdict(t *testing.T) {
	all := cases(t)
	excused := reasons(t, "testdata/undecided.txt")
	for _, enc := range encodings() {
		left, compared, undecided := map[string]int{}, 0, 0
		for _, s := range all {
			reach, _ := s.about.At(enc.gate)
			got, why, err := enc.judge(s)
			switch {
			case err != nil:
				t.Errorf("%s: %s: %v", enc.name, s.name, err)
			case why != "":
				left[why]++
			case got.Result == s.want:
				compared++
			case got.Result == expect.Unknown && (reach != expect.Decides || enc.lone && related(s.about)):
				compared++
				undecided++
			case got.Result == expect.Unknown && excused.take(enc.name+" "+s.name):
				compared++
				undecided++
			default:
				t.Errorf("%s: %s is %s, want %s (%s): %s", enc.name, s.name, got.Result, s.want, reach, got.Why)
			}
		}
		t.Logf("%-20s %4d of %d cases compared, %d of them undecided where the gate cannot know", enc.name, compared, len(all), undecided)
		for _, why := range slices.Sorted(keys(left)) {
			t.Logf("    %4d left out: %s", left[why], why)
		}
		if compared < floors[enc.name] {
			t.Errorf("%s: %d cases compared, want %d at least", enc.name, compared, floors[enc.name])
		}
	}
	excused.stale(t)
}

// judge is the verdict on a state in a form.
func (enc encoding) judge(s state) (v expect.Verdict, why string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	r, why, err := enc.read(s)
	if err != nil || why != "" {
		return v, why, err
	}
	return s.about.Check(r, s.facts), "", nil
}

// related reports whether an expectation asks what others tell.
func related(e *expect.Expectation) bool {
	return slices.ContainsFunc(e.Asks(), func(a askPath) bool { return len(a.Path) > 0 && a.Path[0].Name == "related" })
}
