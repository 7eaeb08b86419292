package actiontest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
)

// Outward is an action that tells or asks somebody, and who gets it.
type Outward struct {
	Action  action.Action
	Make    func(t *testing.T, owner aws.Config, account string) effect.Target // makes whom it asks, where that is in AWS
	Got     func(t *testing.T) []string                                        // by what names the receiver knows the occasions of what it got, in order
	Says    string                                                             // a part of what a plan has to show to people
	End     func(t *testing.T)                                                 // of what goes on by itself: brings it to its end; nil: it is over at once
	Witness *Witness
	Beside  func(t *testing.T, emulator *testmoto.Server) Stand
}

const occasion = "01J0000000000000000000TEST/step"

// RunOutward checks that what is told or asked is shown first, sent once, told from a repetition by its name, and to nobody else.
func RunOutward(t *testing.T, server Stand, c Outward) {
	w := build(t, server, Case{Action: c.Action, Make: c.Make, Witness: c.Witness})
	w.target.Effect = occasion
	about, err := json.Marshal(effect.About{Ticket: "T-1", Playbook: "drill", Step: "step", Title: "Bucket is public"})
	if err != nil {
		t.Fatal(err)
	}
	w.target.Params[effect.AboutParam] = string(about)
	t.Run("planning sends nothing", func(t *testing.T) { shows(t, w, c) })
	t.Run("a plan that was tampered with", func(t *testing.T) { sendsNothingElse(t, w, c) })
	t.Run("do, do again, verify and undo", func(t *testing.T) { sends(t, w, c) })
	if len(c.Action.Info().Reads) > 0 {
		t.Run("denied", func(t *testing.T) { blind(t, w) })
	}
}

func shows(t *testing.T, w *world, c Outward) {
	var p effect.Plan
	if calls := testmoto.Writes(w.during(t, func() { p = w.plan(t) })); len(calls) > 0 || len(c.Got(t)) > 0 {
		t.Errorf("planning sent something: %v, %v", calls, c.Got(t))
	}
	if p.Action != c.Action.Info().ID || !p.Outward || p.Undo != effect.None || len(p.Calls) != 1 || p.Diff == "" || p.Refused != "" || !c.Action.Info().Outward {
		t.Errorf("the plan is not complete: %+v", p)
	}
	if !strings.Contains(p.Diff, c.Says) {
		t.Errorf("the plan does not show %q:\n%s", c.Says, p.Diff)
	}
	for _, call := range p.Calls {
		if call.Permission != "" {
			shaped(t, call)
		}
		for _, n := range call.Needs() {
			if !slices.Contains(c.Action.Info().Writes, n.Permission) || n.Resource == "" || n.Resource == "*" {
				t.Errorf("%s on %q: want a declared permission on one resource", n.Permission, n.Resource)
			}
		}
	}
	w.Witness.planned(p.Calls)
	w.holds(t, p, false)
}

func sendsNothingElse(t *testing.T, w *world, c Outward) {
	for name, change := range map[string]func(*effect.Plan){
		"another input":    func(p *effect.Plan) { p.Calls[0].Input = json.RawMessage(`{"Surprise":1}`) },
		"another receiver": func(p *effect.Plan) { p.Calls[0].Resource = "somebody else" },
		"another call":     func(p *effect.Plan) { p.Calls = append(p.Calls, p.Calls[0]) },
		"no occasion":      func(p *effect.Plan) { p.Target.Effect = "" },
	} {
		p := w.plan(t)
		change(&p)
		if _, err := c.Action.Do(t.Context(), w.session, p); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	if got := c.Got(t); len(got) > 0 {
		t.Errorf("it was sent: %v", got)
	}
}

func sends(t *testing.T, w *world, c Outward) {
	p := w.plan(t)
	var r effect.Result
	w.during(t, func() {
		for range 2 { // a process that died leaves no record: the next one does it again
			var err error
			if r, err = c.Action.Do(t.Context(), w.session, p); err != nil || r.Calls != 1 || r.Going != (c.End != nil) {
				t.Fatalf("do: %+v, %v", r, err)
			}
		}
	})
	if !json.Valid(r.After) || len(r.After) > 2*effect.MostAnswer {
		t.Errorf("what was answered is %q", r.After)
	}
	if got := c.Got(t); len(got) != 2 || got[0] != got[1] || got[0] == "" {
		t.Errorf("the receiver cannot tell a repetition: %q", got)
	}
	p.Gave = r.After
	if c.End != nil {
		w.during(t, func() {
			if k, err := c.Action.Verify(t.Context(), w.session, p); err != nil || !k.Going || k.Holds {
				t.Errorf("it is under way: %+v, %v", k, err)
			}
		})
		c.End(t)
	}
	w.holds(t, p, true)
	if _, err := c.Action.Undo(t.Context(), w.session, p); !fault.Is(err, fault.Denied) {
		t.Errorf("undo of what was sent: %v, want denied", err)
	}
}

// blind: whom nobody may look for is not written to.
func blind(t *testing.T, w *world) {
	s := action.Session{Reader: w.blinded(t), Responder: w.session.Responder}
	if q, err := w.Action.Plan(t.Context(), s, w.target); !fault.Is(err, fault.Denied) {
		t.Errorf("plan: %+v, %v; want denied", q, err)
	}
}
