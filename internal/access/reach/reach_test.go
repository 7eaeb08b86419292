package reach_test

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// tried is an account of one user "me" with some rights, and who and what is beside him.
func tried(more m, statements ...m) *account {
	a := &account{id: shop}
	a.user("me", more, statements...)
	a.role("target", []m{trust("Service", "lambda.amazonaws.com")}, nil, allow("*", "*"))
	a.policy("limit", allow("*", "s3:*", "iam:PutUserPolicy"))
	a.policy("loose", allow("*", "s3:*", "iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"))
	return a
}

const scps = `{"Id":"r-a","Arn":"arn:aws:organizations::999988887777:root/o-a/r-a","Policies":[{"Name":"all","Type":"SERVICE_CONTROL_POLICY","Content":
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}],"Children":[{"Id":"111122223333",
"Arn":"arn:aws:organizations::999988887777:account/o-a/111122223333","Policies":[{"Name":"some","Type":"SERVICE_CONTROL_POLICY","Content":
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},%s]}}]}]}`

// TestLimits: what keeps somebody from a step, or only seems to.
func TestLimits(t *testing.T) {
	target := arn(shop, "role/target")
	function := []string{"lambda:CreateFunction", "lambda:InvokeFunction"}
	for name, c := range map[string]struct {
		more       m
		statements []m
		scp        string
		method     string
		truth      policy.Truth // of the step
		admin      policy.Truth // of getting to an administrator
	}{
		"the rights it needs":             {nil, []m{allow("*", "iam:PutUserPolicy")}, "", "put-user-policy", policy.Yes, policy.Yes},
		"on another user":                 {nil, []m{allow(arn(shop, "user/bo"), "iam:PutUserPolicy")}, "", "put-user-policy", policy.No, policy.No},
		"a boundary that leaves little":   {bounded(arn(shop, "policy/limit")), []m{allow("*", "iam:PutUserPolicy")}, "", "put-user-policy", policy.Yes, policy.No},
		"a boundary that denies it":       {bounded(arn(shop, "policy/mfa")), []m{allow("*", "iam:PutUserPolicy")}, "", "put-user-policy", policy.Maybe, policy.Maybe},
		"a boundary that it may take off": {bounded(arn(shop, "policy/loose")), []m{allow("*", "iam:PutUserPolicy")}, "", "put-user-policy", policy.Yes, policy.Yes},
		"one that it may rewrite":         {bounded(arn(shop, "policy/limit")), []m{allow("*", "iam:PutUserPolicy", "iam:CreatePolicyVersion")}, "", "boundary-version", policy.No, policy.No},
		"a denial beside it":              {nil, []m{allow("*", "iam:*"), deny("*", "iam:Put*", "iam:Attach*", "iam:Create*", "iam:Set*", "iam:Update*", "iam:Add*", "iam:PassRole")}, "", "put-user-policy", policy.No, policy.No},
		"an organisation that denies it":  {nil, []m{allow("*", "iam:PutUserPolicy")}, `{"Effect":"Deny","Action":"iam:Put*","Resource":"*"}`, "put-user-policy", policy.No, policy.No},
		"one that denies other regions": {
			nil,
			[]m{allow("*", function...), allow(target, "iam:PassRole")},
			`{"Effect":"Deny","NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}}`, "function-invoke", policy.Yes, policy.Yes,
		},
		"a second factor":          {nil, []m{when(allow("*", "iam:PutUserPolicy"), "Bool", "aws:MultiFactorAuthPresent", "true")}, "", "put-user-policy", policy.Maybe, policy.Maybe},
		"handing over, anywhere":   {nil, []m{allow("*", append(function, "iam:PassRole")...)}, "", "function-invoke", policy.Yes, policy.Yes},
		"another role":             {nil, []m{allow("*", function...), allow(arn(shop, "role/other"), "iam:PassRole")}, "", "function-invoke", policy.No, policy.No},
		"to the service":           {nil, []m{allow("*", function...), when(allow(target, "iam:PassRole"), "StringEquals", "iam:PassedToService", "lambda.amazonaws.com")}, "", "function-invoke", policy.Yes, policy.Yes},
		"to another service":       {nil, []m{allow("*", function...), when(allow(target, "iam:PassRole"), "StringEquals", "iam:PassedToService", "ec2.amazonaws.com")}, "", "function-invoke", policy.No, policy.No},
		"names that one chooses":   {nil, []m{allow("arn:aws:lambda:*:*:function:dev-*", function...), allow(target, "iam:PassRole")}, "", "function-invoke", policy.Yes, policy.Yes},
		"two names that differ":    {nil, []m{allow("arn:aws:lambda:*:*:function:dev-*", function[0]), allow("arn:aws:lambda:*:*:function:ops-*", function[1]), allow(target, "iam:PassRole")}, "", "function-invoke", policy.No, policy.No},
		"of another account":       {nil, []m{allow("arn:aws:lambda:*:"+other+":function:*", function...), allow(target, "iam:PassRole")}, "", "function-invoke", policy.No, policy.No},
		"only harmless policies":   {nil, []m{when(allow("*", "iam:AttachUserPolicy"), "ArnEquals", "iam:PolicyARN", "arn:aws:iam::aws:policy/ReadOnlyAccess")}, "", "attach-user-policy", policy.No, policy.No},
		"all but":                  {nil, []m{{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}}, "", "administers", policy.Yes, policy.Yes},
		"itself, by its name":      {nil, []m{allow("arn:aws:iam::*:user/${aws:username}", "iam:PutUserPolicy")}, "", "put-user-policy", policy.Yes, policy.Yes},
		"all but itself":           {nil, []m{{"Effect": "Allow", "Action": "iam:PutUserPolicy", "NotResource": "arn:aws:iam::*:user/me"}}, "", "put-user-policy", policy.No, policy.No},
		"a role with all rights":   {nil, []m{allow("*", "iam:CreateRole", "iam:AttachRolePolicy")}, "", "make-role", policy.Yes, policy.Yes},
		"only with the boundary":   {nil, []m{when(allow("*", "iam:CreateRole", "iam:AttachRolePolicy"), "StringEquals", "iam:PermissionsBoundary", "arn:x")}, "", "make-role", policy.No, policy.No},
		"a policy nobody has read": {attached("arn:aws:iam::aws:policy/NotHere"), nil, "", "administers", policy.Maybe, policy.Maybe},
	} {
		a := tried(c.more, c.statements...)
		a.policy("mfa", when(allow("*", "*"), "Bool", "aws:MultiFactorAuthPresent", "true"))
		a.role("other", []m{trust("Service", "ec2.amazonaws.com")}, nil)
		var texts []string
		if c.scp != "" {
			texts = append(texts, strings.Replace(scps, "%s", c.scp, 1))
		}
		g := graphOf(t, []*account{a}, nil, texts...)
		me := arn(shop, "user/me")
		sure, maybe := ways(t, g, me)
		_, is := sure[c.method]
		_, perhaps := maybe[c.method]
		if is != (c.truth == policy.Yes) || perhaps != (c.truth == policy.Maybe) {
			t.Errorf("%s: %s: %t, perhaps %t; found %v, perhaps %v", name, c.method, is, perhaps, keysOf(sure), keysOf(maybe))
		}
		paths, cut, err := g.Escalations(me)
		truth := policy.No
		if len(paths) > 0 {
			truth = paths[0].Truth
		}
		if err != nil || cut || truth != c.admin {
			t.Errorf("%s: an administrator: %v, want %v (%v)", name, truth, c.admin, err)
		}
	}
}

// TestAcross: trust leads from account to account, in rings too; what a role lets in counts, and not only what one may.
func TestAcross(t *testing.T) {
	a, b := &account{id: shop}, &account{id: other}
	a.user("me", nil, allow("*", "sts:AssumeRole"))
	a.user("named", nil)
	a.role("first", []m{trust("AWS", arn(shop, "root"))}, nil, allow("*", "sts:AssumeRole"))
	a.role("direct", []m{trust("AWS", arn(shop, "user/named"))}, nil)
	a.role("ring", []m{trust("AWS", arn(other, "role/second"))}, nil, allow("*", "sts:AssumeRole"))
	b.role("second", []m{trust("AWS", arn(shop, "role/first"), arn(shop, "role/ring"))}, nil, allow("*", "sts:AssumeRole"))
	b.role("admin", []m{trust("AWS", arn(other, "role/second"))}, nil, allow("*", "*"))
	b.role("closed", []m{when(trust("AWS", arn(shop, "root")), "StringEquals", "sts:ExternalId", "x")}, nil)
	b.role("people", []m{{"Effect": "Allow", "Principal": m{"Federated": arn(other, "saml-provider/idp")}, "Action": "sts:AssumeRoleWithSAML"}}, nil)
	b.user("lonely", nil)
	g := graphOf(t, []*account{a, b}, nil)
	r, err := g.Radius(arn(shop, "user/me"))
	if err != nil || r.Cut {
		t.Fatal(err, r.Cut)
	}
	got := map[string]reach.Become{}
	for _, p := range r.Principals {
		got[p.ARN] = p
	}
	for who, want := range map[string]struct {
		steps int
		truth policy.Truth
	}{
		arn(shop, "role/first"): {1, policy.Yes}, arn(other, "role/second"): {2, policy.Yes}, arn(shop, "role/ring"): {3, policy.Yes}, arn(other, "role/admin"): {3, policy.Yes},
		arn(other, "role/closed"): {4, policy.Yes}, arn(other, "user/lonely"): {4, policy.Yes}, arn(other, "role/people"): {4, policy.Yes},
	} {
		if p := got[who]; p.Steps != want.steps || p.Truth != want.truth {
			t.Errorf("%s: %+v, want %+v", who, p, want)
		}
	}
	if _, ok := got[arn(shop, "role/direct")]; ok {
		t.Error("a role that trusts one user lets another in")
	}
	if edges, err := g.Ways(arn(shop, "user/named")); err != nil || len(edges) != 1 || edges[0].Method.Name != "assume-role" {
		t.Errorf("whom a role of his account trusts by name needs nothing else: %+v %v", edges, err)
	}
	if !slices.Equal(g.Entries()[arn(other, "role/people")], []string{arn(other, "saml-provider/idp")}) {
		t.Errorf("entries: %v", g.Entries())
	}
	paths, _, err := g.Escalations(arn(shop, "user/me"))
	if err != nil || len(paths) != 1 || paths[0].Length() != 3 || g.Account(paths[0].To) != other || len(paths[0].Steps[0].Calls[0].By) == 0 {
		t.Errorf("paths: %+v %v", paths, err)
	}
	if _, err := g.Radius(arn(shop, "user/gone")); !fault.Is(err, fault.NotFound) {
		t.Errorf("of somebody who is not there: %v", err)
	}
}

// TestData: what is read is counted by its class, for certain and perhaps, with the policies of the resources.
func TestData(t *testing.T) {
	a := &account{id: shop}
	a.user("me", nil, allow("arn:aws:s3:::pay-*/*", "s3:GetObject"), when(allow("*", "dynamodb:Query"), "Bool", "aws:MultiFactorAuthPresent", "true"), allow("*", "sqs:*", "s3:GetBucketLocation"))
	shut, _, err := policy.Parse("shut", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	open, _, err := policy.Parse("open", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	g := graphOf(t, []*account{a}, []estate.Asset{
		{ARN: "arn:aws:s3:::pay-slips", Account: shop, Type: "AWS::S3::Bucket", Class: "restricted"},
		{ARN: "arn:aws:s3:::pay-shut", Account: shop, Type: "AWS::S3::Bucket", Class: "restricted", Policies: []*policy.Document{shut}},
		{ARN: "arn:aws:s3:::logs", Account: shop, Type: "AWS::S3::Bucket", Class: "internal"},
		{ARN: "arn:aws:s3:::pay-theirs", Account: other, Type: "AWS::S3::Bucket", Class: "confidential", Policies: []*policy.Document{open}},
		{ARN: "arn:aws:s3:::pay-closed", Account: other, Type: "AWS::S3::Bucket", Class: "confidential"},
		{ARN: "arn:aws:dynamodb:us-east-1:111122223333:table/people", Account: shop, Type: "AWS::DynamoDB::Table", Class: "restricted"},
		{ARN: "arn:aws:sqs:us-east-1:111122223333:jobs", Account: shop, Type: "AWS::SQS::Queue"},
	})
	r, err := g.Radius(arn(shop, "user/me"))
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]reach.Datum{}
	for _, d := range r.Data {
		data[d.Class] = d
	}
	for class, want := range map[string]reach.Datum{
		"restricted": {Class: "restricted", Total: 3, Reads: 1, Perhaps: 1}, "confidential": {Class: "confidential", Total: 2, Reads: 1}, "": {Total: 1, Reads: 1},
	} {
		if data[class] != want {
			t.Errorf("%q: %+v, want %+v", class, data[class], want)
		}
	}
	if _, ok := data["internal"]; ok {
		t.Errorf("where a bucket is, is no data: %+v", data["internal"])
	}
	if want := 50 + 25 + 20 + 2 + 2; r.Score != want { // restricted, perhaps restricted, confidential, a queue that is read and changed
		t.Errorf("score %d, want %d: %+v", r.Score, want, r)
	}
	by, _, err := g.ReachedBy("arn:aws:s3:::pay-slips")
	if err != nil || len(by) != 1 || by[0].ARN != arn(shop, "user/me") || !slices.Equal(by[0].Can, []string{"sees", "reads"}) || by[0].Path.Length() != 0 {
		t.Errorf("reached by %+v %v", by, err)
	}
	if _, _, err := g.ReachedBy("pay-slips"); !fault.Is(err, fault.Invalid) {
		t.Errorf("no ARN: %v", err)
	}
}
