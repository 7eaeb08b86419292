package ledger

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestClimb(t *testing.T) {
	for from, want := range map[string][3]string{
		"arn:aws:s3:::shop/a/b/c":                                  {"arn:aws:s3:::shop/a/*", "arn:aws:s3:::shop/*", "arn:aws:s3:*"},
		"arn:aws:s3:::shop/a":                                      {"arn:aws:s3:::shop/a", "arn:aws:s3:::shop/*", "arn:aws:s3:*"},
		"arn:aws:s3:::shop/a:b/c":                                  {"arn:aws:s3:::shop/a:b/*", "arn:aws:s3:::shop/*", "arn:aws:s3:*"},
		"arn:aws:s3:::shop":                                        {"arn:aws:s3:::shop", "arn:aws:s3:::*", "arn:aws:s3:*"},
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-1":          {"arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "arn:aws:ec2:*"},
		"arn:aws:logs:r:111122223333:log-group:/a/b:log-stream:c":  {"arn:aws:logs:r:111122223333:log-group:/a/b:*", "arn:aws:logs:r:111122223333:log-group:*", "arn:aws:logs:*"},
		"arn:aws:dynamodb:r:111122223333:table/t/index/i":          {"arn:aws:dynamodb:r:111122223333:table/t/*", "arn:aws:dynamodb:r:111122223333:table/*", "arn:aws:dynamodb:*"},
		"arn:aws:sqs:r:111122223333:jobs":                          {"arn:aws:sqs:r:111122223333:jobs", "arn:aws:sqs:r:111122223333:*", "arn:aws:sqs:*"},
		"*":                                                        {"*", "*", "*"},
		"no ARN":                                                   {"no ARN", "*", "*"},
		"arn:aws:s3":                                               {"arn:aws:s3", "*", "*"},
		"arn:aws:iam::111122223333:role/*deploy":                   {"arn:aws:iam::111122223333:role/*deploy", "arn:aws:iam::111122223333:role/*", "arn:aws:iam:*"},
		"arn:aws:lambda:eu-west-1:111122223333:function:f:PROD":    {"arn:aws:lambda:eu-west-1:111122223333:function:f:*", "arn:aws:lambda:eu-west-1:111122223333:function:*", "arn:aws:lambda:*"},
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b": {"arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*", "arn:aws:secretsmanager:*"},
	} {
		for i, w := range want {
			if got := climb(from, i+1); got != w {
				t.Errorf("%s on step %d: got %s, want %s", from, i+1, got, w)
			}
		}
	}
}

// TestClimbIsOneWay: a step is the same whichever steps came before, or what a ledger says would depend on the order.
func TestClimbIsOneWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arn := rapid.StringMatching(`(arn:aws:(s3|ec2|logs)?:[a-z]?:[0-9]?:)?[a-c:/*?]{0,12}`).Draw(t, "arn")
		for low := leaf; low <= vendor; low++ {
			for high := low; high <= vendor; high++ {
				if a, b := climb(arn, high), climb(climb(arn, low), high); a != b {
					t.Errorf("%q: step %d gives %q, by way of %d %q", arn, high, a, low, b)
				}
			}
		}
	})
}

func TestInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Unix(rapid.Int64Range(1, latest).Draw(t, "at"), 0).UTC()
		for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05.000Z"} {
			if got, ok := instant([]byte(want.Format(form))); !ok || got != want.Unix() {
				t.Errorf("%s: got %d, %v", want.Format(form), got, ok)
			}
		}
	})
	for _, bad := range []string{"", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:61:00Z", "2026-01-01T00:00:61Z", "2O26-01-01T00:00:00Z", "1969-01-01T00:00:00Z", "2300-01-01T00:00:00Z"} {
		if at, ok := instant([]byte(bad)); ok {
			t.Errorf("%s is taken for %d", bad, at)
		}
	}
}
