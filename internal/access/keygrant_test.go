package access_test

import (
	"encoding/json"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/policy"
)

func TestKeyGrant(t *testing.T) {
	const (
		key    = "arn:aws:kms:eu-west-1:111122223333:key/1"
		worker = "arn:aws:iam::111122223333:role/worker"
		grant  = `{"KeyId":"` + key + `","GrantId":"g","GranteePrincipal":"` + worker + `","Operations":["Decrypt","DescribeKey"],"Constraints":`
	)
	some, all := grant+`{"EncryptionContextSubset":{"shop":"a"}}}`, grant+`{"EncryptionContextEquals":{"shop":"a"}}}`
	for _, c := range []struct {
		name, grant, who, action string
		context                  policy.Keys
		want                     access.Outcome
	}{
		{"what it grants", grant + `{}}`, worker, "kms:Decrypt", nil, access.Allowed},
		{"a session of the role", grant + `{}}`, "arn:aws:sts::111122223333:assumed-role/worker/s", "kms:Decrypt", nil, access.Allowed},
		{"another operation", grant + `{}}`, worker, "kms:Encrypt", nil, access.ImplicitlyDenied},
		{"somebody else", grant + `{}}`, "arn:aws:iam::111122223333:role/other", "kms:Decrypt", nil, access.ImplicitlyDenied},
		{"the context that it asks for", some, worker, "kms:Decrypt", policy.Keys{"kms:encryptioncontext:shop": policy.Is("a")}, access.Allowed},
		{"another context", some, worker, "kms:Decrypt", policy.Keys{"kms:encryptioncontext:shop": policy.Is("b")}, access.ImplicitlyDenied},
		{"an operation without a context", some, worker, "kms:DescribeKey", nil, access.Allowed},
		{"no more than it asks for", all, worker, "kms:Decrypt", policy.Keys{
			"kms:encryptioncontext:shop": policy.Is("a"), "kms:encryptioncontextkeys": {State: policy.Present, Texts: []string{"shop"}},
		}, access.Allowed},
		{"more than it asks for", all, worker, "kms:Decrypt", policy.Keys{
			"kms:encryptioncontext:shop": policy.Is("a"), "kms:encryptioncontextkeys": {State: policy.Present, Texts: []string{"shop", "till"}},
		}, access.ImplicitlyDenied},
	} {
		var g access.KeyGrant
		if err := json.Unmarshal([]byte(c.grant), &g); err != nil {
			t.Fatal(err)
		}
		d, err := g.Document()
		if err != nil {
			t.Fatal(err)
		}
		who, err := access.NewCaller(access.IAM, c.who, "")
		if err != nil {
			t.Fatal(err)
		}
		call := access.Call{Caller: who, Action: c.action, Resource: key, Account: "111122223333"}
		call.Context = access.Whole(&call, c.context)
		p := access.Policies{Resource: []*policy.Document{d}}
		if got := p.Decide(&call); got.Outcome != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.Outcome, c.want)
		}
	}
	for _, broken := range []string{`{"Operations":["Decrypt"]}`, `{"GranteePrincipal":"` + worker + `"}`} {
		var g access.KeyGrant
		if err := json.Unmarshal([]byte(broken), &g); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Document(); err == nil {
			t.Errorf("%s is taken", broken)
		}
	}
}

// TestKeyGrantAcrossAccounts: whom a grant names needs nothing of his own account, unless it is the account that is named; what limits him counts.
func TestKeyGrantAcrossAccounts(t *testing.T) {
	const key, worker = "arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:iam::444455556666:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
	const plain = "arn:aws:iam::444455556666:role/worker"
	parse := func(text string) *policy.Document {
		d, _, err := policy.Parse("p", policy.Identity, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	nothing := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	all := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	deny := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}`)
	for name, c := range map[string]struct {
		to, who string
		p       access.Policies
		want    access.Outcome
	}{
		"a role of a service":            {worker, worker, access.Policies{}, access.Allowed},
		"a role":                         {plain, plain, access.Policies{}, access.Allowed},
		"a role that is denied it":       {plain, plain, access.Policies{Identity: []*policy.Document{deny}}, access.ExplicitlyDenied},
		"a role within a boundary":       {plain, plain, access.Policies{Boundaries: []*policy.Document{nothing}}, access.ImplicitlyDenied},
		"an organisation that denies it": {plain, plain, access.Policies{SCPs: [][]*policy.Document{{all, deny}}}, access.ExplicitlyDenied},
		"its account":                    {"arn:aws:iam::444455556666:root", plain, access.Policies{}, access.ImplicitlyDenied},
		"its account, which gives it on": {"arn:aws:iam::444455556666:root", plain, access.Policies{Identity: []*policy.Document{all}}, access.Allowed},
		"another role of the account":    {worker, plain, access.Policies{}, access.ImplicitlyDenied},
		"another role, with every right": {worker, plain, access.Policies{Identity: []*policy.Document{all}}, access.ImplicitlyDenied},
	} {
		d, err := access.KeyGrant{KeyID: key, GrantID: "g", GranteePrincipal: c.to, Operations: []string{"Decrypt"}}.Document()
		if err != nil {
			t.Fatal(err)
		}
		who, err := access.NewCaller(access.IAM, c.who, "")
		if err != nil {
			t.Fatal(err)
		}
		call := access.Call{Caller: who, Action: "kms:Decrypt", Resource: key, Account: "111122223333"}
		call.Context = access.Whole(&call, nil)
		c.p.Resource = []*policy.Document{d}
		if got := c.p.Decide(&call); got.Outcome != c.want {
			t.Errorf("%s: %s, want %s", name, got.Outcome, c.want)
		}
	}
}
