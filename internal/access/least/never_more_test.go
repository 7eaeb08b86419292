package least_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
	"jobzero/internal/policy"
)

const ana = "arn:aws:iam::111122223333:user/ana"

// call is a call whose whole context is known.
type call struct {
	action, resource string
	context          policy.Keys
}

func (c call) by(t interface{ Fatal(...any) }, docs []*policy.Document) access.Outcome {
	caller, err := access.NewCaller(access.IAM, ana, "")
	if err != nil {
		t.Fatal(err)
	}
	p := access.Policies{Identity: docs}
	x := access.Call{Caller: caller, Action: c.action, Resource: c.resource, Account: "111122223333"}
	x.Context = access.Whole(&x, c.context)
	return p.Decide(&x).Outcome
}

var (
	someActions = []string{
		"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ListBucket", "s3:ListAllMyBuckets", "s3:CreateBucket", "s3:NotThereYet",
		"sqs:SendMessage", "sqs:CreateQueue", "sqs:PurgeQueue", "iam:PassRole", "iam:CreateRole", "ec2:RunInstances", "ec2:DescribeInstances", "ec2:CreateTags",
		"nowhere:Go", "kms:Decrypt", "execute-api:Invoke",
	}
	someForms = []string{"*", "s3:*", "s3:Get*", "s3:*Object*", "s3:List*", "sqs:*", "iam:*", "ec2:*", "ec2:Describe*", "nowhere:*", "*:Get*", "s?s:*", "kms:Decrypt", "execute-api:*"}
	someARNs  = []string{
		"arn:aws:s3:::shop", "arn:aws:s3:::shop/a/1", "arn:aws:s3:::shop/a/2", "arn:aws:s3:::shop/b", "arn:aws:s3:::shop/a/*", "arn:aws:s3:::shop/ana/x", "arn:aws:s3:::shop/${x}",
		"arn:aws:s3:::other/a?", "arn:aws:s3:::other/ab", "arn:aws:sqs:eu-west-1:111122223333:q1", "arn:aws:sqs:eu-west-1:111122223333:q2",
		"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/admin", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "*",
	}
	somePatterns = []string{
		"*", "*", "arn:aws:s3:::*", "arn:aws:s3:::shop/*", "arn:aws:s3:::shop/a/*", "arn:aws:s3:::shop*", "arn:aws:s3:::shop/${aws:username}/*", "arn:aws:s3:::other/a?",
		"arn:aws:s3:::shop/a/${*}", "arn:aws:sqs:*:*:q?", "arn:aws:sqs:*:*:*", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/app", "arn:aws:*", "arn:aws:ec2:*:*:instance/*", "?",
		"arn:aws:s3:::shop/${x}",
	}
	someConditions = []string{
		"", "", "", `{"Bool":{"aws:SecureTransport":"true"}}`, `{"StringLike":{"aws:PrincipalTag/team":["a*","b"]}}`, `{"StringNotEquals":{"aws:PrincipalTag/team":"a${*}"}}`,
		`{"StringEqualsIfExists":{"aws:PrincipalTag/team":"${aws:username}"}}`, `{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Null":{"aws:PrincipalTag/team":"true"}}`,
	}
)

func drawPolicy(t *rapid.T, name string) *policy.Document {
	pick := func(list []string, what string) string { return rapid.SampledFrom(list).Draw(t, what) }
	few := func(what string, lists ...[]string) []string {
		var all []string
		for _, l := range lists {
			all = append(all, l...)
		}
		return rapid.SliceOfN(rapid.SampledFrom(all), 1, 4).Draw(t, what)
	}
	var list []map[string]any
	for range rapid.IntRange(1, 5).Draw(t, "statements") {
		s := map[string]any{"Effect": "Allow"}
		if rapid.IntRange(0, 4).Draw(t, "deny") == 0 {
			s["Effect"] = "Deny"
		}
		s[pick([]string{"Action", "Action", "Action", "Action", "NotAction"}, "element")] = few("actions", someActions, someForms, someForms)
		s[pick([]string{"Resource", "Resource", "Resource", "Resource", "NotResource"}, "element")] = few("resources", somePatterns, someARNs)
		if c := pick(someConditions, "condition"); c != "" {
			s["Condition"] = json.RawMessage(c)
		}
		list = append(list, s)
	}
	text, err := json.Marshal(map[string]any{"Version": pick([]string{"2012-10-17", "2012-10-17", "2008-10-17"}, "version"), "Statement": list})
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := policy.Parse(name+".json", policy.Identity, text)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text)
	return d
}

func drawCall(t *rapid.T) call {
	c := call{
		rapid.SampledFrom(someActions).Draw(t, "action"), rapid.SampledFrom(someARNs).Draw(t, "resource"),
		policy.Keys{"aws:username": policy.Is("ana")},
	}
	if rapid.IntRange(0, 3).Draw(t, "made") == 0 {
		c.resource = strings.NewReplacer("*", "zz", "?", "y", "${aws:username}", "ana").Replace(rapid.SampledFrom(somePatterns).Draw(t, "pattern"))
	}
	if !strings.HasPrefix(c.resource, "arn:") {
		c.resource = "*"
	}
	for _, k := range [][]string{{"aws:securetransport", "true", "false"}, {"aws:principaltag/team", "a", "ab", "ana", "b", "a*"}, {"aws:sourceip", "203.0.113.9", "198.51.100.1"}} {
		if v := rapid.IntRange(0, len(k)-1).Draw(t, k[0]); v > 0 {
			c.context[k[0]] = policy.Is(k[v])
		}
	}
	return c
}

func drawOptions(t *rapid.T, docs []*policy.Document) (least.Options, []call) {
	o := least.Options{Drop: rapid.Bool().Draw(t, "drop"), Inline: rapid.Bool().Draw(t, "inline"), Logged: []string{"s3", "sqs"}[:rapid.IntRange(0, 2).Draw(t, "logged")]}
	var calls []call
	for range rapid.IntRange(0, 25).Draw(t, "calls") {
		c := drawCall(t)
		u := least.Use{Action: c.action, Resource: c.resource, Count: 3, Last: time.Unix(1_790_000_000, 0)}
		if c.by(t, docs) != access.Allowed {
			u.Refused = 3
		} else {
			calls = append(calls, c)
		}
		switch rapid.IntRange(0, 9).Draw(t, "fold") {
		case 0:
			u.Resource = ""
		case 1:
			if at := strings.LastIndexAny(u.Resource, "/:"); at > 0 {
				u.Resource = u.Resource[:at+1] + "*"
			}
		}
		o.Used = append(o.Used, u)
	}
	for range rapid.IntRange(0, 2).Draw(t, "declared") {
		o.Declared = append(o.Declared, least.Declared{Action: rapid.SampledFrom(someForms[1:]).Draw(t, "declared"), Resource: rapid.SampledFrom(append(somePatterns, "")).Draw(t, "on")})
	}
	return o, calls
}

// holds: what was used is allowed, and nothing is that was not.
func holds(t *rapid.T, name string, before, after []*policy.Document, calls []call) {
	for _, c := range calls {
		if got := c.by(t, after); got != access.Allowed {
			t.Fatalf("%s: %+v was allowed and used, and is %s", name, c, got)
		}
	}
	for range 30 {
		c := drawCall(t)
		was, is := c.by(t, before), c.by(t, after)
		if is == access.Allowed && was != access.Allowed || was == access.ExplicitlyDenied && is != was {
			t.Fatalf("%s: %+v was %s, and is %s", name, c, was, is)
		}
	}
}

// TestNeverMoreAndNeverLess is what the package is for: of random policies and uses, what was used stays allowed, and whatever is allowed was.
func TestNeverMoreAndNeverLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &least.Subject{Principal: ana, Kind: least.User, Holders: []string{ana}}
		var before []*policy.Document
		for i := range rapid.IntRange(1, 3).Draw(t, "policies") {
			d := drawPolicy(t, fmt.Sprintf("p%d", i))
			before = append(before, d)
			s.Policies = append(s.Policies, estate.Held{Document: d})
		}
		o, calls := drawOptions(t, before)
		p, err := least.Reduce(s, o)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, "the plan", before, p.Documents(), calls)
		if p.After.Actions > p.Before.Actions {
			t.Fatalf("%+v became %+v", p.Before, p.After)
		}
		for _, text := range p.Policies {
			if text.Size > 6144 {
				t.Fatalf("%s has %d characters", text.Name, text.Size)
			}
		}
		all, err := least.InEveryShape(s, o, rapid.SampledFrom([]int{900, 2048, 6144}).Draw(t, "size"))
		if err != nil {
			t.Fatal(err)
		}
		for i, docs := range all {
			holds(t, fmt.Sprintf("shape %d", i), before, docs, calls)
		}
	})
}

// TestOrderDoesNotMatter: uses in another order make the same text.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawPolicy(t, "p")
		s := &least.Subject{Principal: ana, Kind: least.User, Holders: []string{ana}, Policies: []estate.Held{{Document: d}}}
		o, _ := drawOptions(t, []*policy.Document{d})
		first, err := least.Reduce(s, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Used = rapid.Permutation(o.Used).Draw(t, "uses")
		second, err := least.Reduce(s, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range first.Policies {
			if string(text.JSON) != string(second.Policies[i].JSON) {
				t.Fatalf("%s\n%s", text.JSON, second.Policies[i].JSON)
			}
		}
	})
}
