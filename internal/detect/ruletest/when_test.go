package ruletest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/detect/ruletest"
)

const (
	taken = `title: A role was taken on that administers its account
id: taken
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: AssumeRole}, condition: s}
level: high
jobzero:
  when: |
    event.record.requestParameters.roleArn != "arn:aws:iam::111122223333:role/quiet" &&
    access.reach(event.record.requestParameters.roleArn).most.administered > 0
`
	may = `[{"type":"AWS::IAM::Role","account":"111122223333","id":"boss","properties":{"RoleName":"boss","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}},"related":{"policies":[{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"*","Resource":"*"}]}]}},
{"type":"AWS::IAM::Role","account":"111122223333","id":"clerk","properties":{"RoleName":"clerk","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}},"related":{"policies":[]}}]`
)

func call(role string) string {
	return `{"eventVersion":"1.08","eventID":"00000000-0000-4000-8000-000000000001","eventTime":"2026-03-05T11:00:00Z","eventSource":"sts.amazonaws.com",
"eventName":"AssumeRole","awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventType":"AwsApiCall","sourceIPAddress":"198.51.100.7",
"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana","accountId":"111122223333","userName":"ana"},
"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/` + role + `"}}`
}

// TestWhen: a match counts when its rule's condition holds, and when that is not known.
func TestWhen(t *testing.T) {
	t.Parallel()
	known := "\n-- access/roles.json --\n" + may
	for name, c := range map[string]struct {
		test string
		ok   bool
	}{
		"one that administers":             {"-- fire/a.json --\n" + call("boss") + known, true},
		"one that does not":                {"-- quiet/a.json --\n" + call("clerk") + known, true},
		"one that does not, expected":      {"-- fire/a.json --\n" + call("clerk") + known, false},
		"one that nobody read":             {"-- fire/a.json --\n" + call("other") + known, true},
		"nobody read anything":             {"-- fire/a.json --\n" + call("clerk"), true},
		"another part takes it away":       {"-- quiet/a.json --\n" + call("quiet"), true},
		"rights that cannot be understood": {"-- fire/a.json --\n" + call("boss") + "\n-- access/roles.json --\n{", false},
	} {
		fsys := fstest.MapFS{"rules/r.yml": {Data: []byte(taken)}, "rules/r.test": {Data: []byte(c.test)}}
		got := ruletest.Run(fsys, "rules", open)
		if len(got) != 1 || got[0].OK != c.ok {
			t.Errorf("%s: %+v: want %t", name, got, c.ok)
		}
	}
}

func TestWhenIsMisspelt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"access.reech(event.principal).score > 5": "reech",
		"event.who == ''":                         `event has no field "who"`,
	} {
		rule := taken[:strings.Index(taken, "  when:")] + "  when: " + text + "\n"
		fsys := fstest.MapFS{"r.yml": {Data: []byte(rule)}, "r.test": {Data: []byte("-- fire/a.json --\n" + call("boss"))}}
		got := ruletest.Run(fsys, "r.test", open)
		if len(got) != 1 || got[0].OK || !strings.Contains(got[0].Why, want) || !strings.Contains(got[0].Why, "r.yml:7:") {
			t.Errorf("%s: %+v: want %q at its place", text, got, want)
		}
	}
}
