package builtin_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/names"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// watched is the real way in, and a note of what was asked of it.
type watched struct {
	*awsorg.Org
	asked []awsorg.Permission
	last  awsorg.Errand
}

func (w *watched) Writer(ctx context.Context, e awsorg.Errand) (aws.Config, error) {
	w.asked, w.last = append(w.asked, e.May...), e
	return w.Org.Writer(ctx, e)
}

func catalogue(t *testing.T) (*action.Catalogue, *watched, *testmoto.Server) {
	t.Helper()
	server := testmoto.Shared(t)
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = server.Endpoint, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(org.Close)
	w := &watched{Org: org}
	cat, err := action.New(w, builtin.All(builtin.Options{})...)
	if err != nil {
		t.Fatal(err)
	}
	return cat, w, server
}

func TestCatalogueAsksForExactlyThePlan(t *testing.T) {
	cat, org, server := catalogue(t)
	account := testmoto.Account()
	bucket := openBucket(t, server.Config(account), account)
	group := openGroup(t, server.Config(account), account)
	key := leakedKey(t, server.Config(account), account)
	arn := "arn:aws:s3:::" + bucket.Ref.ID
	sg := "arn:aws:ec2:us-east-1:" + account + ":security-group"
	user := "arn:aws:iam::" + account + ":user/team/anna"
	for _, c := range []struct {
		id         string
		target     effect.Target
		does, undo []awsorg.Permission
	}{
		{"s3.block-public-access", bucket, []awsorg.Permission{{Action: "s3:PutBucketPublicAccessBlock", Resource: arn}}, []awsorg.Permission{{Action: "s3:PutBucketPublicAccessBlock", Resource: arn}}},
		{"s3.remove-public-policy", bucket, []awsorg.Permission{{Action: "s3:PutBucketPolicy", Resource: arn}}, []awsorg.Permission{{Action: "s3:PutBucketPolicy", Resource: arn}}},
		{
			"ec2.revoke-open-ingress", group,
			[]awsorg.Permission{{Action: "ec2:RevokeSecurityGroupIngress", Resource: sg + "/" + group.Ref.ID}},
			[]awsorg.Permission{{Action: "ec2:AuthorizeSecurityGroupIngress", Resource: sg + "/" + group.Ref.ID}, {Action: "ec2:AuthorizeSecurityGroupIngress", Resource: sg + "-rule/*"}},
		},
		{"iam.deactivate-access-key", key, []awsorg.Permission{{Action: "iam:UpdateAccessKey", Resource: user}}, []awsorg.Permission{{Action: "iam:UpdateAccessKey", Resource: user}}},
	} {
		t.Run(c.id, func(t *testing.T) {
			ctx := t.Context()
			org.asked = nil
			p := must[effect.Plan](t)(cat.Plan(ctx, c.id, c.target))
			if len(org.asked) > 0 {
				t.Fatalf("planning asked for %v", org.asked)
			}
			if r := must[effect.Result](t)(cat.Do(ctx, p)); r.Calls != 1 || r.Reads == 0 || !onRecord(r, c.does[0]) {
				t.Errorf("do: %+v", r)
			}
			if d := cmp.Diff(c.does, org.asked); d != "" {
				t.Error(d)
			}
			org.asked = nil
			if k := must[effect.Check](t)(cat.Verify(ctx, p)); !k.Holds || len(org.asked) > 0 {
				t.Errorf("verify: %+v, asked %v", k, org.asked)
			}
			if r := must[effect.Result](t)(cat.Undo(ctx, p)); r.Calls != 1 || !onRecord(r, c.undo[0]) {
				t.Errorf("undo: %+v", r)
			}
			if d := cmp.Diff(c.undo, org.asked); d != "" {
				t.Error(d)
			}
		})
	}
}

// onRecord reports whether the one call of a result is told with all that CloudTrail knows it by.
func onRecord(r effect.Result, p awsorg.Permission) bool {
	if len(r.Made) != 1 {
		return false
	}
	m := r.Made[0]
	service, _, _ := strings.Cut(p.Action, ":")
	return strings.HasPrefix(m.API, service+":") && m.Resource == p.Resource && m.Request != "" && m.Error == "" && m.Account != "" && m.Region != "" && !m.At.IsZero()
}

func TestCatalogueRefuses(t *testing.T) {
	cat, org, server := catalogue(t)
	account := testmoto.Account()
	bucket := openBucket(t, server.Config(account), account)
	good := must[effect.Plan](t)(cat.Plan(t.Context(), "s3.block-public-access", bucket))
	change := func(f func(*effect.Plan)) effect.Plan {
		p := good
		p.Calls = append([]effect.Call(nil), good.Calls...)
		f(&p)
		return p
	}
	for name, c := range map[string]struct {
		plan effect.Plan
		code fault.Code
	}{
		"unknown action":   {change(func(p *effect.Plan) { p.Action = "s3.delete-everything" }), fault.Invalid},
		"refused plan":     {change(func(p *effect.Plan) { p.Refused = "declared public" }), fault.Denied},
		"undeclared call":  {change(func(p *effect.Plan) { p.Calls[0].Permission = "s3:DeleteBucket" }), fault.Denied},
		"another type":     {change(func(p *effect.Plan) { p.Target.Ref.Type = resource.AccessKey }), fault.Invalid},
		"another bucket":   {change(func(p *effect.Plan) { p.Target.Ref.ID += "x" }), fault.Invalid},
		"another account":  {change(func(p *effect.Plan) { p.Target.Ref.Account = "x" }), fault.Invalid},
		"unknown settings": {change(func(p *effect.Plan) { p.Target.Params = map[string]string{"force": "yes"} }), fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := cat.Do(t.Context(), c.plan); !fault.Is(err, c.code) {
				t.Errorf("got %+v, %v; want %s", r, err, c.code)
			}
		})
	}
	org.asked = nil
	nothing := change(func(p *effect.Plan) { p.Calls, p.Nothing = nil, "closed" })
	for what, f := range map[string]func(context.Context, effect.Plan) (effect.Result, error){"do": cat.Do, "undo": cat.Undo} {
		if r := must[effect.Result](t)(f(t.Context(), nothing)); !r.Already || r.Calls != 0 || len(org.asked) != 0 {
			t.Errorf("%s of nothing: %+v, asked for %v", what, r, org.asked)
		}
	}
	for name, target := range map[string]effect.Target{
		"type":      {Ref: resource.Ref{Type: resource.SecurityGroup, Account: account, ID: "sg-1"}},
		"no ID":     {Ref: resource.Ref{Type: resource.Bucket, Account: account}},
		"parameter": {Ref: bucket.Ref, Params: map[string]string{"ports": "22"}},
		"declared":  {Ref: bucket.Ref, Params: map[string]string{"declared": "perhaps"}},
	} {
		if _, err := cat.Plan(t.Context(), "s3.block-public-access", target); !fault.Is(err, fault.Invalid) {
			t.Errorf("plan with a wrong %s: %v", name, err)
		}
	}
}

// TestKnownIsAskedFor: of what the house knows of a target an action gets what it describes, and that wins over what a playbook says.
func TestKnownIsAskedFor(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	to := openBucket(t, server.Config(account), account)
	to.Known = map[string]string{"declared": "public", "weather": "fine"}
	if p := must[effect.Plan](t)(cat.Plan(t.Context(), "s3.block-public-access", to)); p.Refused != "the bucket is declared public" || p.Target.Known != nil {
		t.Errorf("%+v", p)
	}
	to.Params = nil
	if p := must[effect.Plan](t)(cat.Plan(t.Context(), "s3.enable-versioning", to)); len(p.Calls) != 1 || len(p.Target.Params) > 0 {
		t.Errorf("%+v", p)
	}
}

func TestInfos(t *testing.T) {
	cat, _, _ := catalogue(t)
	var ids []string
	for _, i := range cat.Infos() {
		ids = append(ids, i.ID)
		for _, p := range append(append([]string{}, i.Reads...), i.Writes...) {
			if known, ok := names.Find(p); !ok || known.Name != p {
				t.Errorf("%s: IAM knows no action %q", i.ID, p)
			}
		}
	}
	if !slices.IsSorted(ids) || len(ids) != len(builtin.All(builtin.Options{})) {
		t.Errorf("the actions are not in order, or not all: %v", ids)
	}
	if _, err := action.New(nil, append(builtin.All(builtin.Options{}), builtin.All(builtin.Options{})[0])...); err == nil {
		t.Error("two actions of the same ID were taken")
	}
}
