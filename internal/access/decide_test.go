package access_test

import (
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/policy"
)

const (
	user    = "arn:aws:iam::111122223333:user/ana"
	role    = "arn:aws:iam::111122223333:role/shop"
	session = "arn:aws:sts::111122223333:assumed-role/shop/ci"
	root    = "arn:aws:iam::111122223333:root"
	bucket  = "arn:aws:s3:::shop/a.txt"
	key     = "arn:aws:kms:eu-west-1:111122223333:key/k"
)

// grant is a statement in short: "allow ACTION RESOURCE [PRINCIPAL]", or deny.
func grant(t *testing.T, kind policy.Kind, short ...string) *policy.Document {
	t.Helper()
	var list []string
	for _, s := range short {
		f := strings.Fields(s)
		effect := map[string]string{"allow": "Allow", "deny": "Deny"}[f[0]]
		who := ""
		if len(f) > 3 {
			who = `"Principal":{"AWS":"` + f[3] + `"},`
			if strings.HasSuffix(f[3], ".amazonaws.com") {
				who = `"Principal":{"Service":"` + f[3] + `"},`
			}
			if not, ok := strings.CutPrefix(f[3], "!"); ok {
				who = `"NotPrincipal":{"AWS":"` + not + `"},`
			}
		}
		list = append(list, fmt.Sprintf(`{%s"Effect":%q,"Action":%q,"Resource":%q}`, who, effect, f[1], f[2]))
	}
	d, _, err := policy.Parse("p.json", kind, []byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func call(t *testing.T, kind access.Kind, who, action, resource, account string) *access.Call {
	t.Helper()
	caller, err := access.NewCaller(kind, who, "")
	if err != nil {
		t.Fatal(err)
	}
	c := &access.Call{Caller: caller, Action: action, Resource: resource, Account: account}
	c.Context = access.Whole(c, nil)
	return c
}

// TestLayers is the evaluation logic of the documentation, one layer at a time: what allows, and who has to
// (reference_policies_evaluation-logic_policy-eval-basics-single-account.html, …_cross-account.html, access_policies_boundaries.html).
func TestLayers(t *testing.T) {
	const (
		home, away  = "111122223333", "444455556666"
		all, no     = "allow s3:* *", "allow ec2:* *"
		allowed     = access.Allowed
		implicitly  = access.ImplicitlyDenied
		explicitly  = access.ExplicitlyDenied
		everybody   = "allow s3:* * *"
		toAccount   = "allow s3:* * " + root
		toUser      = "allow s3:* * " + user
		toRole      = "allow s3:* * " + role
		toSession   = "allow s3:* * " + session
		butUser     = "deny s3:* * !" + user
		denied      = "deny s3:GetObject *"
		full        = "allow * *"
		pathedGrant = "allow s3:* * arn:aws:iam::111122223333:role/team/shop"
	)
	for name, c := range map[string]struct {
		who, account                                              string
		identity, boundary, session, resource, scp, rcp, endpoint string
		want                                                      access.Outcome
	}{
		"nothing allows":                                {user, home, "", "", "", "", "", "", "", implicitly},
		"its own policy does":                           {user, home, all, "", "", "", "", "", "", allowed},
		"another service":                               {user, home, no, "", "", "", "", "", "", implicitly},
		"a deny beside it":                              {user, home, all, "", "", "", "deny s3:GetObject *", "", "", explicitly},
		"the resource names the user":                   {user, home, "", "", "", toUser, "", "", "", allowed},
		"the resource names the account":                {user, home, "", "", "", toAccount, "", "", "", implicitly},
		"the account, and its own policy":               {user, home, all, "", "", toAccount, "", "", "", allowed},
		"the resource names everybody":                  {user, home, "", "", "", everybody, "", "", "", allowed},
		"a boundary that is silent":                     {user, home, all, no, "", "", "", "", "", implicitly},
		"a boundary does not bind what a user is given": {user, home, "", no, "", toUser, "", "", "", allowed},
		"but what a role is given":                      {session, home, "", no, "", toRole, "", "", "", implicitly},
		"and not what a session is given":               {session, home, "", no, "", toSession, "", "", "", allowed},
		"nor does the policy of the session":            {session, home, "", "", no, toSession, "", "", "", allowed},
		"a session has what its role is given":          {session, home, "", "", "", toRole, "", "", "", allowed},
		"by a role with a path":                         {session, home, "", "", "", pathedGrant, "", "", "", allowed},
		"a session policy cuts its role":                {session, home, all, "", no, "", "", "", "", implicitly},
		"NotPrincipal leaves out a user":                {user, home, all, "", "", butUser, "", "", "", allowed},
		"but none with a boundary":                      {user, home, all, all, "", butUser, "", "", "", explicitly},
		"another account: its own policy is not enough": {user, away, all, "", "", "", "", "", "", implicitly},
		"another account: nor is the resource's":        {user, away, "", "", "", toUser, "", "", "", implicitly},
		"another account: both":                         {user, away, all, "", "", toAccount, "", "", "", allowed},
		"the organisation is silent":                    {user, home, all, "", "", "", no, "", "", implicitly},
		"the organisation binds what a resource gives":  {user, home, "", "", "", toUser, no, "", "", implicitly},
		"an RCP denies":                                 {user, home, all, "", "", "", full, denied + " *", "", explicitly},
		"the endpoint is silent":                        {user, home, all, "", "", "", "", "", no + " *", implicitly},
		"the endpoint allows":                           {user, home, all, "", "", "", "", "", all + " *", allowed},
		"the root of an account":                        {root, home, "", "", "", "", "", "", "", allowed},
		"and not against its organisation":              {root, home, "", "", "", "", denied, "", "", explicitly},
		"a service-linked role is above it":             {"arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", home, all, "", "", "", denied, "", "", allowed},
	} {
		t.Run(name, func(t *testing.T) {
			var p access.Policies
			one := func(kind policy.Kind, s string) (out []*policy.Document) {
				if s != "" {
					out = append(out, grant(t, kind, s))
				}
				return out
			}
			p.Identity, p.Boundaries, p.Endpoint = one(policy.Identity, c.identity), one(policy.Identity, c.boundary), one(policy.Endpoint, c.endpoint)
			if s := one(policy.Identity, c.session); s != nil {
				p.Session = s[0]
			}
			p.Resource = one(policy.Resource, c.resource)
			if s := one(policy.SCP, c.scp); s != nil {
				p.SCPs = [][]*policy.Document{s}
			}
			if s := one(policy.RCP, c.rcp); s != nil {
				p.RCPs = [][]*policy.Document{s}
			}
			d := p.Decide(call(t, access.IAM, c.who, "s3:GetObject", bucket, c.account))
			if d.Outcome != c.want {
				t.Errorf("%+v, want %s", d, c.want)
			}
			if (d.Outcome == access.ImplicitlyDenied) != (len(d.Lacks) > 0) {
				t.Errorf("%s lacks %v", d.Outcome, d.Lacks)
			}
		})
	}
}

// TestOthers: who has no account of its own, and what lets nobody in whom it does not name.
func TestOthers(t *testing.T) {
	of := func(short string) []*policy.Document { return []*policy.Document{grant(t, policy.Resource, short)} }
	open, service := of("allow s3:* * *"), of("allow s3:* * sns.amazonaws.com")
	own := []*policy.Document{grant(t, policy.Identity, "allow kms:* *")}
	for name, c := range map[string]struct {
		call *access.Call
		p    access.Policies
		want access.Outcome
	}{
		"anonymous, open":          {call(t, access.Anonymous, "", "s3:GetObject", bucket, "111122223333"), access.Policies{Resource: open}, access.Allowed},
		"anonymous, for a service": {call(t, access.Anonymous, "", "s3:GetObject", bucket, "111122223333"), access.Policies{Resource: service}, access.ImplicitlyDenied},
		"a service":                {call(t, access.Service, "sns.amazonaws.com", "s3:GetObject", bucket, "111122223333"), access.Policies{Resource: service}, access.Allowed},
		"another service":          {call(t, access.Service, "ses.amazonaws.com", "s3:GetObject", bucket, "111122223333"), access.Policies{Resource: service}, access.ImplicitlyDenied},
		"a key without a policy":   {call(t, access.IAM, user, "kms:Decrypt", key, "111122223333"), access.Policies{Identity: own}, access.ImplicitlyDenied},
		"a key that leaves it to its account": {
			call(t, access.IAM, user, "kms:Decrypt", key, "111122223333"),
			access.Policies{Identity: own, Resource: of("allow kms:* * " + root)},
			access.Allowed,
		},
		"a key that names another": {
			call(t, access.IAM, user, "kms:Decrypt", key, "111122223333"),
			access.Policies{Identity: own, Resource: of("allow kms:* * " + role)},
			access.ImplicitlyDenied,
		},
	} {
		if d := c.p.Decide(c.call); d.Outcome != c.want {
			t.Errorf("%s: %+v, want %s", name, d, c.want)
		}
	}
}

// TestFederated: who comes from a provider of identities is let in by the trust of a role alone, on the provider's word.
func TestFederated(t *testing.T) {
	const provider, role = "arn:aws:iam::111122223333:oidc-provider/ci.example.com", "arn:aws:iam::111122223333:role/deploy"
	trust, _, err := policy.Parse("trust", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",
		"Principal":{"Federated":"`+provider+`"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"ci.example.com:sub":"repo:shop/*"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who, action string
		context     policy.Keys
		want        access.Outcome
	}{
		{provider, "sts:AssumeRoleWithWebIdentity", policy.Keys{"ci.example.com:sub": policy.Is("repo:shop/web")}, access.Allowed},
		{provider, "sts:AssumeRoleWithWebIdentity", policy.Keys{"ci.example.com:sub": policy.Is("repo:other/web")}, access.ImplicitlyDenied},
		{provider, "sts:AssumeRole", policy.Keys{"ci.example.com:sub": policy.Is("repo:shop/web")}, access.ImplicitlyDenied},
		{"arn:aws:iam::111122223333:oidc-provider/other.example.com", "sts:AssumeRoleWithWebIdentity", policy.Keys{"ci.example.com:sub": policy.Is("repo:shop/web")}, access.ImplicitlyDenied},
	} {
		who, err := access.NewCaller(access.Federated, c.who, "")
		if err != nil {
			t.Fatal(err)
		}
		call := access.Call{Caller: who, Action: c.action, Resource: role, Account: "111122223333"}
		p := access.Policies{Resource: []*policy.Document{trust}}
		for whole, want := range map[bool]access.Outcome{true: c.want, false: c.want} {
			if call.Context = access.Partial(&call, c.context); whole {
				call.Context = access.Whole(&call, c.context)
			}
			if d := p.Decide(&call); d.Outcome != want {
				t.Errorf("%s of %s: %s, want %s", c.action, c.who, d.Outcome, want)
			}
		}
	}
	who, err := access.NewCaller(access.Federated, provider, "")
	if err != nil {
		t.Fatal(err)
	}
	call := access.Call{Caller: who, Action: "sts:AssumeRoleWithWebIdentity", Resource: role, Account: "111122223333"}
	call.Context = access.Partial(&call, nil)
	if d := (&access.Policies{Resource: []*policy.Document{trust}}).Decide(&call); d.Outcome != access.Unknown {
		t.Errorf("without the subject: %s", d.Outcome)
	}
}
