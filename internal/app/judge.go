package app

import (
	"context"
	"encoding/json"
	"fmt"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/inventory"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
)

// judge reads the world again for playbooks: the same readers and the same expectations as everywhere else, so that a ticket
// closes on what opened it.
type judge struct {
	house *House
}

// Look reads the finding's resource afresh and asks for the proof.
func (j judge) Look(ctx context.Context, f finding.Finding, p playbook.Proof) (playbook.Sight, error) {
	h := j.house
	if f.Kind == finding.Leaver {
		sight, err := h.lookLeaver(ctx, f)
		return sight, fault.Wrap(fault.Unavailable, err, "look what is left: %s", f.By)
	}
	began := h.clock.Now() // by the clock that sightings are kept by, so that the two can be compared
	r, err := h.look(ctx, *f.Resource, p)
	if err != nil {
		return playbook.Sight{}, fault.Wrap(fault.Unavailable, err, "read %s", f.Resource)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return playbook.Sight{}, fmt.Errorf("describe %s: %w", r.Ref, err)
	}
	sight := playbook.Sight{Resource: text, At: began, Params: h.params(r)}
	sight.Result, sight.Text, err = h.ask(p, r)
	return sight, err
}

// look reads what the proof asks about. When that is not enough to tell, it reads everything.
func (h *House) look(ctx context.Context, ref resource.Ref, p playbook.Proof) (resource.Resource, error) {
	only := h.asksFor(p)
	if len(only) == 0 {
		return h.inventory.Read(ctx, ref)
	}
	r, err := h.inventory.ReadOnly(ctx, ref, append(only, "tags")) // tags can take back what is declared
	if err != nil {
		return r, err
	}
	if result, _, err := h.ask(p, r); err != nil || result == playbook.LookUnknown {
		return h.inventory.Read(ctx, ref)
	}
	return r, nil
}

// asksFor names the parts of a resource that the proof asks about; none means everything.
func (h *House) asksFor(p playbook.Proof) inventory.Only {
	if e, ok := h.knowledge.Load().Expectations.One(p.Expectation); ok && p.Condition == "" {
		return e.Reads()
	}
	return nil
}

// ask asks a resource for the proof that something is settled.
func (h *House) ask(p playbook.Proof, r resource.Resource) (playbook.Result, string, error) {
	expectations := h.knowledge.Load().Expectations
	if p.Condition != "" {
		verdict, why, err := expectations.Holds(p.Condition, r, h.facts())
		if why == "" {
			why = fmt.Sprintf("%s is %s", p.Condition, verdict)
		}
		return settledBy(verdict), why, err
	}
	e, ok := expectations.One(p.Expectation)
	if !ok {
		return playbook.LookUnknown, "expectation " + p.Expectation + " is not loaded any more", nil
	}
	v := expectations.Judge(e, r, h.facts())
	if w, ok := h.knowledge.Load().Waivers.Of(e.ID, org.Waivable{Ref: r.Ref, ARN: r.ARN, Tags: r.Tags}, h.clock.Now()); ok && v.Wrong() && w.Live(h.clock.Now()) {
		return playbook.NoMore, e.ID + ": " + waivedNote(w), nil // software leaves alone what somebody has approved
	}
	return answer(v.Result), e.ID + ": " + v.Why, nil
}

// answer turns a verdict into what a playbook asks: is it still so? What does not exist any more cannot be wrong.
func answer(r expect.Result) playbook.Result {
	switch r {
	case expect.Pass, expect.NotApplicable:
		return playbook.NoMore
	case expect.Fail:
		return playbook.StillSo
	default:
		return playbook.LookUnknown
	}
}

// params tells the actions what people have declared about the target.
func (h *House) params(r resource.Resource) map[string]string {
	if r.Type != resource.Bucket {
		return nil
	}
	e := h.knowledge.Load().Intent.Exposure(r, h.clock.Now())
	switch {
	case e.Public:
		return map[string]string{"declared": "public"}
	case e.Private || e.Declared:
		return map[string]string{"declared": "private"}
	default:
		return nil
	}
}

func (h *House) facts() expect.Facts {
	k := h.knowledge.Load()
	return expect.Facts{Intent: k.Intent, Org: k.Org, Access: k.Access, Now: h.clock.Now()}
}

// settledBy turns the answer of a playbook's own condition into what it asks: is it still so?
func settledBy(v expr.Verdict) playbook.Result {
	switch v {
	case expr.True:
		return playbook.NoMore
	case expr.False:
		return playbook.StillSo
	default:
		return playbook.LookUnknown
	}
}
