package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// denyAll has no condition: it holds for sessions that have begun too.
const denyAll = `{"Version":"2012-10-17","Statement":[{"Sid":"ShutOut","Effect":"Deny","Action":"*","Resource":"*"}]}`

// denial is a policy of ours that is written into a user or a role, and denies. A policy of its name that says something else is somebody
// else's, and left alone.
type denial struct {
	about  action.Info // but for what it reads and writes
	policy string      // its name
	met    string
	loses  string // who, after the name
	text   func(t effect.Target) (string, error)
	// enough reports whether a policy that is there, and is ours, denies as much; nil: only the very text does.
	enough func(now, want string) (there, ours bool)
}

// denied is a user or role and the policy, empty when there is none.
type denied struct {
	who
	Text string
}

func (d denied) same(o denied) bool { return d.who == o.who && action.SameText(d.Text, o.Text) }

// action makes the denial an action.
func (d denial) action() setting.Of[denied] {
	d.about.Undo, d.about.UndoHelpsAttacker = effect.Exact, true
	d.about.Reads, d.about.Writes = []string{"iam:GetUser", "iam:GetUserPolicy"}, []string{putUserMay, dropUserMay}
	if slices.Contains(d.about.Targets, resource.Role) {
		d.about.Reads, d.about.Writes = []string{"iam:GetRole", "iam:GetRolePolicy"}, []string{putRoleMay, dropMay}
	}
	return setting.Of[denied]{
		About: d.about, Guard: notOwn, Look: d.look, Goal: d.goal, Calls: d.calls, Same: denied.same, Send: sendInline,
	}
}

func (d denial) look(ctx context.Context, cfg aws.Config, t effect.Target) (x denied, err error) {
	if x.who, err = whoIs(ctx, cfg, t.Ref); err == nil {
		x.Text, err = holder{t.Ref, d.policy}.Text(ctx, cfg)
	}
	return x, err
}

func (d denial) goal(t effect.Target, now denied) (setting.Goal[denied], error) {
	want, err := d.text(t)
	g := setting.Goal[denied]{
		To: denied{now.who, want}, Met: d.met, Missing: "not so: " + d.met, Diff: "+ " + want,
		Loses: []string{kind(t.Ref) + " " + t.Ref.ID + d.loses}, Refused: serviceOwned(now.who),
	}
	there, ours := action.SameText(now.Text, want), false
	if d.enough != nil && now.Text != "" && !there {
		there, ours = d.enough(now.Text, want)
	}
	switch {
	case err != nil || g.Refused != "":
	case there:
		g.To = now
	case now.Text != "" && !ours:
		g.Refused = "the " + kind(t.Ref) + " has a policy " + d.policy + " that says something else"
	case now.Text != "":
		g.Diff = "- " + now.Text + "\n" + g.Diff
	}
	return g, err
}

func (d denial) calls(t effect.Target, from, to denied) ([]effect.Call, error) {
	h := holder{t.Ref, d.policy}
	switch {
	case action.SameText(from.Text, to.Text):
		return nil, nil
	case to.Text != "":
		return h.Calls(from.ARN, to.Text)
	}
	may := dropMay
	if t.Ref.Type == resource.User {
		may = dropUserMay
	}
	return setting.One(may, from.ARN, setting.In{nameOf(t.Ref): t.Ref.ID, "PolicyName": d.policy})
}

// sendInline puts or deletes a policy that is written into a user or role.
func sendInline(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := iam.NewFromConfig(cfg)
	switch call.Permission {
	case putUserMay:
		return setting.Send(ctx, call, c.PutUserPolicy)
	case dropUserMay:
		return setting.Send(ctx, call, c.DeleteUserPolicy)
	case dropMay:
		return setting.Send(ctx, call, c.DeleteRolePolicy)
	}
	return setting.Send(ctx, call, c.PutRolePolicy)
}
