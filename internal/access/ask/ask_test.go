package ask_test

import (
	"strings"
	"testing"

	"jobzero/internal/access/ask"
	"jobzero/internal/access/estate"
	"jobzero/internal/expr"
)

// shop is an account with a bucket, a role that reads it, one that may under a condition, and one that can become the first.
const shop = `{"UserDetailList":[],"GroupDetailList":[],"Policies":[],"RoleDetailList":[
{"Arn":"arn:aws:iam::111122223333:role/reader","RoleName":"reader","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ci"},"Action":"sts:AssumeRole"}]},
 "RolePolicyList":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop-cards/*"}]}}],"AttachedManagedPolicies":[]},
{"Arn":"arn:aws:iam::111122223333:role/ci","RoleName":"ci","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}]},"RolePolicyList":[],"AttachedManagedPolicies":[]},
{"Arn":"arn:aws:iam::111122223333:role/desk","RoleName":"desk","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]},
 "RolePolicyList":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*",
 "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}}],"AttachedManagedPolicies":[]}]}`

const things = `[{"type":"AWS::S3::Bucket","account":"111122223333","id":"shop-cards","tags":{"data-classification":"Restricted"},
"properties":{"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true}}},
{"type":"AWS::S3::Bucket","account":"111122223333","id":"shop-web","properties":{"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":false}},
"related":{"policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop-web/*"}]}}},
{"type":"jobzero::S3::AccountPublicAccessBlock","account":"111122223333","id":"111122223333","properties":{"RestrictPublicBuckets":false}}]`

func known(t *testing.T) *ask.Known {
	t.Helper()
	e := estate.New()
	for name, text := range map[string]string{"iam": shop, "things": things} {
		if err := e.Read(name, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	return ask.New(e)
}

func environment(t *testing.T) *expr.Env {
	t.Helper()
	env, err := expr.NewEnv([]expr.Var{ask.Variable()}, ask.Functions()...)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	env, in := environment(t), expr.NewInput(map[string]any{ask.Name: known(t).Value()}, nil)
	const role = "arn:aws:iam::111122223333:role/"
	for _, c := range []struct {
		source string
		want   expr.Verdict
		says   string // of Unknown
	}{
		{`access.can("` + role + `reader", "s3:GetObject", "arn:aws:s3:::shop-cards/a")`, expr.True, ""},
		{`access.can("` + role + `reader", "s3:PutObject", "arn:aws:s3:::shop-cards/a")`, expr.False, ""},
		{`access.can("` + role + `desk", "s3:PutObject", "arn:aws:s3:::shop-cards/a")`, expr.Unknown, "aws:MultiFactorAuthPresent"},
		{`access.can("` + role + `nobody", "s3:PutObject", "arn:aws:s3:::shop-cards/a")`, expr.Unknown, "nobody here is called"},
		{`access.whoCan("s3:GetObject", "arn:aws:s3:::shop-cards/a") == ["` + role + `reader"]`, expr.True, ""},
		{`access.whoCan("s3:DeleteBucket", "arn:aws:s3:::shop-cards").size() == 0`, expr.True, ""},
		{`access.whoCan("s3:PutObject", "arn:aws:s3:::shop-cards/a").size() == 0`, expr.Unknown, "role/desk can call s3:PutObject"},
		{`access.whoCan("s3:PutObject", "arn:aws:s3:::shop-cards/a").exists(p, p.endsWith("/reader"))`, expr.Unknown, "role/desk can call s3:PutObject"},
		{`access.can("` + role + `reader", "s3:GetObject", "arn:aws:s3:::elsewhere/a")`, expr.Unknown, "the policy of arn:aws:s3:::elsewhere/a, which nobody read"},
		{`access.whoCan("s3:GetObject", "arn:aws:s3:::elsewhere/a").size() == 0`, expr.Unknown, "the policy of arn:aws:s3:::elsewhere/a, which nobody read"},
		{`access.whoCan("ec2:StopInstances", "arn:aws:ec2:eu-west-1:444455556666:instance/i-1").size() == 0`, expr.Unknown, "who is in account 444455556666, which nobody read"},
		{`access.whoCan("ec2:StopInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1").size() == 0`, expr.True, ""},
		{`access.whoCan("s3:GetObject", "arn:aws:s3:::shop-web/a").size() == 0`, expr.Unknown, "whom arn:aws:s3:::shop-web/a lets in from accounts that nobody read"},
		{`access.exposure("arn:aws:s3:::shop-cards") == "account"`, expr.True, ""},
		{`access.exposure("arn:aws:s3:::shop-web") == "world"`, expr.True, ""},
		{`access.exposure("arn:aws:s3:::elsewhere") == "account"`, expr.Unknown, "no resource arn:aws:s3:::elsewhere was read"},
		{`access.reach("` + role + `ci").least.principals == 1`, expr.True, ""},
		{`access.reach("` + role + `ci").most.administered == 0`, expr.True, ""},
		{`access.reach("` + role + `ci").least.classes.restricted == 1`, expr.True, ""},
		{`access.reach("` + role + `desk").least.changed == 0 && access.reach("` + role + `desk").most.changed == 2`, expr.True, ""},
		{`access.reach("` + role + `ci").score > 10`, expr.True, ""},
		{`access.reach("` + role + `nobody").score > 10`, expr.Unknown, "nobody here is called"},
	} {
		p, err := env.Compile("ask.cel", c.source)
		if err != nil {
			t.Fatalf("%s: %v", c.source, err)
		}
		for _, way := range []func(*expr.Program, *expr.Input) (expr.Verdict, []string, error){(*expr.Program).EvalOn, (*expr.Program).ByCEL} {
			got, blame, err := way(p, in)
			if err != nil || got != c.want || !strings.Contains(strings.Join(blame, " "), c.says) {
				t.Errorf("%s is %s, to blame %q, %v: want %s, %q", c.source, got, blame, err, c.want, c.says)
			}
		}
	}
}

// TestWrongQuestions: what is misspelt is an error, not a no.
func TestWrongQuestions(t *testing.T) {
	t.Parallel()
	env, in := environment(t), expr.NewInput(map[string]any{ask.Name: known(t).Value()}, nil)
	for source, want := range map[string]string{
		`access.whoCan("s3:GetObjekt", "arn:aws:s3:::shop-cards/a").size() == 0`:                                "there is no action s3:GetObjekt",
		`access.can("arn:aws:iam::111122223333:role/ci", "s3:GetObject", "shop-cards")`:                         `"shop-cards" is no ARN`,
		`access.can("arn:aws:iam::111122223333:role/ci", "s3.GetObject", "arn:aws:s3:::shop-cards/a") || false`: "there is no action s3.GetObject",
	} {
		p, err := env.Compile("ask.cel", source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		if got, _, err := p.EvalOn(in); got != expr.Unknown || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is %s, %v: want an error with %q", source, got, err, want)
		}
	}
}

func TestNothingWasRead(t *testing.T) {
	t.Parallel()
	var nobody *ask.Known
	p, err := environment(t).Compile("ask.cel", `access.exposure("arn:aws:s3:::shop-web") == "world"`)
	if err != nil {
		t.Fatal(err)
	}
	got, blame, err := p.EvalOn(expr.NewInput(map[string]any{ask.Name: nobody.Value()}, nil))
	if err != nil || got != expr.Unknown || len(blame) != 1 || blame[0] != "access" {
		t.Errorf("it is %s, to blame %q, %v", got, blame, err)
	}
}
