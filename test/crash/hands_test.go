package crash

import (
	"context"
	"net/http"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
)

// hands are actions as those of the product are: they look before they call, and call with a key that is always the same. Their world
// is the witness at an address.
type hands struct{ witness string }

// Look reads whether the finding is still so: until the last of its playbook's actions is done.
func (h hands) Look(ctx context.Context, f finding.Finding, _ playbook.Proof) (playbook.Sight, error) {
	s := playbook.Sight{Result: playbook.StillSo, Text: "still so", At: time.Now()}
	d, _ := drillOf(f.By)
	if d.last == "" {
		return s, nil
	}
	on, err := h.ask(ctx, http.MethodGet, f.Resource.ID+"/"+d.last)
	if on {
		s.Result, s.Text = playbook.NoMore, "so no more"
	}
	return s, err
}

// Plan says what would be called.
func (hands) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	return effect.Plan{Action: id, Target: t, Undo: effect.Exact, Calls: []effect.Call{{Permission: "test:Change", Resource: "arn:aws:test:::" + t.Ref.ID, Input: []byte(`{}`)}}}, nil
}

// Do makes a change.
func (h hands) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	return h.change(ctx, p, true)
}

// Undo takes it back.
func (h hands) Undo(ctx context.Context, p effect.Plan) (effect.Result, error) {
	return h.change(ctx, p, false)
}

func (h hands) change(ctx context.Context, p effect.Plan, on bool) (effect.Result, error) {
	key, method, before := p.Target.Ref.ID+"/"+p.Action, http.MethodDelete, "?before=undo"
	if on {
		method, before = http.MethodPost, "?before=do"
	}
	is, err := h.ask(ctx, http.MethodGet, key+before)
	if err != nil || is == on {
		return effect.Result{Already: err == nil}, err
	}
	_, err = h.ask(ctx, method, key)
	return effect.Result{Calls: 1}, err
}

// Verify looks.
func (h hands) Verify(ctx context.Context, p effect.Plan) (effect.Check, error) {
	on, err := h.ask(ctx, http.MethodGet, p.Target.Ref.ID+"/"+p.Action)
	return effect.Check{Holds: on, Text: "looked"}, err
}

func (h hands) ask(ctx context.Context, method, key string) (on bool, err error) {
	r, err := http.NewRequestWithContext(ctx, method, h.witness+"/"+key, nil)
	if err != nil {
		return false, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "ask the witness")
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode == http.StatusForbidden {
		return false, fault.New(fault.Denied, "the witness refuses %s", key)
	}
	return res.StatusCode == http.StatusOK, nil
}
