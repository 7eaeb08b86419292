package builtin_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/access"
	"jobzero/internal/action"
	iamactions "jobzero/internal/action/iam"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

const (
	glassEnd  = "2030-04-05T16:00:00Z"
	glassName = "break-glass-01JTEST"
	ana       = "arn:aws:iam::444455556666:user/ana"
	admin     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
)

// newRole makes a role under a path; its trust policy has one statement that is no list.
func newRole(t *testing.T, owner aws.Config, path string) {
	t.Helper()
	alone := strings.NewReplacer("[", "", "]", "").Replace(trust)
	must[*iam.CreateRoleOutput](t)(iam.NewFromConfig(owner).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("emergency"), Path: &path, AssumeRolePolicyDocument: &alone}))
}

func glassRole(t *testing.T, owner aws.Config, account string) effect.Target {
	newRole(t, owner, "/break-glass/")
	return effect.Target{Ref: resource.Ref{Type: resource.Role, Account: account, ID: "emergency"}, Params: map[string]string{
		"sid": "BreakGlass01JTEST", "principal": ana, "session": glassName, "until": glassEnd,
	}}
}

// trustState is the trust policy; whether its one statement stands in a list says nothing.
func trustState(t *testing.T, owner aws.Config, to effect.Target) string {
	text := trustText(t, owner, to)
	var doc struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Statement[0] != '[' {
		doc.Statement = append(append([]byte{'['}, doc.Statement...), ']')
	}
	return doc.Version + " " + string(doc.Statement)
}

func trustText(t *testing.T, owner aws.Config, to effect.Target) string {
	t.Helper()
	return plain(t, must[*iam.GetRoleOutput](t)(iam.NewFromConfig(owner).GetRole(t.Context(), &iam.GetRoleInput{RoleName: &to.Ref.ID})).Role.AssumeRolePolicyDocument)
}

func otherTrust(t *testing.T, owner aws.Config, to effect.Target) {
	changed := strings.Replace(trust, "lambda", "ec2", 1)
	must[*iam.UpdateAssumeRolePolicyOutput](t)(iam.NewFromConfig(owner).UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: &to.Ref.ID, PolicyDocument: &changed}))
}

func endedRole(t *testing.T, owner aws.Config, account string) effect.Target {
	newRole(t, owner, "/")
	return effect.Target{Ref: resource.Ref{Type: resource.Role, Account: account, ID: "emergency"}, Params: map[string]string{"issued-before": glassEnd}}
}

func endState(t *testing.T, owner aws.Config, to effect.Target) string {
	out, err := iam.NewFromConfig(owner).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("jobzero-ended-sessions")})
	if err != nil {
		return "none"
	}
	return plain(t, out.PolicyDocument)
}

func otherEnd(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.PutRolePolicyOutput](t)(iam.NewFromConfig(owner).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("jobzero-ended-sessions"), PolicyDocument: aws.String(other)}))
}

func document(t *testing.T, kind policy.Kind, text string) []*policy.Document {
	t.Helper()
	d, _, err := policy.Parse("x.json", kind, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return []*policy.Document{d}
}

// does plans and does an action, as the owner.
func does(t *testing.T, a action.Action, owner aws.Config, to effect.Target) {
	t.Helper()
	s := action.Session{Reader: owner, Responder: owner}
	p, err := a.Plan(t.Context(), s, to)
	if err != nil || p.Refused != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := a.Do(t.Context(), s, p); err != nil {
		t.Fatal(err)
	}
}

// TestWhoMayTakeOnTheRole decides over AssumeRole by the trust policy that the action leaves, as AWS does.
func TestWhoMayTakeOnTheRole(t *testing.T) {
	account := testmoto.Account()
	owner := testmoto.Shared(t).Config(account)
	to := glassRole(t, owner, account)
	does(t, iamactions.GrantBreakGlass{}, owner, to)
	trusts := document(t, policy.Resource, trustText(t, owner, to))
	for name, c := range map[string]struct {
		who, at, session string
		want             access.Outcome
	}{
		"in time":                      {ana, "2030-04-05T15:59:59Z", glassName, access.Allowed},
		"at the end":                   {ana, glassEnd, glassName, access.ImplicitlyDenied},
		"a day later":                  {ana, "2030-04-06T12:00:00Z", glassName, access.ImplicitlyDenied},
		"somebody else":                {"arn:aws:iam::444455556666:user/bo", "2030-04-05T12:00:00Z", glassName, access.ImplicitlyDenied},
		"a user of the role's account": {"arn:aws:iam::" + account + ":user/ana", "2030-04-05T12:00:00Z", glassName, access.ImplicitlyDenied},
		"under another name":           {ana, "2030-04-05T12:00:00Z", "work", access.ImplicitlyDenied},
	} {
		caller, err := access.NewCaller(access.IAM, c.who, "")
		if err != nil {
			t.Fatal(err)
		}
		call := &access.Call{Caller: caller, Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + account + ":role/break-glass/emergency", Account: account}
		call.Context = access.Whole(call, policy.Keys{"aws:currenttime": policy.Is(c.at), "sts:rolesessionname": policy.Is(c.session)})
		p := access.Policies{Identity: document(t, policy.Identity, admin), Resource: trusts}
		if strings.Contains(c.who, account) {
			p.Identity = nil // the trust policy alone may not let it in
		}
		if got := p.Decide(call); got.Outcome != c.want {
			t.Errorf("%s: %s %v, want %s", name, got.Outcome, got.Unknown, c.want)
		}
	}
}

// TestWhichSessionsEnd decides over a call of a session by the policies that the action leaves on an administrator's role.
func TestWhichSessionsEnd(t *testing.T) {
	account := testmoto.Account()
	owner := testmoto.Shared(t).Config(account)
	to := endedRole(t, owner, account)
	with := func(params map[string]string) effect.Target { return effect.Target{Ref: to.Ref, Params: params} }
	does(t, iamactions.EndRoleSessions{}, owner, with(map[string]string{"session": glassName, "from": glassEnd}))
	does(t, iamactions.EndRoleSessions{}, owner, with(map[string]string{"session": glassName, "issued-before": "2030-04-05T13:00:00Z"}))
	identity := append(document(t, policy.Identity, admin), document(t, policy.Identity, endState(t, owner, to))...)
	for name, c := range map[string]struct {
		session, issued, at string
		want                access.Outcome
	}{
		"a session from before the end": {glassName, "2030-04-05T12:59:59Z", "2030-04-05T13:00:01Z", access.ExplicitlyDenied},
		"a new session":                 {glassName, "2030-04-05T13:00:01Z", "2030-04-05T14:00:00Z", access.Allowed},
		"a new session after its time":  {glassName, "2030-04-05T15:59:00Z", glassEnd, access.ExplicitlyDenied},
		"another one's old session":     {"break-glass-01JOTHER", "2030-04-05T12:00:00Z", "2030-04-05T14:00:00Z", access.Allowed},
	} {
		caller, err := access.NewCaller(access.IAM, "arn:aws:sts::"+account+":assumed-role/emergency/"+c.session, "")
		if err != nil {
			t.Fatal(err)
		}
		call := &access.Call{Caller: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::payroll/a", Account: account}
		call.Context = access.Whole(call, policy.Keys{
			"aws:currenttime": policy.Is(c.at), "aws:tokenissuetime": policy.Is(c.issued), "aws:userid": policy.Is("AROAEXAMPLE:" + c.session),
		})
		if got := (&access.Policies{Identity: identity}).Decide(call); got.Outcome != c.want {
			t.Errorf("%s: %s %v, want %s", name, got.Outcome, got.Unknown, c.want)
		}
	}
}

// TestEndsAreForgotten: the policy does not grow for ever.
func TestEndsAreForgotten(t *testing.T) {
	account := testmoto.Account()
	owner := testmoto.Shared(t).Config(account)
	to := endedRole(t, owner, account)
	at, _ := time.Parse(time.RFC3339, glassEnd)
	for i := range 20 {
		to.Params = map[string]string{"from": at.Add(time.Duration(i) * 4 * time.Hour).Format(time.RFC3339), "session": glassName}
		does(t, iamactions.EndRoleSessions{}, owner, to)
	}
	if n := strings.Count(endState(t, owner, to), "Sid"); n != 4 { // the last, and those of the 13 hours before it
		t.Errorf("%d statements are left, want 4", n)
	}
}

// TestGlassRefuses: only prepared roles are given, and only to one person.
func TestGlassRefuses(t *testing.T) {
	account := testmoto.Account()
	owner := testmoto.Shared(t).Config(account)
	s := action.Session{Reader: owner, Responder: owner}
	to := glassRole(t, owner, account)
	for _, who := range []string{"*", "arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/x", "arn:aws:iam::444455556666:user/*", "arn:aws:sts::444455556666:assumed-role/x", "ana"} {
		bad := effect.Target{Ref: to.Ref, Params: map[string]string{"sid": "A", "principal": who, "session": glassName, "until": glassEnd}}
		if p, err := (iamactions.GrantBreakGlass{}).Plan(t.Context(), s, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %+v, %v", who, p, err)
		}
	}
	p, err := (iamactions.GrantBreakGlass{}).Plan(t.Context(), s, to)
	if err != nil {
		t.Fatal(err)
	}
	p.Target.Params["principal"] = "arn:aws:iam::444455556666:user/mallory" // a journal that was changed
	if _, err := (iamactions.GrantBreakGlass{}).Do(t.Context(), s, p); !fault.Is(err, fault.Invalid) {
		t.Errorf("a plan for somebody else: %v", err)
	}
	elsewhere := testmoto.Account()
	owner = testmoto.Shared(t).Config(elsewhere)
	newRole(t, owner, "/")
	to.Ref.Account, to.Params["principal"] = elsewhere, ana
	p, err = (iamactions.GrantBreakGlass{}).Plan(t.Context(), action.Session{Reader: owner}, to)
	if err != nil || !strings.Contains(p.Refused, "no break-glass role") {
		t.Errorf("a role that is not prepared: %+v, %v", p, err)
	}
}

// TestTheLastStatementLeavesNobody: IAM refuses a trust policy without statements, and a grant that cannot be taken back would be one for ever.
func TestTheLastStatementLeavesNobody(t *testing.T) {
	account := testmoto.Account()
	owner := testmoto.Shared(t).Config(account)
	s := action.Session{Reader: owner, Responder: owner}
	to := glassRole(t, owner, account)
	p, err := (iamactions.GrantBreakGlass{}).Plan(t.Context(), s, to)
	if err != nil {
		t.Fatal(err)
	}
	does(t, iamactions.GrantBreakGlass{}, owner, to)
	doc, err := timed.Read(trustText(t, owner, to))
	if err != nil {
		t.Fatal(err)
	}
	none, err := timed.Read("")
	if err != nil {
		t.Fatal(err)
	}
	alone, err := none.With(doc.Find("BreakGlass01JTEST")).Text()
	if err != nil {
		t.Fatal(err)
	}
	must[*iam.UpdateAssumeRolePolicyOutput](t)(iam.NewFromConfig(owner).UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: &to.Ref.ID, PolicyDocument: &alone}))
	if _, err := (iamactions.GrantBreakGlass{}).Undo(t.Context(), s, p); err != nil {
		t.Fatal(err)
	}
	left := trustText(t, owner, to)
	caller, err := access.NewCaller(access.IAM, ana, "")
	if err != nil {
		t.Fatal(err)
	}
	call := &access.Call{Caller: caller, Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + account + ":role/break-glass/emergency", Account: account}
	call.Context = access.Whole(call, policy.Keys{"aws:currenttime": policy.Is("2030-04-05T12:00:00Z"), "sts:rolesessionname": policy.Is(glassName)})
	if d := (&access.Policies{Identity: document(t, policy.Identity, admin), Resource: document(t, policy.Resource, left)}).Decide(call); d.Outcome != access.ImplicitlyDenied {
		t.Errorf("%s by %s", d.Outcome, left)
	}
}
