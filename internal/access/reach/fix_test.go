package reach_test

import (
	"slices"
	"testing"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

// climbing is an account in which many get to be administrators by one policy, and one by two ways.
func climbing() *account {
	a := &account{id: shop}
	team := a.policy("team", allow("*", "s3:ListAllMyBuckets"), m{"Sid": "Pass", "Effect": "Allow", "Action": []string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}, "Resource": "*"})
	for _, name := range []string{"ana", "bo", "cy"} {
		a.user(name, attached(team))
	}
	a.user("dee", attached(team), allow(arn(shop, "user/dee"), "iam:PutUserPolicy"))
	a.role("job", []m{trust("Service", "lambda.amazonaws.com"), trust("AWS", arn(shop, "user/eve"))}, nil, allow("*", "*"))
	a.user("eve", nil)
	a.user("root", nil, allow("*", "*"))
	a.user("zoe", nil, allow("*", "s3:*"))
	return a
}

// TestOverview: who is an administrator, who can become one, and which statements to take away, the one first that most rest on; what a fix is worth is what is
// left when the graph is built without it.
func TestOverview(t *testing.T) {
	g := graphOf(t, []*account{climbing()}, nil)
	o := g.Overview(5)
	if !slices.Equal(o.Admins, []string{arn(shop, "role/job"), arn(shop, "user/root")}) || len(o.Climbers) != 5 || o.Cut {
		t.Fatalf("admins %v, climbers %+v", o.Admins, o.Climbers)
	}
	var got []string
	for _, f := range o.Fixes {
		got = append(got, f.Policy+" "+f.Statement.Name())
	}
	if want := []string{arn(shop, "policy/team") + " Pass", "own statement 1", "trust policy statement 2"}; !slices.Equal(got, want) {
		t.Fatalf("fixes %v, want %v", got, want)
	}
	if f := o.Fixes[0]; f.ClimbersBefore != 5 || f.ClimbersAfter != 2 || f.Trust || f.Holder != "" {
		t.Errorf("the first: %+v", f)
	}
	if f := o.Fixes[2]; f.ClimbersAfter != 0 || f.StepsAfter != 0 || !f.Trust || f.Holder != arn(shop, "role/job") {
		t.Errorf("the last: %+v", f)
	}
	var changes []reach.Change
	for i, f := range o.Fixes {
		changes = append(changes, f.Change())
		if after := g.Changed(changes...).Overview(0); len(after.Climbers) != f.ClimbersAfter {
			t.Errorf("after %d fixes: %+v, want %d", i+1, after.Climbers, f.ClimbersAfter)
		}
	}
	if again := g.Overview(0); len(again.Climbers) != 5 {
		t.Errorf("what was supposed has stayed: %+v", again.Climbers)
	}
}

// TestBeforeAndAfter: what a credential reaches shrinks, or grows, with a policy that is another.
func TestBeforeAndAfter(t *testing.T) {
	g := graphOf(t, []*account{climbing()}, nil)
	zoe := arn(shop, "user/zoe")
	before, err := g.Radius(zoe)
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := policy.Parse("more", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	after, err := g.Changed(reach.Change{Holder: zoe, To: d}).Radius(zoe)
	if err != nil || before.Score >= 100 || after.Score < 1000 || len(after.Principals) != 7 {
		t.Errorf("before %d, after %d with %d principals, %v", before.Score, after.Score, len(after.Principals), err)
	}
	open, _, err := policy.Parse("trust policy", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"`+zoe+`"},"Action":"sts:AssumeRole"}}`))
	if err != nil {
		t.Fatal(err)
	}
	h, _ := g.Holder(arn(shop, "role/job"))
	paths, _, err := g.Changed(reach.Change{Holder: h.ARN, From: h.Trust, To: open}).Escalations(zoe)
	if err != nil || len(paths) != 1 || paths[0].Length() != 1 {
		t.Errorf("let in: %+v %v", paths, err)
	}
}

// TestReachedBy: who reaches a resource, and by whom.
func TestReachedBy(t *testing.T) {
	g := graphOf(t, []*account{climbing()}, nil)
	by, cut, err := g.ReachedBy("arn:aws:secretsmanager:us-east-1:" + shop + ":secret:crown-x")
	if err != nil || cut {
		t.Fatal(err, cut)
	}
	got := map[string]int{}
	for _, r := range by {
		got[r.ARN] = r.Path.Length()
	}
	want := map[string]int{"role/job": 0, "user/root": 0, "user/ana": 1, "user/bo": 1, "user/cy": 1, "user/dee": 1, "user/eve": 1}
	if len(got) != len(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for who, steps := range want {
		if n, ok := got[arn(shop, who)]; !ok || n != steps {
			t.Errorf("%s: %d %t, want %d", who, n, ok, steps)
		}
	}
}
