package booktest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
)

// Look is a fresh read.
func (s *scene) Look(_ context.Context, f finding.Finding, _ playbook.Proof) (playbook.Sight, error) {
	data, err := s.c.sight(f)
	out := playbook.Sight{Result: playbook.StillSo, Text: "it is still so", Resource: data, At: s.now}
	if s.settled {
		out.Result, out.Text = playbook.NoMore, "it is so no more"
	}
	return out, err
}

// script is what the case says of an action: of the step that it is for, or of all steps that do it.
func (s *scene) script(step, action string) script {
	if x, ok := s.c.Actions[step]; ok {
		return x
	}
	return s.c.Actions[action]
}

// Plan says what would be called. Which step asks is known by what is planned for it.
func (s *scene) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	undo, known := s.o.Undo(id)
	if !known {
		return effect.Plan{}, fault.New(fault.Invalid, "no action %q", id)
	}
	x := s.script(s.planning(id), id)
	if x.Broken != "" {
		return effect.Plan{}, fault.New(fault.NotFound, "%s", x.Broken)
	}
	p := effect.Plan{Action: id, Target: t, Undo: undo, Outward: book.Outward(id), Nothing: x.Nothing, Refused: x.Refused}
	if x.Nothing == "" {
		p.Calls = []effect.Call{{Permission: id, Resource: t.Ref.Key(), Input: json.RawMessage(`{}`)}}
	}
	return p, nil
}

// planning is the first step that does an action and has yet to.
func (s *scene) planning(id string) string {
	for _, r := range s.runs() {
		for _, st := range r.Steps {
			if st.Action == id && st.State == playbook.StepWaiting {
				return st.ID
			}
		}
	}
	return ""
}

// doing is the step whose plan is carried out.
func (s *scene) doing(p effect.Plan) string {
	for _, r := range s.runs() {
		for _, st := range r.Steps {
			if st.Plan != nil && st.Plan.Action == p.Action && st.Plan.Target.Ref == p.Target.Ref && st.State == playbook.StepDoing {
				return st.ID
			}
		}
	}
	return ""
}

// Do carries a plan out, as the case says.
func (s *scene) Do(_ context.Context, p effect.Plan) (effect.Result, error) {
	step := s.doing(p)
	if fails := s.script(step, p.Action).Fails; s.tries[step] < len(fails) {
		s.tries[step]++
		return effect.Result{}, fault.New(fault.Denied, "%s", fails[s.tries[step]-1])
	}
	if s.mends(step, p.Action) {
		s.settled = true
	}
	return effect.Result{Calls: 1}, nil
}

func (s *scene) mends(step, action string) bool {
	return slices.Contains(s.c.Mends, step) || slices.Contains(s.c.Mends, action)
}

// Verify finds that what was done holds.
func (s *scene) Verify(context.Context, effect.Plan) (effect.Check, error) {
	return effect.Check{Holds: true, Text: "it holds"}, nil
}

// Undo takes a plan back.
func (s *scene) Undo(_ context.Context, p effect.Plan) (effect.Result, error) {
	for _, r := range s.runs() {
		for _, st := range r.Steps {
			if st.Plan != nil && st.Plan.Action == p.Action && s.mends(st.ID, p.Action) {
				s.settled = false
			}
		}
	}
	return effect.Result{Calls: 1}, nil
}

// gather reads what the case has. What it has nothing of cannot be read.
func (s *scene) gather(_ context.Context, what string, _ finding.Finding) (playbook.Gathered, error) {
	x, ok := s.c.Gather[what]
	if !ok {
		return playbook.Gathered{}, fault.New(fault.NotFound, "the case has nothing of %s", what)
	}
	data, err := json.Marshal(x.Data)
	return playbook.Gathered{Text: strings.TrimSpace(x.Text), Data: data}, fault.Wrap(fault.Invalid, err, "gather %s", what)
}
