package iam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	deactivateID = "iam.deactivate-access-key"
	updateMay    = "iam:UpdateAccessKey"
	active       = "Active"
	inactive     = "Inactive"
)

// DeactivateAccessKey makes an access key inactive.
type DeactivateAccessKey struct{}

// Info describes the action.
func (DeactivateAccessKey) Info() action.Info {
	return action.Info{
		ID: deactivateID, Title: "Deactivate an access key",
		Why: "A key that others know is theirs too. Inactive it opens nothing, and unlike a deleted key it can be switched on again " +
			"when it turns out to be a mistake.",
		Risk: "Whatever runs with the key stops. Sessions that were made with it before live on until they expire: contain those too.",
		Undo: effect.Exact, Targets: []resource.Type{resource.AccessKey},
		Reads:  []string{"iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:GetUser"},
		Writes: []string{updateMay},
	}
}

// before is what undoing restores.
type before struct {
	User   string
	Status string
}

// keyInput is the API's shape of the call.
type keyInput struct {
	UserName    string
	AccessKeyId string
	Status      string
}

// Plan finds the key's user and what the key was last used for.
func (DeactivateAccessKey) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: deactivateID, Target: t, Undo: effect.Exact}
	switch {
	case slices.Contains(s.Own, t.Ref.ID):
		p.Refused = "jobzero itself calls with this key"
		return p, nil
	case strings.HasPrefix(t.Ref.ID, "ASIA"):
		p.Refused = "the key belongs to a temporary session, which cannot be deactivated: revoke the role's sessions"
		return p, nil
	}
	k, err := look(ctx, s.Reader, t.Ref.ID)
	switch {
	case errors.Is(err, errGone):
		p.Nothing = "the access key does not exist any more"
		return p, nil
	case errors.Is(err, errRoot):
		p.Refused = errRoot.Error()
		return p, nil
	case err != nil:
		return p, err
	case k.Status == inactive:
		p.Nothing = "the access key is inactive already"
		return p, nil
	case k.Status != active:
		return p, fault.New(fault.Unavailable, "access key %s has the status %q, which is not known here", t.Ref.ID, k.Status)
	}
	if k.UserARN, err = arnOf(ctx, s.Reader, k.User); err != nil {
		return p, err
	}
	return p, finish(&p, k)
}

func finish(p *effect.Plan, k key) error {
	p.Diff = "- Status: " + active + "\n+ Status: " + inactive
	p.Loses = []string{fmt.Sprintf("user %s with this key: %s; the user has %d other active keys", k.User, k.Used, k.Others)}
	var err error
	if p.Before, err = action.Text(before{k.User, k.Status}); err != nil {
		return err
	}
	call, err := action.NewCall(updateMay, k.UserARN, keyInput{k.User, p.Target.Ref.ID, inactive})
	p.Calls = []effect.Call{call}
	return err
}

// Do makes the key inactive.
func (DeactivateAccessKey) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	if slices.Contains(s.Own, p.Target.Ref.ID) {
		return effect.Result{}, fault.New(fault.Denied, "jobzero itself calls with access key %s", p.Target.Ref.ID)
	}
	var b before
	if err := action.ReadBefore(p, &b); err != nil {
		return effect.Result{}, err
	}
	call, err := again(p, keyInput{b.User, p.Target.Ref.ID, inactive})
	if err != nil {
		return effect.Result{}, err
	}
	if call, err = action.Exactly(p, call); err != nil {
		return effect.Result{}, err
	}
	return set(ctx, s, p, call)
}

// Inverse is the call that gives the key its old status.
func (DeactivateAccessKey) Inverse(p effect.Plan) ([]effect.Call, error) {
	var b before
	if err := action.ReadBefore(p, &b); err != nil {
		return nil, err
	}
	call, err := again(p, keyInput{b.User, p.Target.Ref.ID, b.Status})
	return []effect.Call{call}, err
}

// again is a call for the user that the plan has found: its path stands nowhere else.
func again(p effect.Plan, in keyInput) (effect.Call, error) {
	planned, err := action.Only(p)
	if err != nil {
		return effect.Call{}, err
	}
	return action.NewCall(updateMay, planned.Resource, in)
}

// Undo gives the key its old status.
func (a DeactivateAccessKey) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	calls, err := a.Inverse(p)
	if err != nil {
		return effect.Result{}, err
	}
	return set(ctx, s, p, calls[0])
}

// set makes the call unless the key has the status already.
func set(ctx context.Context, s action.Session, p effect.Plan, call effect.Call) (effect.Result, error) {
	var b before
	if err := action.ReadBefore(p, &b); err != nil {
		return effect.Result{}, err
	}
	var in iam.UpdateAccessKeyInput
	if err := action.ReadInput(call, &in); err != nil {
		return effect.Result{}, err
	}
	now, err := look(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case errors.Is(err, errGone):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case now.User != b.User:
		return effect.Result{}, action.Moved(p)
	case now.Status == string(in.Status):
		return effect.Result{Already: true}, nil
	}
	if _, err := iam.NewFromConfig(s.Responder).UpdateAccessKey(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "make %s %s", p.Target.Ref, in.Status)
	}
	after, err := action.Text(before{b.User, string(in.Status)})
	return effect.Result{Calls: 1, After: after}, err
}

// Verify looks whether the key is inactive. A key that is gone opens nothing either.
func (DeactivateAccessKey) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	k, err := look(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case errors.Is(err, errGone):
		return effect.Check{Holds: true, Text: "the access key does not exist any more"}, nil
	case err != nil:
		return action.Unseen(err), nil
	case k.Status == inactive:
		return effect.Check{Holds: true, Text: "the access key is inactive"}, nil
	}
	return effect.Check{Text: "the access key is " + strings.ToLower(k.Status)}, nil
}
