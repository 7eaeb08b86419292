package estate_test

import (
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// TestWhatTheEstateKnows: tags and the organisation need not be told with each question.
func TestWhatTheEstateKnows(t *testing.T) {
	on := func(operator, key string, value any) map[string]any {
		return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Condition": map[string]any{operator: map[string]any{key: value}},
		}}}
	}
	const queue = "arn:aws:sqs:eu-west-1:111122223333:orders"
	for _, c := range []struct {
		name   string
		policy map[string]any
		user   access.Outcome
		role   access.Outcome
	}{
		{"a tag of the caller", on("StringEquals", "aws:PrincipalTag/team", "shop"), access.Allowed, access.Allowed},
		{"another value", on("StringEquals", "aws:PrincipalTag/Team", "till"), access.ImplicitlyDenied, access.ImplicitlyDenied},
		{"a tag that the caller does not have", on("StringEquals", "aws:PrincipalTag/Site", "x"), access.ImplicitlyDenied, access.Unknown}, // a session may
		{"a tag of the resource", on("StringEquals", "aws:ResourceTag/Stage", "prod"), access.Allowed, access.Allowed},
		{"a tag that both have", on("StringEquals", "aws:ResourceTag/Team", "${aws:PrincipalTag/Team}"), access.Allowed, access.Allowed},
		{"a tag that the resource does not have", on("StringEquals", "sqs:ResourceTag/Site", "x"), access.ImplicitlyDenied, access.ImplicitlyDenied},
		{"the organisation", on("StringEquals", "aws:PrincipalOrgID", "o-example"), access.Allowed, access.Allowed},
		{"another organisation", on("StringEquals", "aws:ResourceOrgID", "o-other"), access.ImplicitlyDenied, access.ImplicitlyDenied},
		{"a unit", on("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-example/r-1/ou-shops/*"), access.Allowed, access.Allowed},
		{"what nobody knows", on("StringEquals", "aws:SourceVpc", "vpc-1"), access.Unknown, access.Unknown},
	} {
		tags := map[string]string{"Team": "shop"}
		user, role, thing := one(resource.User, "ana", nil, map[string]any{"policies": []any{c.policy}, "groups": []any{}}),
			one(resource.Role, "web", nil, map[string]any{"policies": []any{c.policy}}),
			one("AWS::SQS::Queue", queue, map[string]any{"QueueName": "orders"}, map[string]any{"policies": []any{}})
		user.Tags, role.Tags, thing.Tags, thing.ARN = tags, tags, map[string]string{"Stage": "prod", "Team": "shop"}, queue
		e := estate.New()
		for _, r := range []resource.Resource{user, role, thing} {
			if err := e.Add(r); err != nil {
				t.Fatal(err)
			}
		}
		read(t, e, `{"Id":"r-1","Arn":"arn:aws:organizations::999988887777:root/o-example/r-1","Children":[
			{"Id":"ou-shops","Arn":"arn:aws:organizations::999988887777:ou/o-example/ou-shops","Children":[
			{"Id":"111122223333","Arn":"arn:aws:organizations::999988887777:account/o-example/111122223333","Policies":[`+full+`]}],"Policies":[`+full+`]}],"Policies":[`+full+`]}`)
		for who, want := range map[string]access.Outcome{"user/ana": c.user, "role/web": c.role} {
			d, err := e.Can("arn:aws:iam::111122223333:"+who, estate.Question{Action: "sqs:SendMessage", Resource: queue, Context: policy.Keys{}})
			if err != nil || d.Outcome != want {
				t.Errorf("%s, %s: %s, want %s (%v %v)", c.name, who, d.Outcome, want, d.Unknown, err)
			}
		}
	}
}

// full is a service control policy that allows everything.
const full = `{"Name":"FullAWSAccess","Type":"SERVICE_CONTROL_POLICY","Content":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}`

// read adds a text, and joins what is there.
func read(t *testing.T, e *estate.Estate, text string) {
	t.Helper()
	if err := e.Read("made.json", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
}

// TestTagsOfBuckets: they count for access where that was switched on, for what is in the bucket too; where nobody read whether it was, they are not
// known.
func TestTagsOfBuckets(t *testing.T) {
	role := one(resource.Role, "app", map[string]any{"RoleName": "app", "AssumeRolePolicyDocument": trusts(map[string]any{"Service": "ec2.amazonaws.com"})}, map[string]any{"policies": []any{
		map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": map[string]any{"StringEquals": map[string]any{"aws:ResourceTag/team": "shop"}},
		}}},
	}})
	for status, want := range map[any]access.Outcome{"Enabled": access.Allowed, "Disabled": access.ImplicitlyDenied, nil: access.Unknown} {
		bucket := one(resource.Bucket, "cards", map[string]any{}, nil)
		bucket.Tags = map[string]string{"team": "shop"}
		if status != nil {
			bucket.Properties["AbacStatus"] = status
		}
		e := settled(t, role, bucket)
		for action, on := range map[string]string{"s3:ListBucket": "arn:aws:s3:::cards", "s3:GetObject": "arn:aws:s3:::cards/a"} {
			d, err := e.Can("arn:aws:iam::111122223333:role/app", estate.Question{Action: action, Resource: on})
			if err != nil || d.Outcome != want {
				t.Errorf("%v: %s: %s, %v: want %s", status, action, d.Outcome, err, want)
			}
		}
	}
}
