package estate_test

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

func allows(action, thing string) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": action, "Resource": thing}}}
}

func trusts(who map[string]any) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": who}}}
}

func one(t resource.Type, id string, properties, related map[string]any, unknown ...string) resource.Resource {
	r := resource.Resource{Ref: resource.Ref{Type: t, Account: "111122223333", Region: "eu-west-1", ID: id}, Properties: properties, Related: related}
	for _, path := range unknown {
		r.Unknown = append(r.Unknown, resource.Unknown{Path: path, Cause: "only its making will tell"})
	}
	return r
}

// shop is an account as readers and texts give it.
func shop() []resource.Resource {
	const orders = "arn:aws:s3:::shop-orders/*"
	return []resource.Resource{
		one(resource.Role, "deploy", map[string]any{
			"RoleName": "deploy", "Path": "/ci/", "AssumeRolePolicyDocument": trusts(map[string]any{"AWS": "arn:aws:iam::111122223333:user/ana"}),
			"PermissionsBoundary": "arn:aws:iam::111122223333:policy/limit",
		}, map[string]any{"policies": []any{allows("s3:*", "*")}}),
		one(resource.ManagedPolicy, "arn:aws:iam::111122223333:policy/limit", map[string]any{"PolicyDocument": allows("s3:Get*", orders)}, nil),
		one(resource.User, "ana", map[string]any{"UserName": "ana"}, map[string]any{"policies": []any{}, "groups": []any{"readers"}}),
		one("AWS::IAM::Group", "readers", map[string]any{"GroupName": "readers"}, map[string]any{"policies": []any{allows("s3:GetObject", orders)}}),
		one(resource.User, "ben", map[string]any{"UserName": "ben"}, nil, "related.policies"),
		one(resource.User, "cem", map[string]any{"UserName": "cem"}, map[string]any{"groups": []any{}, "policies": []any{map[string]any{
			"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "s3:GetObject"}},
		}}}, "related.policies[0].Statement[0].Resource"),
		one(resource.Bucket, "shop-orders", nil, map[string]any{"policy": map[string]any{"Version": "2012-10-17", "Statement": []any{
			map[string]any{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": orders},
		}}}),
		one(resource.Bucket, "shop-dark", nil, nil, "related.policy"),
		one("AWS::Lambda::Function", "resize", map[string]any{"Role": "arn:aws:iam::111122223333:role/ci/deploy"}, map[string]any{"permissions": []any{
			map[string]any{"Action": "lambda:InvokeFunction", "Principal": "444455556666", "FunctionName": "resize"},
		}}),
		one("AWS::IAM::InstanceProfile", "web", map[string]any{"Roles": []any{"deploy"}}, nil),
		one("AWS::EC2::Instance", "i-0123", map[string]any{"IamInstanceProfile": "web"}, nil),
	}
}

func settled(t *testing.T, all ...resource.Resource) *estate.Estate {
	t.Helper()
	e := estate.New()
	for _, r := range all {
		if err := e.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestResources(t *testing.T) {
	e := settled(t, shop()...)
	const user, deploy = "arn:aws:iam::111122223333:user/", "arn:aws:iam::111122223333:role/ci/deploy"
	for _, c := range []struct {
		name, who, action, thing string
		want                     access.Outcome
	}{
		{"by its own policy and within its boundary", deploy, "s3:GetObject", "arn:aws:s3:::shop-orders/a", access.Allowed},
		{"beyond its boundary", deploy, "s3:PutObject", "arn:aws:s3:::shop-orders/a", access.ImplicitlyDenied},
		{"by a group", user + "ana", "s3:GetObject", "arn:aws:s3:::shop-orders/a", access.Allowed},
		{"by trust", user + "ana", "sts:AssumeRole", deploy, access.Allowed},
		{"policies that were not read", user + "ben", "s3:GetObject", "arn:aws:s3:::shop-orders/a", access.Unknown},
		{"refused whatever was not read", user + "ben", "s3:DeleteObject", "arn:aws:s3:::shop-orders/a", access.ExplicitlyDenied},
		{"a resource that is not known", user + "cem", "s3:GetObject", "arn:aws:s3:::shop-orders/a", access.Unknown},
		{"another action beside it", user + "cem", "s3:PutObject", "arn:aws:s3:::shop-orders/a", access.ImplicitlyDenied},
		{"a bucket whose policy was not read", deploy, "s3:GetObject", "arn:aws:s3:::shop-dark/a", access.Unknown},
	} {
		d, err := e.Can(c.who, estate.Question{Action: c.action, Resource: c.thing, Context: policy.Keys{}, Whole: true})
		if err != nil {
			t.Fatal(err)
		}
		if d.Outcome != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, d.Outcome, c.want, d.Unknown)
		}
	}
}

// TestForms reads the whole table: each type is one that there is, and what it leads to is a property or a relation of it.
func TestForms(t *testing.T) {
	for kind, paths := range estate.Forms() {
		s, ok := schema.Of(kind)
		if !ok {
			t.Errorf("%s: there is no such type", kind)
			continue
		}
		for _, path := range paths {
			room, rest, _ := strings.Cut(path, ".")
			name, _, _ := strings.Cut(rest, ".")
			if !slices.ContainsFunc(s.Properties, func(m schema.Member) bool { return m.Name == name }) && room == "properties" {
				t.Errorf("%s has no property %s", kind, name)
			}
			if room == "related" && !slices.ContainsFunc(relation.Of(kind), func(r relation.Relation) bool { return r.Name == name }) {
				t.Errorf("%s has no relation %s", kind, name)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	e := settled(t, shop()...)
	runs := map[string]string{}
	for _, a := range e.Assets() {
		runs[a.ARN] = a.Runs
	}
	const deploy = "arn:aws:iam::111122223333:role/ci/deploy"
	for arn, want := range map[string]string{
		"arn:aws:s3:::shop-orders": "", "arn:aws:lambda:eu-west-1:111122223333:function:resize": deploy,
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0123": deploy, "arn:aws:iam::111122223333:instance-profile/web": "",
	} {
		if got, there := runs[arn]; !there || got != want {
			t.Errorf("%s runs as %q (%t), want %q", arn, got, there, want)
		}
	}
}
