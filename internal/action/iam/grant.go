package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
)

const (
	grantID  = "iam.grant-break-glass"
	trustMay = "iam:UpdateAssumeRolePolicy"
	// prepared is the path of the roles that may be given: a path cannot be changed, so that nobody makes another role such a one.
	prepared = ":role/break-glass/"
	within   = "role/break-glass/*"
)

// GrantBreakGlass lets one person take on a prepared role until a time.
type GrantBreakGlass struct{}

// Info describes the action.
func (GrantBreakGlass) Info() action.Info {
	return action.Info{
		ID: grantID, Title: "Let one person take on a break-glass role until a time",
		Why: "Nobody needs standing rights for the worst day. The statement names one principal, the name of the session and its end, " +
			"so that it ends by itself when nothing that could end it is running.",
		Risk: "The person can do what the role can until the end. Only roles under the path /break-glass/ are given.",
		Undo: effect.Compensating, Targets: []resource.Type{resource.Role},
		Reads:  []string{"iam:GetRole"},
		Writes: []string{trustMay}, Within: map[string]string{trustMay: within},
		Params: []action.Param{
			{Name: "sid", Text: "name of the statement, letters and digits", Required: true},
			{Name: "principal", Text: "ARN of the user or session", Required: true},
			{Name: "session", Text: "what the session has to be called", Required: true},
			{Name: "until", Text: "the end, such as 2026-12-31T18:00:00Z", Required: true},
		},
	}
}

// trustInput is the API's shape of the call.
type trustInput struct {
	RoleName       string
	PolicyDocument string
}

// grantOf is what a target asks for.
func grantOf(t effect.Target) (timed.Grant, error) {
	until, err := time.Parse(timed.Stamp, t.Params["until"])
	if err != nil {
		return timed.Grant{}, fault.New(fault.Invalid, "%s: until %q: want a time such as 2026-12-31T18:00:00Z", grantID, t.Params["until"])
	}
	return timed.Grant{Sid: t.Params["sid"], Principal: t.Params["principal"], Session: t.Params["session"], Until: until}, nil
}

// trusted is a role's ARN and trust policy as they are now.
func trusted(ctx context.Context, s action.Session, role string) (arn, text string, err error) {
	out, err := iam.NewFromConfig(s.Reader).GetRole(ctx, &iam.GetRoleInput{RoleName: &role})
	if err != nil {
		return "", "", awsorg.Fault(err, "read role %s", role)
	}
	if out.Role == nil || out.Role.Arn == nil {
		return "", "", fault.New(fault.Unavailable, "read role %s: the API answered without an ARN", role)
	}
	text, err = written(out.Role.AssumeRolePolicyDocument)
	return *out.Role.Arn, text, err
}

// Plan adds the statement to the trust policy as it is.
func (GrantBreakGlass) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: grantID, Target: t, Undo: effect.Compensating}
	g, err := grantOf(t)
	if err != nil {
		return p, err
	}
	st, err := g.Statement()
	if err != nil {
		return p, err
	}
	arn, now, err := trusted(ctx, s, t.Ref.ID)
	if err != nil {
		return p, err
	}
	if !strings.Contains(arn, prepared) {
		p.Refused = arn + " is no break-glass role: those are made under the path /break-glass/"
		return p, nil
	}
	doc, err := timed.Read(now)
	if err != nil {
		return p, err
	}
	if action.SameText(string(doc.Find(g.Sid)), string(st)) {
		p.Nothing = "the role trusts " + g.Principal + " already"
		return p, nil
	}
	next, err := doc.With(st).Text()
	if err != nil {
		return p, err
	}
	p.Diff = "+ " + string(st)
	p.Loses = []string{"nobody: " + g.Principal + " gets what " + t.Ref.ID + " can do, until " + t.Params["until"]}
	if p.Before, err = action.Text(narrow.Text{Document: now}); err != nil {
		return p, err
	}
	call, err := action.NewCall(trustMay, arn, trustInput{t.Ref.ID, next})
	p.Calls = []effect.Call{call}
	return p, err
}

// granting is what a plan's statement makes of the trust policy that the plan found.
func granting(p effect.Plan) (before, next string, err error) {
	var b narrow.Text
	if err := action.ReadBefore(p, &b); err != nil {
		return "", "", err
	}
	g, err := grantOf(p.Target)
	if err != nil {
		return "", "", err
	}
	st, err := g.Statement()
	if err != nil {
		return "", "", err
	}
	doc, err := timed.Read(b.Document)
	if err != nil {
		return "", "", err
	}
	next, err = doc.With(st).Text()
	return b.Document, next, err
}

// Do puts the trust policy with the statement.
func (GrantBreakGlass) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	before, next, err := granting(p)
	if err != nil {
		return effect.Result{}, err
	}
	planned, err := action.Only(p)
	if err != nil {
		return effect.Result{}, err
	}
	want, err := action.NewCall(trustMay, planned.Resource, trustInput{p.Target.Ref.ID, next})
	if err != nil {
		return effect.Result{}, err
	}
	if _, err := action.Exactly(p, want); err != nil {
		return effect.Result{}, err
	}
	arn, now, err := trusted(ctx, s, p.Target.Ref.ID)
	switch {
	case err != nil:
		return effect.Result{}, err
	case action.SameText(now, next):
		return effect.Result{Already: true}, nil
	case !action.SameText(now, before) || arn != planned.Resource || !strings.Contains(arn, prepared):
		return effect.Result{}, action.Moved(p)
	}
	return trust(ctx, s, p.Target.Ref.ID, next)
}

func trust(ctx context.Context, s action.Session, role, document string) (effect.Result, error) {
	_, err := iam.NewFromConfig(s.Responder).UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: &role, PolicyDocument: &document})
	if err != nil {
		return effect.Result{}, awsorg.Fault(err, "change whom role %s trusts", role)
	}
	after, err := action.Text(narrow.Text{Document: document})
	return effect.Result{Calls: 1, After: after}, err
}

// Inverse is the call that takes the statement out again. What else the policy has by then stays.
func (GrantBreakGlass) Inverse(p effect.Plan) ([]effect.Call, error) {
	before, _, err := granting(p)
	if err != nil {
		return nil, err
	}
	planned, err := action.Only(p)
	if err != nil {
		return nil, err
	}
	call, err := action.NewCall(trustMay, planned.Resource, trustInput{p.Target.Ref.ID, before})
	return []effect.Call{call}, err
}

// Undo takes the statement out of the trust policy as it is by then. A role that is gone trusts nobody.
func (GrantBreakGlass) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	arn, now, err := trusted(ctx, s, p.Target.Ref.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		return effect.Result{Already: true}, nil
	case err != nil:
		return effect.Result{}, err
	case !strings.Contains(arn, prepared):
		return effect.Result{}, fault.New(fault.Denied, "%s is no break-glass role", arn)
	}
	doc, err := timed.Read(now)
	if err != nil {
		return effect.Result{}, err
	}
	sid := p.Target.Params["sid"]
	if sid == "" || doc.Find(sid) == nil {
		return effect.Result{Already: true}, nil
	}
	if doc = doc.Without(sid); doc.Empty() {
		doc = doc.With([]byte(timed.Nobody))
	}
	next, err := doc.Text()
	if err != nil {
		return effect.Result{}, err
	}
	return trust(ctx, s, p.Target.Ref.ID, next)
}

// Verify looks whether the role trusts as planned.
func (GrantBreakGlass) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	g, err := grantOf(p.Target)
	if err != nil {
		return effect.Check{}, err
	}
	st, err := g.Statement()
	if err != nil {
		return effect.Check{}, err
	}
	_, now, err := trusted(ctx, s, p.Target.Ref.ID)
	if err != nil {
		return action.Unseen(err), nil
	}
	doc, err := timed.Read(now)
	if err != nil {
		return action.Unseen(err), nil
	}
	if action.SameText(string(doc.Find(g.Sid)), string(st)) {
		return effect.Check{Holds: true, Text: "the role trusts " + g.Principal + " until " + p.Target.Params["until"]}, nil
	}
	return effect.Check{Text: "the role does not trust " + g.Principal}, nil
}
