package reach_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

// TestMany: thousands of roles that trust one another and everybody, and a policy of thousands of statements, end in time.
func TestMany(t *testing.T) {
	a := &account{id: shop}
	a.user("me", nil, allow("*", "sts:AssumeRole"))
	var everybody []m
	for i := range 3000 {
		everybody = append(everybody, trust("AWS", "*"))
		a.role(fmt.Sprintf("r%d", i), everybody[i:i+1], nil, allow("*", "sts:AssumeRole"))
	}
	for i := range 3000 { // each says no to all
		a.role(fmt.Sprintf("no%d", i), []m{trust("AWS", "*"), {"Effect": "Deny", "Principal": "*", "Action": "sts:*"}}, nil)
	}
	var long []m
	for i := range 5000 {
		long = append(long, allow(fmt.Sprintf("arn:aws:iam::*:role/x%d-*", i), "iam:PassRole", "iam:Attach*", "lambda:*"))
	}
	a.user("long", nil, long...)
	g := graphOf(t, []*account{a}, nil)
	begun := time.Now()
	r, err := g.Radius(arn(shop, "user/me"))
	if err != nil || len(r.Principals) != 3000 {
		t.Errorf("%d principals, %v", len(r.Principals), err)
	}
	if _, err := g.Radius(arn(shop, "user/long")); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

// TestLimit: work that was cut off says so.
func TestLimit(t *testing.T) {
	a := &account{id: shop}
	a.user("me", nil, allow("*", "sts:AssumeRole"))
	for i := range 100 {
		a.role(fmt.Sprintf("r%d", i), []m{trust("AWS", arn(shop, "root"))}, nil, allow("*", "sts:AssumeRole"))
	}
	e := estate.New()
	if err := e.Read("made.json", strings.NewReader(a.text(t))); err != nil {
		t.Fatal(err)
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	g := reach.New(e, reach.Options{Limit: 50})
	if r, err := g.Radius(arn(shop, "user/me")); err != nil || !r.Cut || len(r.Principals) > 50 {
		t.Errorf("%+v %v", r, err)
	}
	if _, cut, err := g.Escalations(arn(shop, "user/me")); err != nil || !cut {
		t.Errorf("%t %v", cut, err)
	}
}

// FuzzReach: whatever a policy and a trust say, every question ends, and whoever may do nothing reaches nothing.
func FuzzReach(f *testing.F) {
	f.Add(`{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"AWS":"arn:aws:iam::111122223333:user/me"}`)
	f.Add(`{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:iam::*:role/${aws:username}"}`, `{"Service":"lambda.amazonaws.com"}`)
	f.Add(`{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:?*","Condition":{"StringLike":{"aws:RequestedRegion":["eu-*","us-east-1"]}}}`, `"*"`)
	f.Fuzz(func(t *testing.T, statement, who string) {
		text := `{"UserDetailList":[{"Arn":"` + arn(shop, "user/me") + `","UserPolicyList":[{"PolicyName":"own","PolicyDocument":{"Version":"2012-10-17","Statement":` + statement + `}}]},
{"Arn":"` + arn(shop, "user/none") + `"}],"RoleDetailList":[{"Arn":"` + arn(shop, "role/a/b") + `","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow",
"Principal":` + who + `,"Action":"sts:AssumeRole"}}}]}`
		e := estate.New()
		e.AddAsset(estate.Asset{ARN: "arn:aws:lambda:us-east-1:" + shop + ":function:f", Account: shop, Type: "AWS::Lambda::Function", Runs: arn(shop, "role/a/b")})
		e.AddAsset(estate.Asset{ARN: "arn:aws:s3:::b", Account: shop, Type: "AWS::S3::Bucket"})
		if e.Read("x.json", strings.NewReader(text)) != nil || e.Done() != nil {
			return
		}
		g := reach.New(e, reach.Options{Limit: 20_000})
		if _, err := g.Radius(arn(shop, "user/me")); err != nil {
			t.Fatal(err)
		}
		g.Overview(2)
		if _, _, err := g.ReachedBy("arn:aws:s3:::b"); err != nil {
			t.Fatal(err)
		}
		r, err := g.Radius(arn(shop, "user/none"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Principals {
			if h, _ := g.Holder(p.ARN); h.Trust == nil || p.Truth == policy.Yes && !strings.Contains(who, "*") && !strings.Contains(who, "user/none") {
				t.Fatalf("who may do nothing becomes %s of trust %s", p.ARN, who)
			}
		}
	})
}
