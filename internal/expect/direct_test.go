package expect_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expect"
	"jobzero/internal/resource"
)

// TestContentByCEL evaluates everything that is expected, its conditions and its messages, on every resource of the content's own tests, with
// nothing unknown and with a third of its parts unknown in turn: the answer is CEL's.
func TestContentByCEL(t *testing.T) {
	_, set := content(t)
	facts := expect.Facts{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	all, answers := set.All(), 0
	for n, w := range worlds(t) {
		facts.Intent = w.intent
		for i, path := range append([]string{""}, paths(w.r)...) {
			if i > 0 && (n+i)%3 > 0 { // all of them take long under the race detector
				continue
			}
			r := w.r
			if path != "" {
				r.Unknown = append(slices.Clone(r.Unknown), resource.Unknown{Path: path, Cause: "test", Present: i%2 == 1, Filled: i%4 == 1})
			}
			in := expect.InputOf(r, facts)
			for _, e := range all {
				if !slices.Contains(e.Types, r.Type) {
					continue
				}
				conditions, messages := e.Compiled()
				for _, p := range conditions {
					got, blame, err := p.EvalOn(in)
					want, wantBlame, wantErr := p.ByCEL(in)
					if got != want || cmp.Diff(wantBlame, blame) != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
						t.Fatalf("%s, %s unknown: %s gives %s %v %v; CEL says %s %v %v", w.name, path, p, got, blame, err, want, wantBlame, wantErr)
					}
					answers++
				}
				for _, m := range messages {
					got, blame, err := m.EvalOn(in)
					want, wantBlame, wantErr := m.ByCEL(in)
					if got != want || cmp.Diff(wantBlame, blame) != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
						t.Fatalf("%s, %s unknown: %s gives %q %v %v; CEL says %q %v %v", w.name, path, m, got, blame, err, want, wantBlame, wantErr)
					}
					answers++
				}
			}
		}
	}
	if t.Logf("%d answers", answers); answers < 10_000 {
		t.Errorf("only %d answers were held against CEL's", answers)
	}
}
