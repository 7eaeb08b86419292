package replay_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jobzero/internal/guardrail/replay"
	"jobzero/internal/policy"
	"jobzero/internal/policy/trail"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/testcorpus"
)

const region = `{"Version":"2012-10-17","Statement":[{"Sid":"OnlyEurope","Effect":"Deny","NotAction":["iam:*","organizations:*","sts:*","route53:*","cloudfront:*","support:*"],
"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}}]}`

func set(t *testing.T, kind policy.Kind, text string) policy.Set {
	t.Helper()
	d, _, err := policy.Parse("p.json", kind, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return policy.NewSet(d)
}

func run(t *testing.T, o replay.Options, paths ...string) *replay.Report {
	t.Helper()
	o.Now = func() time.Time { return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) }
	o.Letter, o.Skipped = func(source.DeadLetter) error { return nil }, func(string, string) {}
	r, err := replay.Run(context.Background(), file.Paths(paths...), o)
	if err != nil {
		t.Fatal(err)
	}
	if sum := r.Denied + r.Undecided + r.Untouched + r.Exempted(); sum != r.Events || r.Events+r.Duplicates+r.Outside != r.Stats.Events {
		t.Errorf("%d denied, %d undecided, %d untouched, %d exempt: %d of %d events, %d duplicates, %d read",
			r.Denied, r.Undecided, r.Untouched, r.Exempted(), sum, r.Events, r.Duplicates, r.Stats.Events)
	}
	groups := int64(0)
	for _, g := range r.Groups {
		groups += g.Count
		if g.Count == 0 || g.First.After(g.Last) || g.Action == "" || g.Statement == "" || (g.Outcome == policy.Undecided) != (len(g.Unknown) > 0) {
			t.Errorf("an odd group: %+v", g)
		}
	}
	if groups != r.Denied+r.Undecided {
		t.Errorf("the groups have %d calls, of %d", groups, r.Denied+r.Undecided)
	}
	return r
}

// TestCorpus: over real logs everything adds up, and the region of a call is always known.
func TestCorpus(t *testing.T) {
	for _, folder := range []string{"stratus-detonation", "invictus-cloudtrail"} {
		r := run(t, replay.Options{Kind: policy.SCP, Policies: set(t, policy.SCP, region)}, testcorpus.Path(t, folder))
		t.Logf("%s: %d events, %d denied, %d undecided, %d untouched, %d exempt %v", folder, r.Events, r.Denied, r.Undecided, r.Untouched, r.Exempted(), r.Exempt)
		if r.Undecided != 0 || r.Denied == 0 {
			t.Errorf("%s: %d denied, %d undecided %v", folder, r.Denied, r.Undecided, r.Unknown)
		}
	}
}

func write(t *testing.T, records ...string) string {
	t.Helper()
	text := `{"Records":[`
	for i, r := range records {
		if i > 0 {
			text += ","
		}
		text += r
	}
	name := filepath.Join(t.TempDir(), "log.json")
	if err := os.WriteFile(name, []byte(text+"]}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func event(id int, account, identity, source, name, more string) string {
	return fmt.Sprintf(`{"eventVersion":"1.11","eventID":"e-%d","eventTime":"2026-03-02T10:%02d:00Z","eventType":"AwsApiCall","eventSource":"%s.amazonaws.com","eventName":%q,"awsRegion":"us-east-1",
"sourceIPAddress":"198.51.100.7","recipientAccountId":%q,"userIdentity":%s%s}`, id, id%60, source, name, account, identity, more)
}

func user(account, name string) string {
	return fmt.Sprintf(`{"type":"IAMUser","arn":"arn:aws:iam::%[1]s:user/%[2]s","accountId":%[1]q,"userName":%[2]q,"principalId":"AIDA%[2]s","accessKeyId":"AKIA%[2]s"}`, account, name)
}

// TestExempt: who is exempt in AWS is exempt here, and why is said.
func TestExempt(t *testing.T) {
	linked := `{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/a","accountId":"111122223333","principalId":"AROA:a",
"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"}}}`
	log := write(t,
		event(1, "111122223333", user("111122223333", "kim"), "ec2", "StopInstances", ""),
		event(1, "111122223333", user("111122223333", "kim"), "ec2", "StopInstances", ""), // again
		event(2, "444455556666", user("444455556666", "boss"), "ec2", "StopInstances", ""),
		event(3, "111122223333", linked, "ec2", "StopInstances", ""),
		event(4, "111122223333", `{"type":"AWSService","invokedBy":"config.amazonaws.com"}`, "s3", "PutObject", ""),
		event(5, "111122223333", user("999999999999", "other"), "s3", "GetObject", ""),
		event(6, "111122223333", user("111122223333", "kim"), "ec2", "StopInstances", `,"errorCode":"Client.UnauthorizedOperation"`),
		event(7, "111122223333", user("111122223333", "kim"), "sts", "GetCallerIdentity", ""),
		event(8, "111122223333", user("111122223333", "kim"), "iam", "GetUser", ""),
		event(9, "111122223333", user("111122223333", "kim"), "ec2", "StopInstances", `,"errorCode":"Client.InvalidInstanceID"`))
	o := replay.Options{
		Kind: policy.SCP, Policies: set(t, policy.SCP, region),
		Organisation: trail.Organisation{Management: "444455556666", Accounts: []string{"111122223333", "444455556666"}},
	}
	r := run(t, o, log)
	want := map[string]int64{
		"management account": 1, "service-linked role": 1, "AWS service": 1, "principal outside of the organisation": 1, "refused already": 1, "no call that policies decide": 1,
	}
	for reason, n := range want {
		if r.Exempt[reason] != n {
			t.Errorf("%s: %d, want %d", reason, r.Exempt[reason], n)
		}
	}
	if len(r.Exempt) != len(want) || r.Denied != 2 || r.Untouched != 1 || r.Duplicates != 1 {
		t.Errorf("%+v", r)
	}
	if g := r.Groups[0]; len(r.Groups) != 1 || g.Count != 2 || g.Failed != 1 || g.Example != "e-1" || g.Root != "arn:aws:iam::111122223333:user/kim" || g.Statement != "OnlyEurope" {
		t.Errorf("%+v", r.Groups)
	}
}

// TestBehind: calls of one person through two sessions of a role are one group, by who is behind them.
func TestBehind(t *testing.T) {
	session := func(name, key string) string {
		return fmt.Sprintf(`{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/%s","accountId":"111122223333","principalId":"AROA:%s","accessKeyId":%q,
"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/deploy","accountId":"111122223333"},"attributes":{"creationDate":"2026-03-02T10:00:00Z","mfaAuthenticated":"false"}}}`, name, name, key)
	}
	grant := func(id int, name, key string) string {
		return event(id, "111122223333", user("111122223333", "kim"), "sts", "AssumeRole", fmt.Sprintf(`,"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/deploy","roleSessionName":%[1]q},
"responseElements":{"credentials":{"accessKeyId":%[2]q,"expiration":"Mar 2, 2026, 11:00:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROA:%[1]s","arn":"arn:aws:sts::111122223333:assumed-role/deploy/%[1]s"}}`, name, key))
	}
	log := write(t, grant(1, "one", "ASIAONE"), grant(2, "two", "ASIATWO"),
		event(3, "111122223333", session("one", "ASIAONE"), "ec2", "StopInstances", ""),
		event(4, "111122223333", session("two", "ASIATWO"), "ec2", "StopInstances", ""))
	r := run(t, replay.Options{Kind: policy.SCP, Policies: set(t, policy.SCP, region)}, log)
	if len(r.Groups) != 1 || r.Groups[0].Count != 2 || r.Groups[0].Root != "arn:aws:iam::111122223333:user/kim" || r.Groups[0].Principal != "arn:aws:iam::111122223333:role/deploy" {
		t.Errorf("%+v", r.Groups)
	}
}

// TestResourceControl: a resource control policy binds AWS services and others, but not services that have none.
func TestResourceControl(t *testing.T) {
	text := `{"Version":"2012-10-17","Statement":[{"Sid":"OnlyUs","Effect":"Deny","Principal":"*","Action":["s3:*","ec2:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}]}`
	log := write(t,
		event(1, "111122223333", user("111122223333", "kim"), "s3", "GetObject", ""),
		event(2, "111122223333", user("999999999999", "other"), "s3", "GetObject", ""),
		event(3, "111122223333", `{"type":"AWSService","invokedBy":"config.amazonaws.com"}`, "s3", "PutObject", ""),
		event(4, "111122223333", user("999999999999", "other"), "ec2", "StopInstances", ""))
	o := replay.Options{
		Kind: policy.RCP, Policies: set(t, policy.RCP, text),
		Organisation: trail.Organisation{ID: "o-a1b2c3d4e5", Accounts: []string{"111122223333"}},
	}
	if r := run(t, o, log); r.Denied != 1 || r.Untouched != 2 || r.Exempt["service without resource control policies"] != 1 {
		t.Errorf("%+v", r)
	}
}
