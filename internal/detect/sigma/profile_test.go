package sigma_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

func record1(raw string) *event.Record { return (&event.Event{Raw: []byte(raw)}).Record() }

// Counts are exact, whoever counted them; an idle rule is not among the costs, one that had nothing to do has no time.
func TestProfileCounts(t *testing.T) {
	s := mustLink(t, join(plainRule("a", "low"), plainRule("b", "low"), plainRule("w", "low")))
	rules := []*sigma.Compiled{compile(t, "s: {eventName: X}\nf: {g: 1}\ncondition: s and not f"), s.Rules[1]}
	p := sigma.NewProfile(rules)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			m := p.Meter()
			for range 250 {
				m.Detect(record1(`{"eventName":"X"}`))
				m.Detect(record1(`{"eventName":"X","g":1}`))
				if len(m.Detect(record1(`{"f":"nothing"}`)))+len(m.Detect(record1(`[]`))) > 0 {
					t.Error("a match of nothing")
				}
			}
			m.Flush()
			m.Flush()
		})
	}
	all.Wait()
	for _, c := range p.Costs() {
		if c.Rule.ID == rules[0].ID {
			if c.Matches != 1000 || c.Candidates < 2000 || c.Timed < 64 || c.Timed > c.Candidates || c.Time <= 0 || c.Time > time.Minute {
				t.Errorf("%+v", c)
			}
		} else if c.Matches != 0 || c.Candidates == 0 && (c.Timed != 0 || c.Time != 0) {
			t.Errorf("a rule that never fires: %+v", c)
		}
	}
	if len(p.Costs()) != 2 {
		t.Errorf("%d costs", len(p.Costs()))
	}
}

// A meter finds what the engine finds.
func TestMeterIsTheEngine(t *testing.T) {
	rules := []*sigma.Compiled{compile(t, "s: {eventName: [X, Y]}\nf: {g: 1}\ncondition: s and not f")}
	engine, meter := sigma.NewEngine(rules), sigma.NewProfile(rules).Meter()
	for _, raw := range []string{`{"eventName":"X"}`, `{"eventName":"y","g":2}`, `{"eventName":"Y","g":1}`, `{}`, `null`, `{`} {
		if d := cmp.Diff(engine.Detect(record1(raw)), meter.Detect(record1(raw))); d != "" {
			t.Errorf("%s (-engine +meter)\n%s", raw, d)
		}
	}
}
