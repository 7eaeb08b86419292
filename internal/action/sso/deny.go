package sso

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
)

const (
	denyID        = "sso.deny-user"
	dropInlineMay = "sso:DeleteInlinePolicyFromPermissionSet"
	// maxInline is how long the policy of a permission set may be (API_PutInlinePolicyToPermissionSet: InlinePolicy).
	maxInline = 32_768
)

// DenyUser denies one user everything in the roles of a permission set, sessions that have begun among it. It is the way that AWS documents:
// docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html and authconcept-revoke-access.html.
type DenyUser struct{}

// Info describes the action.
func (DenyUser) Info() action.Info {
	return action.Info{
		ID: denyID, Title: "Deny a user of Identity Center everything in the roles of a permission set",
		Why: "A session in a role of Identity Center lives for up to twelve hours when the assignment is gone, and IAM cannot change such roles. One " +
			"statement in the policy of the permission set, by the user's number, ends his sessions in all accounts, and nobody else's.",
		Risk: "The statement stays until it is taken back: when the user comes back with the same number, the permission set gives him nothing.",
		Undo: effect.Exact, Targets: []resource.Type{resource.PermissionSet},
		Reads:  []string{"sso:DescribePermissionSet", "sso:GetInlinePolicyForPermissionSet", "sso:ListAccountsForProvisionedPermissionSet"},
		Writes: []string{putInlineMay, dropInlineMay, provisionMay}, Role: awsorg.Organization,
		Params: []action.Param{
			{Name: "user", Text: "his number in Identity Center, such as 90676bd1ae-7a8b9c0d-1111-2222-3333-444455556666"},
			{Name: "session", Text: "where he has none any more, his user name, which is that of his sessions; with issued-before"},
			{Name: "issued-before", Text: "end the sessions of that name that were issued before this time, such as 2026-12-31T18:00:00Z"},
		},
	}
}

// numberForm is UserId as the API has it (docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html).
var numberForm = regexp.MustCompile(`^[0-9A-Fa-f-]{1,47}$`)

// denial is the statement that a target asks for, and its Sid.
func denial(t effect.Target) (json.RawMessage, string, error) {
	user, session, before := t.Params["user"], t.Params["session"], t.Params["issued-before"]
	switch {
	case user != "" && session+before == "" && numberForm.MatchString(user):
		sid := "DenyUser" + strings.ReplaceAll(user, "-", "x") // a Sid has letters and digits, and the number no x
		st, err := action.Text(struct {
			Sid, Effect, Action, Resource string
			Condition                     map[string]map[string]string
		}{sid, "Deny", "*", "*", map[string]map[string]string{"StringEquals": {"identitystore:UserId": user}}})
		return st, sid, err
	case user == "" && session != "" && before != "":
		at, err := time.Parse(timed.Stamp, before)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "%s: issued-before %q: want a time such as 2026-12-31T18:00:00Z", denyID, before)
		}
		e := timed.End{Session: session, Issued: at}
		st, err := e.Statement()
		return st, e.Sid(), err
	}
	return nil, "", fault.New(fault.Invalid, "%s wants user, the number of a user of Identity Center, or session and issued-before", denyID)
}

// denied is a policy with the statement. There says that it has it already.
func denied(now string, st json.RawMessage, sid string) (next string, there bool, err error) {
	doc, err := timed.Read(now)
	if err != nil {
		return "", false, err
	}
	if action.SameText(string(doc.Find(sid)), string(st)) {
		return now, true, nil
	}
	next, err = doc.With(st).Text()
	return next, false, err
}

// exists reports whether the permission set is there: of one that is not, the API gives no policy either.
func (x set) exists(ctx context.Context, cfg aws.Config) (bool, error) {
	_, err := ssoadmin.NewFromConfig(cfg).DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &x.instance, PermissionSetArn: &x.arn})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return false, nil
	}
	return err == nil, awsorg.Fault(err, "read permission set %s", x.arn)
}

// Plan adds the statement to the policy of the permission set.
func (DenyUser) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: denyID, Target: t, Undo: effect.Exact}
	st, sid, err := denial(t)
	if err != nil {
		return p, err
	}
	x, err := setOf(t.Ref)
	if err != nil {
		return p, err
	}
	is, err := x.exists(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	if !is {
		p.Nothing = "the permission set does not exist any more"
		return p, nil
	}
	now, err := x.Text(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	next, there, err := denied(now, st, sid)
	if err != nil {
		return p, err
	}
	if there {
		whole, err := x.Spread(ctx, s.Reader)
		if err != nil {
			return p, err
		}
		if whole {
			p.Nothing = "he is denied everything already"
			return p, nil
		}
	}
	if len(next) > maxInline {
		p.Refused = "the policy of the permission set would be longer than AWS allows: take what nobody needs out of it"
		return p, nil
	}
	p.Diff = "+ " + string(st)
	p.Loses = []string{loser(t) + ", with everything that permission set " + x.arn + " gives, in every account"}
	if p.Before, err = action.Text(narrow.Text{Document: now}); err != nil {
		return p, err
	}
	p.Calls, err = x.Calls(x.arn, next)
	return p, err
}

func loser(t effect.Target) string {
	if user := t.Params["user"]; user != "" {
		return "user " + user + " of Identity Center"
	}
	return "sessions that are called " + t.Params["session"] + ", issued before " + t.Params["issued-before"]
}
