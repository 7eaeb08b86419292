package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// sort is a kind of credential that is switched off as the others of its kind are, and on again.
type sort struct {
	id, noun, opens string
	target          resource.Type
	list, update    string // permissions
	key             string // the member of the call that has the credential's ID
	contract        bool
	statuses        func(ctx context.Context, c *iam.Client, user string) (map[string]string, error)
	set             func(ctx context.Context, cfg aws.Config, call effect.Call) error
}

// Credentials gives the actions that make an SSH key, a service-specific credential or a signing certificate of a user inactive.
func Credentials() (out []action.Action) {
	for _, s := range []sort{sshKeys(), serviceCredentials(), certificates()} {
		out = append(out, s.action())
	}
	return out
}

func (s sort) action() setting.Of[held] {
	return setting.Of[held]{
		About: action.Info{
			ID: s.id, Title: "Deactivate " + s.noun, Undo: effect.Exact, UndoHelpsAttacker: true, Contract: s.contract, Targets: []resource.Type{s.target},
			Why:   "Whoever has left keeps what is on his machines. Inactive it opens nothing, and unlike a deleted one it can be switched on again when it turns out to be a mistake.",
			Risk:  "Whatever runs with it stops: " + s.opens + ".",
			Reads: []string{s.list, "iam:GetUser"}, Writes: []string{s.update},
		},
		Look: s.look, Goal: s.goal, Calls: s.calls, Send: s.set,
	}
}

// held is one credential of a user, as it is now.
type held struct{ User, ID, Status, ARN string }

func (s sort) look(ctx context.Context, cfg aws.Config, t effect.Target) (held, error) {
	user, id, ok := strings.Cut(t.Ref.ID, "/")
	if !ok || user == "" || id == "" {
		return held{}, fault.New(fault.Invalid, "%s: want USER/ID", t.Ref)
	}
	all, err := s.statuses(ctx, iam.NewFromConfig(cfg), user)
	if err != nil && !noEntity(err) {
		return held{}, awsorg.Fault(err, "look at %s", t.Ref)
	}
	status, ok := all[id]
	if !ok {
		return held{}, setting.Gone(s.noun)
	}
	w, err := whoIs(ctx, cfg, resource.Ref{Type: resource.User, Account: t.Ref.Account, ID: user})
	return held{user, id, status, w.ARN}, err
}

func (s sort) goal(_ effect.Target, now held) (setting.Goal[held], error) {
	is := s.noun + " is " + strings.ToLower(now.Status)
	g := setting.Goal[held]{To: now, Met: is, Missing: is, Diff: "- Status: " + active + "\n+ Status: " + inactive, Loses: []string{"user " + now.User + " with " + now.ID}}
	if now.Status == active {
		g.To.Status = inactive
	}
	return g, nil
}

func (s sort) calls(t effect.Target, from, to held) ([]effect.Call, error) {
	if from.User+"/"+from.ID != t.Ref.ID {
		return nil, fault.New(fault.Invalid, "the plan of %s for %s has recorded another", s.id, t.Ref)
	}
	if from.Status == to.Status {
		return nil, nil
	}
	return setting.One(s.update, from.ARN, setting.In{"UserName": from.User, s.key: from.ID, "Status": to.Status})
}
