package org_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/org"
)

// TestToolOf: a tool is known by whom it signs in as, in an account of the organisation, and what it is there to do is said apart.
func TestToolOf(t *testing.T) {
	o := example(t)
	for name, c := range map[string]struct {
		call        org.Call
		known, does bool
	}{
		"its work":        {org.Call{Principal: "arn:aws:iam::111122223333:role/deploy-pipeline", Action: "s3:PutBucketPolicy", Account: "111122223333"}, true, true},
		"by letters":      {org.Call{Principal: "arn:aws:iam::111122223333:role/deploy-pipeline", Action: "S3:putbucketpolicy", Account: "111122223333"}, true, true},
		"other work":      {org.Call{Principal: "arn:aws:iam::111122223333:role/deploy-pipeline", Action: "iam:CreateUser", Account: "111122223333"}, true, false},
		"elsewhere":       {org.Call{Principal: "arn:aws:iam::444455556666:role/deploy-pipeline", Action: "s3:PutBucketPolicy", Account: "444455556666"}, true, false},
		"foreign account": {org.Call{Principal: "arn:aws:iam::999988887777:role/deploy-pipeline", Action: "s3:PutBucketPolicy", Account: "111122223333"}, false, false},
		"other name":      {org.Call{Principal: "arn:aws:iam::111122223333:role/deploy-pipeline-2", Action: "s3:PutBucketPolicy", Account: "111122223333"}, false, false},
		"a user":          {org.Call{Principal: "arn:aws:iam::111122223333:user/deploy-pipeline", Action: "s3:PutBucketPolicy", Account: "111122223333"}, false, false},
		"no ARN":          {org.Call{Principal: "deploy-pipeline", Action: "s3:PutBucketPolicy", Account: "111122223333"}, false, false},
		"nothing":         {org.Call{}, false, false},
		"action unknown":  {org.Call{Principal: "arn:aws:iam::111122223333:role/deploy-pipeline", Account: "111122223333"}, true, false},
	} {
		if tool, does, ok := o.ToolOf(c.call); ok != c.known || does != c.does || ok && tool.Name != "deploy-pipeline" {
			t.Errorf("%s: %s, does %t, known %t", name, tool.Name, does, ok)
		}
	}
	var none *org.Org
	if _, _, ok := none.ToolOf(org.Call{Principal: "x"}); ok || none.ChangesOf(org.Call{}, time.Time{}) != nil {
		t.Error("an organisation that there is not knows tools")
	}
}

// TestChangesOf: who, what, where and when have all to fit.
func TestChangesOf(t *testing.T) {
	o, at := example(t), time.Date(2026, 11, 21, 21, 0, 0, 0, time.UTC)
	good := org.Call{Principal: "arn:aws:iam::111122223333:role/network-admin", Action: "s3:PutBucketPolicy", Account: "111122223333", Resource: "arn:aws:s3:::shop-website-1"}
	if got := o.ChangesOf(good, at); len(got) != 1 || got[0].ID != "CHG-1042" {
		t.Fatalf("%+v", got)
	}
	for name, change := range map[string]func(*org.Call, *time.Time){
		"who":      func(c *org.Call, _ *time.Time) { c.Principal = "arn:aws:iam::111122223333:role/other" },
		"what":     func(c *org.Call, _ *time.Time) { c.Action = "s3:DeleteBucket" },
		"where":    func(c *org.Call, _ *time.Time) { c.Account = "444455556666" },
		"resource": func(c *org.Call, _ *time.Time) { c.Resource = "arn:aws:s3:::orders" },
		"unknown":  func(c *org.Call, _ *time.Time) { c.Resource = "" },
		"before":   func(_ *org.Call, t *time.Time) { *t = at.Add(-90 * time.Minute) },
		"after":    func(_ *org.Call, t *time.Time) { *t = at.Add(2 * time.Hour) },
	} {
		c, when := good, at
		change(&c, &when)
		if got := o.ChangesOf(c, when); len(got) > 0 {
			t.Errorf("another %s: %+v", name, got)
		}
	}
}

func TestBadToolsAndChangesSayWhereAndWhat(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"too wide":      {"role/deploy-pipeline\"]", "role/*\"]", "is too wide"},
		"no ARN":        {"arn:aws:iam::*:role/deploy-pipeline", "deploy-pipeline", "want the ARN of a role or user"},
		"account":       {"arn:aws:iam::*:role/deploy", "arn:aws:iam::1111*:role/deploy", "twelve digits where the account stands"},
		"any service":   {"s3:Put*", "*", "want a service and an operation"},
		"no owner":      {"    owner: platform\n\n# Changes", "\n# Changes", "principals, actions and owner are all needed"},
		"its own":       {"approved_by: alex\n\ndefault", "approved_by: shop\n\ndefault", "cannot approve a change of their own"},
		"backwards":     {"until: 2026-11-21T23", "until: 2026-11-21T19", "a change lasts more than nothing"},
		"for ever":      {"until: 2026-11-21T23", "until: 2027-11-21T23", "31 days at the most"},
		"no time":       {"until: 2026-11-21T23:00:00Z", "until: tomorrow", `"tomorrow" is no time`},
		"no reason":     {"    reason: Open the shop's bucket to the new content network.\n", "", "are all needed"},
		"other account": {"accounts: [shop-prod]\n    resources", "accounts: [shop]\n    resources", `no account is called "shop"`},
	} {
		if !strings.Contains(org.Example(), c.from) {
			t.Fatalf("%s: the example has no %q", name, c.from)
		}
		_, err := org.Parse("org.yaml", []byte(strings.Replace(org.Example(), c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "org.yaml:") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
