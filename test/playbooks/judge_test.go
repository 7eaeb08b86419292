package playbooks_test

import (
	"context"
	"encoding/json"
	"net/http"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/testmoto"
)

// emulatorOnly leaves every call to the emulator.
func emulatorOnly(http.ResponseWriter, testmoto.Call) bool { return false }

// Look reads the resource afresh with the real readers, and asks the content's expectations. What is left of somebody who has left the house reads
// together with its people, which there are none of here: the scene looks itself, as the account's owner.
func (w *town) Look(ctx context.Context, f finding.Finding, p playbook.Proof) (playbook.Sight, error) {
	out := playbook.Sight{At: w.now}
	if f.Kind == finding.Leaver {
		out.Result, out.Text, out.Params = playbook.NoMore, "nothing is left", w.met.params
		if w.met.left() {
			out.Result, out.Text = playbook.StillSo, "it is there"
		}
		return out, nil
	}
	r, err := w.inventory.Read(ctx, *f.Resource)
	if err != nil {
		return out, err
	}
	if out.Resource, err = json.Marshal(r); err != nil {
		return out, err
	}
	facts := expect.Facts{Now: w.now}
	if p.Condition != "" {
		v, why, err := w.wishes.Holds(p.Condition, r, facts)
		out.Text = why
		switch v {
		case expr.True:
			out.Result = playbook.NoMore
		case expr.False:
			out.Result = playbook.StillSo
		default:
			out.Result = playbook.LookUnknown
		}
		return out, err
	}
	e, ok := w.wishes.One(p.Expectation)
	if !ok {
		w.Errorf("there is no expectation %q to tell whether it is settled", p.Expectation)
		return out, nil
	}
	v := w.wishes.Judge(e, r, facts)
	out.Text = v.Why
	switch v.Result {
	case expect.Pass, expect.NotApplicable:
		out.Result = playbook.NoMore
	case expect.Fail:
		out.Result = playbook.StillSo
	default:
		out.Result = playbook.LookUnknown
	}
	return out, nil
}

// gather has what the scene says is to be read; there is no log here to read it from.
func (w *town) gather(_ context.Context, what string, _ finding.Finding) (playbook.Gathered, error) {
	v, ok := w.met.read[what]
	if !ok {
		return playbook.Gathered{Text: "nothing is known of " + what + " here", Data: json.RawMessage(`{}`)}, nil
	}
	data, err := json.Marshal(v)
	return playbook.Gathered{Text: what, Data: data}, err
}
