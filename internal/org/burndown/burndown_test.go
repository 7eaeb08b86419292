package burndown_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/org"
	"jobzero/internal/org/burndown"
	"jobzero/internal/source/cloudtrail"
)

const owners = `
people: [{id: kim, name: Kim Example}]
teams:
  - {name: shop, lead: kim, members: [kim]}
  - {name: platform}
accounts:
  - {id: "111122223333", owner: shop}
  - {id: "444455556666"}
patterns:
  - {type: "AWS::S3::Bucket", id: payroll, team: platform}
`

// call is a call of an IAM user; the console marks its sessions.
func call(id int, at, user, account, source, name, params string, console bool) string {
	return fmt.Sprintf(`{"eventVersion":"1.09","eventID":"%d","eventTime":%q,"eventSource":"%s.amazonaws.com","eventName":%q,"awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7",`+
		`"recipientAccountId":%q,"eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::%s:user/%s","accountId":%q,"userName":%q},"requestParameters":%s,"sessionCredentialFromConsole":"%t","managementEvent":%t}`,
		id, at, source, name, account, account, user, account, user, params, console, source != "s3")
}

func count(t *testing.T, o string, calls ...string) burndown.Count {
	t.Helper()
	who, err := org.Parse("org.yaml", []byte(o))
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Options{})
	for _, c := range calls {
		e, err := cloudtrail.Parse([]byte(c), event.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		l.Add(e.Record())
	}
	return burndown.Of(l.Within(time.Time{}, time.Time{}), who)
}

func some() []string {
	const home, away = "111122223333", "444455556666"
	get := `{"bucketName":"%s","key":"a"}`
	return []string{
		call(1, "2026-03-02T10:00:00Z", "ana", home, "s3", "GetObject", fmt.Sprintf(get, "orders"), false),
		call(2, "2026-03-02T11:00:00Z", "ana", home, "ec2", "DescribeInstances", "null", true),              // the same session
		call(3, "2026-03-03T10:00:00Z", "ana", home, "s3", "GetObject", fmt.Sprintf(get, "payroll"), false), // the platform's data
		call(4, "2026-03-09T10:00:00Z", "bo", home, "ssm", "StartSession", `{"target":"i-0a"}`, false),
		call(5, "2026-03-10T10:00:00Z", "bo", away, "s3", "PutObject", fmt.Sprintf(get, "other"), false),
	}
}

func TestGroup(t *testing.T) {
	c := count(t, owners, some()...)
	for by, want := range map[burndown.By]string{
		burndown.ByTeam:    "shop 2p 3d 3s 1c 1sh 1r 0w; platform 1p 1d 0s 0c 0sh 1r 0w; unknown 1p 1d 1s 0c 0sh 0r 1w",
		burndown.ByAccount: "111122223333 2p 3d 3s 1c 1sh 2r 0w; 444455556666 1p 1d 1s 0c 0sh 0r 1w",
		burndown.ByPerson:  "arn:aws:iam::111122223333:user/ana 1p 2d 2s 1c 0sh 2r 0w; arn:aws:iam::111122223333:user/bo 1p 1d 1s 0c 1sh 0r 0w; arn:aws:iam::444455556666:user/bo 1p 1d 1s 0c 0sh 0r 1w",
		burndown.ByDay:     "2026-03-10 1p 1d 1s 0c 0sh 0r 1w; 2026-03-09 1p 1d 1s 0c 1sh 0r 0w; 2026-03-03 1p 1d 1s 0c 0sh 1r 0w; 2026-03-02 1p 1d 1s 1c 0sh 1r 0w",
	} {
		lines, err := c.Group(by)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			got = append(got, fmt.Sprintf("%s %dp %dd %ds %dc %dsh %dr %dw", l.Name, l.People, l.Days, l.Sessions, l.Console, l.Shells, l.Reads, l.Writes))
		}
		if d := cmp.Diff(want, strings.Join(got, "; ")); d != "" {
			t.Errorf("by %s:\n%s", by, d)
		}
	}
	if _, err := c.Group("colour"); err == nil {
		t.Error("by colour: no error")
	}
}

// TestUnknown: what nobody owns and what nobody is behind is counted as such, and never as nothing.
func TestUnknown(t *testing.T) {
	role := strings.ReplaceAll(call(9, "2026-03-02T10:00:00Z", "x", "111122223333", "s3", "GetObject", `{"bucketName":"a","key":"b"}`, false),
		`"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/x"`, `"type":"AssumedRole","accessKeyId":"ASIA1","arn":"arn:aws:sts::111122223333:assumed-role/r/x"`)
	c := count(t, "", append(some(), role)...)
	if c.Unknown != 1 {
		t.Errorf("%d uses by nobody knows whom, want 1", c.Unknown)
	}
	lines, _ := c.Group(burndown.ByTeam)
	if len(lines) != 1 || lines[0].Name != burndown.Unknown || lines[0].Sessions != 4 {
		t.Errorf("without an organisation: %+v", lines)
	}
}

func day(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

func TestAgainst(t *testing.T) {
	g, err := burndown.ParseGoals("zero.yaml", []byte(`
goals:
  - {team: shop, per: week, start: 2026-03-01, end: 2026-03-11, sessions: {from: 10, to: 0}, reads: {from: 5, to: 5}}
  - {team: platform, per: day, start: 2026-03-01, end: 2026-03-05, reads: {from: 4, to: 0}}
`))
	if err != nil {
		t.Fatal(err)
	}
	all := count(t, owners, some()...).Against(g, day("2026-03-10"))
	byTeam := map[string]burndown.Progress{}
	for _, p := range all {
		byTeam[p.Team] = p
	}
	shop := byTeam["shop"] // 4 to 10 March: one session, and the goal is 1 on the ninth of ten days
	if shop.First != "2026-03-04" || shop.Sessions.Actual != 1 || *shop.Sessions.Goal != 1 || *shop.Sessions.Over != 0 || !shop.Met() || *shop.Reads.Over != -5 {
		t.Errorf("shop: %+v over %d", shop, *shop.Sessions.Over)
	}
	if shop.Sessions.Trend != nil {
		t.Error("a trend against a week that the ledger does not have")
	}
	if p := byTeam["platform"]; p.First != "2026-03-10" || p.Reads.Actual != 0 || *p.Reads.Goal != 0 || *p.Reads.Trend != 0 || p.Sessions.Goal != nil {
		t.Errorf("platform: %+v", p)
	}
	if p := byTeam[burndown.Unknown]; p.Sessions.Actual != 1 || p.Sessions.Goal != nil || !p.Met() {
		t.Errorf("unknown: %+v", p)
	}
	later := count(t, owners, some()...).Against(g, day("2026-03-03"))
	if later[0].Team != "platform" || *later[0].Reads.Goal != 2 || *later[0].Reads.Over != -1 || *later[0].Reads.Trend != 1 {
		t.Errorf("the day of the read: %+v", later[0])
	}
}

func TestFall(t *testing.T) {
	f, start, end := burndown.Fall{From: 40, To: 0}, day("2026-03-01"), day("2026-03-11")
	for at, want := range map[string]int{"2026-02-01": 40, "2026-03-01": 40, "2026-03-02": 36, "2026-03-06": 20, "2026-03-11": 0, "2027-01-01": 0} {
		if got := f.At(start, end, day(at)); got != want {
			t.Errorf("on %s: %d, want %d", at, got, want)
		}
	}
}

func TestGoalsAreStrict(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "x.yaml:1:1: there are no goals",
		"goals: [{team: a, day: 1}]": "unknown field",
		"goals: [{team: a, per: year, start: 2026-01-01, end: 2026-02-01, reads: {from: 1, to: 0}}]":                                                                                  `x.yaml:1:10: per "year"`,
		"goals: [{team: a, per: day, start: 2026-02-01, end: 2026-01-01, reads: {from: 1, to: 0}}]":                                                                                   "not after its start",
		"goals: [{team: a, per: day, start: 2026-01-01, end: 2026-02-01}]":                                                                                                            "says nothing",
		"goals: [{team: a, per: day, start: 2026-01-01, end: 2026-02-01, reads: {from: 1, to: 2}}]":                                                                                   "a goal falls",
		"goals: [{team: a, per: day, start: 2026-01-01, end: 2026-02-01, reads: {from: 1, to: 0}}, {team: a, per: day, start: 2026-01-01, end: 2026-02-01, reads: {from: 1, to: 0}}]": "two goals",
	} {
		if _, err := burndown.ParseGoals("x.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	g, err := burndown.ParseGoals("x.yaml", []byte(burndown.Example()))
	if err != nil {
		t.Fatal(err)
	}
	o, _ := org.Parse("org.yaml", []byte("teams: [{name: shop}]"))
	if err := g.Check("x.yaml", o); err == nil || !strings.Contains(err.Error(), `"platform" is not in`) {
		t.Errorf("a team that is not there: %v", err)
	}
}

func FuzzParseGoals(f *testing.F) {
	f.Add([]byte(burndown.Example()))
	f.Add([]byte("goals: [{team: a, per: week, start: 2026-01-01, end: 2026-02-01, sessions: {from: 3, to: 1}}]"))
	f.Add([]byte("goals: [null]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := burndown.ParseGoals("x.yaml", data)
		if err != nil {
			return
		}
		for _, x := range g.Goals { // what is taken can be reckoned with
			if x.Sessions != nil && x.Sessions.At(x.Start.End(), x.End.End(), x.End.End()) != x.Sessions.To {
				t.Errorf("%+v does not end on its end", x)
			}
		}
	})
}
