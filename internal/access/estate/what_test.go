package estate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// rights are those of somebody, each as ACTION PATTERN OUTCOME.
func rights(t *testing.T, e *estate.Estate, who string) (out []string) {
	t.Helper()
	list, err := e.What(who, estate.Question{Context: policy.Keys{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		line := r.Action + " " + r.On
		if len(r.But) > 0 {
			line += " but " + strings.Join(r.But, " ")
		}
		out = append(out, line+" "+string(r.Outcome))
	}
	return out
}

func TestWhat(t *testing.T) {
	document := func(statements ...any) map[string]any {
		return map[string]any{"Version": "2012-10-17", "Statement": statements}
	}
	allow := func(action, on any) map[string]any {
		return map[string]any{"Effect": "Allow", "Action": action, "Resource": on}
	}
	deny := func(action, on any) map[string]any {
		return map[string]any{"Effect": "Deny", "Action": action, "Resource": on}
	}
	const orders = "arn:aws:s3:::orders"
	bucket := one(resource.Bucket, "orders", nil, map[string]any{"policy": document(map[string]any{
		"Effect": "Allow", "Action": "s3:GetObject", "Principal": map[string]any{"AWS": "arn:aws:iam::111122223333:user/ana"}, "Resource": orders + "/*",
	})})
	for _, c := range []struct {
		name   string
		policy map[string]any
		want   []string
	}{
		{"nothing of his own", document(deny("sqs:*", "*")), nil},
		{"actions by a pattern", document(allow("sqs:Send*", "*")), []string{"sqs:SendMessage * Allowed"}},
		{"a wide pattern holds a narrow one", document(allow("sqs:SendMessage", []any{"arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:*"})), []string{"sqs:SendMessage arn:aws:sqs:*:*:* Allowed"}},
		{"what is denied as a whole is left out", document(allow("sqs:SendMessage", []any{"arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b"}), deny("sqs:*", "arn:aws:sqs:*:*:a")), []string{"sqs:SendMessage arn:aws:sqs:*:*:b Allowed"}},
		{"a condition that nobody knows", document(with(allow("sqs:SendMessage", "*"), "Condition", map[string]any{"Bool": map[string]any{"aws:ViaAWSService": "true"}})), []string{"sqs:SendMessage * Unknown"}},
		{"a narrow pattern that is sure beside a wide one that is not", document(
			with(allow("sqs:SendMessage", "*"), "Condition", map[string]any{"Bool": map[string]any{"aws:ViaAWSService": "true"}}), allow("sqs:SendMessage", "arn:aws:sqs:*:*:a"),
		), []string{"sqs:SendMessage * Unknown", "sqs:SendMessage arn:aws:sqs:*:*:a Allowed"}},
		{"variables of the caller", document(allow("sqs:SendMessage", "arn:aws:sqs:*:*:${aws:username}-*")), []string{"sqs:SendMessage arn:aws:sqs:*:*:ana-* Allowed"}},
		{"variables that are not known", document(allow("sqs:SendMessage", "arn:aws:sqs:*:*:${aws:SourceVpc}")), []string{"sqs:SendMessage arn:aws:sqs:*:*:${aws:SourceVpc} Unknown"}},
		{"all but some", document(map[string]any{"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": "arn:aws:sqs:*:*:a"}), []string{"sqs:SendMessage * but arn:aws:sqs:*:*:a Allowed"}},
	} {
		user := one(resource.User, "ana", map[string]any{"UserName": "ana"}, map[string]any{"policies": []any{c.policy}, "groups": []any{}})
		want := append([]string{"s3:GetObject " + orders + "/* Allowed"}, c.want...)
		if got := rights(t, settled(t, user, bucket), "arn:aws:iam::111122223333:user/ana"); !slices.Equal(got, want) {
			t.Errorf("%s:\n%v\nwant\n%v", c.name, got, want)
		}
	}
}

func with(m map[string]any, key string, v any) map[string]any {
	m[key] = v
	return m
}

// TestWhatOfAll: an administrator can do all there is, and a thousand statements do not take long.
func TestWhatOfAll(t *testing.T) {
	var many []any
	for i := range 5000 {
		many = append(many, map[string]any{"Effect": "Allow", "Action": "sqs:*", "Resource": fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:q%d", i)})
	}
	for name, statements := range map[string][]any{"all": {map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}}, "many": many} {
		user := one(resource.User, "ana", nil, map[string]any{"groups": []any{}, "policies": []any{map[string]any{"Version": "2012-10-17", "Statement": statements}}})
		if n := len(rights(t, settled(t, user), "arn:aws:iam::111122223333:user/ana")); n < 20_000 {
			t.Errorf("%s: %d rights", name, n)
		}
	}
}
