package access

import (
	"strings"
	"testing"

	"jobzero/internal/access"
)

// differs is a case about which the two evaluators differ on purpose, and why ours is as it is.
type differs struct {
	why          string
	c            made
	theirs, ours access.Outcome
}

func statement(effect, condition, key string, values any) map[string]any {
	s := map[string]any{"Effect": effect, "Action": "s3:GetObject", "Resource": "*"}
	if condition != "" {
		s["Condition"] = map[string]any{condition: map[string]any{key: values}}
	}
	return s
}

func document(version string, statements ...any) map[string]any {
	return map[string]any{"Version": version, "Statement": statements}
}

// plain is a user who reads an object; his policy has the statements.
func plain(context map[string]any, statements ...any) made {
	return made{
		Request: request{
			Principal: who{"IAM", "arn:aws:iam::" + home + ":user/ana", home}, Action: "s3:GetObject",
			Resource: what{"arn:aws:s3:::shop-data/in/a.txt", home}, Context: context,
		},
		Identity: []named{{"own", document("2012-10-17", statements...)}},
	}
}

func differences() []differs {
	allow := statement("Allow", "", "", nil)
	const allowed, implicit, explicit = access.Allowed, access.ImplicitlyDenied, access.ExplicitlyDenied
	address := map[string]any{"aws:SourceIp": "203.0.113.7"}
	old := plain(map[string]any{"aws:UserAgent": "a"})
	old.Identity[0].Policy = document("2008-10-17", statement("Allow", "StringNotEquals", "aws:UserAgent", "${aws:PrincipalTag/none}"))
	sessioned := plain(nil)
	sessioned.Request.Principal.ARN = "arn:aws:sts::" + home + ":assumed-role/builder/ci"
	sessioned.Identity = nil
	sessioned.Session = document("2012-10-17", map[string]any{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
	given := statement("Allow", "", "", nil)
	given["Principal"] = map[string]any{"AWS": sessioned.Request.Principal.ARN}
	sessioned.Resource = document("2012-10-17", given)
	root := plain(nil)
	root.Request.Principal.ARN, root.Identity = "arn:aws:iam::"+home+":root", nil
	unbound := plain(nil)
	unbound.Request.Action, unbound.Request.Resource.ARN = "sns:Publish", "arn:aws:sns:eu-west-1:"+home+":news"
	unbound.Identity[0].Policy = document("2012-10-17", map[string]any{"Effect": "Allow", "Action": "sns:*", "Resource": "*"})
	unbound.RCPs = [][]any{{named{"own", document("2012-10-17", map[string]any{"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"})}}}
	return []differs{
		{
			"IfExists makes a condition true where the key is not there, ForAnyValue before it or not (reference_policies_elements_condition_operators.html)",
			plain(nil, allow, statement("Deny", "ForAnyValue:StringEqualsIfExists", "aws:CalledVia", "athena.amazonaws.com")), allowed, explicit,
		},
		{
			"policies of version 2008-10-17 have no variables: ${…} is text (reference_policies_elements_version.html)",
			old, implicit, allowed,
		},
		{
			"0.0.0.0/0 holds every address of version 4",
			plain(address, allow, statement("Deny", "NotIpAddress", "aws:SourceIp", "0.0.0.0/0")), explicit, allowed,
		},
		{
			"an address of version 6 is none of version 4",
			plain(map[string]any{"aws:SourceIp": "2001:db8::7"}, allow, statement("Deny", "NotIpAddress", "aws:SourceIp", "203.0.113.7")), allowed, explicit,
		},
		{
			"a star alone is like every ARN",
			plain(map[string]any{"aws:SourceArn": "arn:aws:s3:::shop-data"}, statement("Allow", "ArnLike", "aws:SourceArn", "*")), implicit, allowed,
		},
		{
			"what a resource gives to a session by its ARN is not cut by the session's policy (access_policies.html#policies_session)",
			sessioned, implicit, allowed,
		},
		{"the root of an account needs no policy in it (id_root-user.html)", root, implicit, allowed},
		{
			"resource control policies bind the services that AWS lists, and SNS is none (orgs_manage_policies_rcps.html#rcp-supported-services)",
			unbound, explicit, allowed,
		},
	}
}

// TestDifferences: where we decide otherwise than the other evaluator, on purpose. What it comes to agree with us about goes from here into the
// random cases.
func TestDifferences(t *testing.T) {
	all := differences()
	list := make([]made, len(all))
	for i, d := range all {
		list[i] = d.c
		if list[i].Request.Context == nil {
			list[i].Request.Context = map[string]any{}
		}
		c := read(t, &list[i], false)
		if got := c.Policies.Decide(&c.Call); got.Outcome != d.ours {
			t.Errorf("%s: %+v, want %s", d.why, got, d.ours)
		}
	}
	answers, err := asked(script(t), list)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range all {
		if answers[i] != string(d.theirs) {
			t.Errorf("%s: the other evaluator says %s, not %s any more", strings.ToUpper(d.why[:1])+d.why[1:], answers[i], d.theirs)
		}
	}
}
