package gates

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
)

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// floors are how many cases each form has to be compared on at least; below, the coverage has shrunk.
var floors = map[string]int{
	"live": 2200, "template in YAML": 1700, "template in JSON": 1700, "call of a hook": 1650, "plan of awscc": 1700, "item of AWS Config": 1150,
}

// TestSameVerdict writes every case in every form, and wants the verdict of the case wherever the gate decides.
func TestSameVerdict(t *testing.T) {
	all := cases(t)
	excused := reasons(t, "testdata/undecided.txt")
	for _, enc := range encodings() {
		left, compared, undecided := map[string]int{}, 0, 0
		for _, s := range all {
			got, why, err := enc.judge(s)
			switch {
			case err != nil:
				t.Errorf("%s: %s: %v", enc.name, s.name, err)
			case why != "":
				left[why]++
			case got.Result == s.want:
				compared++
			case got.Result == expect.Unknown && enc.cannot(s.about):
				compared++
				undecided++
			case got.Result == expect.Unknown && excused.take(enc.name+" "+s.name):
				compared++
				undecided++
			default:
				t.Errorf("%s: %s is %s, want %s: %s", enc.name, s.name, got.Result, s.want, got.Why)
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

// cannot reports whether a form may leave undecided what an expectation asks for.
func (enc encoding) cannot(e *expect.Expectation) bool {
	reach, _ := e.At(enc.gate)
	return reach != expect.Decides || enc.lone && asks(e, "related") || enc.homeless && asks(e, "account")
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

// asks reports whether an expectation asks for a member of the resource.
func asks(e *expect.Expectation, member string) bool {
	return slices.ContainsFunc(e.Asks(), func(a expr.Ask) bool { return len(a.Path) > 0 && a.Path[0].Name == member })
}
