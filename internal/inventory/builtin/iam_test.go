package builtin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

const (
	trust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	reader = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop-100%/*"}]}`
)

// readOnly is what reader is as a document.
var readOnly = object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-100%/*"}}}

// people makes a role and a user who may read by a policy of their own and by a managed one, and gives its ARN.
func people(t *testing.T, c *iam.Client) *string {
	t.Helper()
	ctx, name := t.Context(), aws.String("web")
	tags := []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("web")}}
	p := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("reads"), PolicyDocument: aws.String(reader)}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust), Tags: tags}))
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: name, Tags: tags}))
	for what, err := range map[string]error{
		"role's own":      second(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("own"), PolicyDocument: aws.String(reader)})),
		"role's managed":  second(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: p.Policy.Arn})),
		"user's own":      second(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: aws.String("own"), PolicyDocument: aws.String(reader)})),
		"user's managed":  second(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: name, PolicyArn: p.Policy.Arn})),
		"user's password": second(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: name, Password: aws.String("example-Passw0rd")})),
	} {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	return p.Policy.Arn
}

func TestRole(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	ref := resource.Ref{Type: resource.Role, Account: account, ID: "web"}
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("before it was made: %+v", got)
	}
	arn := people(t, iam.NewFromConfig(server.Config(account)))
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	delete(got.Properties, "RoleId")
	want := object{
		"RoleName": "web", "Arn": "arn:aws:iam::" + account + ":role/web", "Path": "/", "MaxSessionDuration": int64(3600),
		"AssumeRolePolicyDocument": object{"Version": "2012-10-17", "Statement": []any{
			object{"Effect": "Allow", "Principal": object{"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
		}},
		"Policies":          []any{object{"PolicyName": "own", "PolicyDocument": readOnly}},
		"ManagedPolicyArns": []any{*arn}, "Tags": []any{object{"Key": "team", "Value": "web"}},
	}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if use, _ := got.Related["use"].(object); use["CreateDate"] == "" || use["LastUsedDate"] != nil {
		t.Errorf("a role that was just made: %v", got.Related["use"])
	}
	delete(got.Related, "use")
	if d := cmp.Diff(object{"policies": []any{readOnly, readOnly}}, got.Related); d != "" || len(got.Unknown) != 0 || got.Tags["team"] != "web" {
		t.Error(d, got.Unknown, got.Tags)
	}
	policy := must[resource.Resource](t)(cat.Read(t.Context(), resource.Ref{Type: resource.ManagedPolicy, Account: account, ID: *arn}))
	want = object{"ManagedPolicyName": "reads", "PolicyArn": *arn, "Path": "/", "PolicyDocument": readOnly, "Users": []any{"web"}, "Roles": []any{"web"}}
	if d := cmp.Diff(want, policy.Properties); d != "" || len(policy.Unknown) != 0 {
		t.Error(d, policy.Unknown)
	}
}

func TestUser(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c := iam.NewFromConfig(server.Config(account))
	people(t, c)
	key := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("web")})).AccessKey.AccessKeyId
	got := must[resource.Resource](t)(cat.Read(t.Context(), resource.Ref{Type: resource.User, Account: account, ID: "web"}))
	if d := cmp.Diff(any(object{"PasswordResetRequired": false}), got.Properties["LoginProfile"]); d != "" {
		t.Error(d)
	}
	causes := map[string]string{}
	for _, u := range got.Unknown {
		causes[u.Path] = u.Cause
	}
	want := map[string]string{"properties.LoginProfile.Password": "AWS never gives it back", "related.groups": "it is not read of the live account"}
	if d := cmp.Diff(want, causes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]any{readOnly, readOnly}, got.Related["policies"]); d != "" {
		t.Error(d)
	}
	keys, _ := got.Related["access_keys"].([]any)
	if len(keys) != 1 || keys[0].(object)["Id"] != *key || keys[0].(object)["Status"] != "Active" {
		t.Errorf("keys: %v", keys)
	}
	if d := cmp.Diff(any([]any{}), got.Related["mfa"]); d != "" {
		t.Error(d)
	}
}

// TestIAMAccount: what holds for the whole account, before and after somebody set it.
func TestIAMAccount(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c := iam.NewFromConfig(server.Config(account))
	ref := resource.Ref{Type: resource.IAMAccount, Account: account, ID: account}
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	if d := cmp.Diff(object{"RootAccessKeys": false, "RootMFA": false}, got.Properties); d != "" || len(got.Unknown) != 0 {
		t.Error(d, got.Unknown)
	}
	must[*iam.UpdateAccountPasswordPolicyOutput](t)(c.UpdateAccountPasswordPolicy(t.Context(), &iam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(14), RequireSymbols: true,
	}))
	got = must[resource.Resource](t)(cat.Read(t.Context(), ref))
	policy, _ := got.Properties["PasswordPolicy"].(object)
	if policy["MinimumPasswordLength"] != int64(14) || policy["RequireSymbols"] != true || policy["RequireNumbers"] != false {
		t.Errorf("got %v", got.Properties)
	}
}
