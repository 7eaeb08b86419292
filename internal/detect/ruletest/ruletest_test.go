package ruletest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/detect/ruletest"
)

const rule = `title: Key scheduled for deletion
id: 00000000-0000-4000-8000-000000000001
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: ScheduleKeyDeletion
  condition: selection
`

// A rule about who is behind an event, an AssumeRole, and what was done with it.
const (
	byUser  = "title: t\nid: r\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: DeleteBucket, lineage.name: mia}\n  condition: s\n"
	assumed = `{"eventID":"1","eventTime":"2026-03-02T09:00:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole",
"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia"},"responseElements":{"credentials":{"accessKeyId":"ASIA1"}}}
`
	deleted = `{"eventID":"2","eventTime":"2026-03-02T09:05:00Z","eventName":"DeleteBucket",
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/a/s","accessKeyId":"ASIA1"}}
`
)

func TestRun(t *testing.T) {
	cases := []struct {
		name, rule, test string
		ok               bool
		want             string // in Why
	}{
		{"fires", rule, "-- fire/a.json --\n{\"eventName\":\"ScheduleKeyDeletion\"}\n", true, ""},
		{"several records", rule, "-- fire/a.json --\n{\"eventName\":\"ScheduleKeyDeletion\"} {\"eventName\":\"scheduleKEYdeletion\"}\n", true, ""},
		{"records of a file", rule, "-- fire/a.json --\n{\"Records\":[{\"eventName\":\"ScheduleKeyDeletion\"}]}\n", true, ""},
		{"array", rule, "-- quiet/a.json --\n[{\"eventName\":\"A\"},{\"eventName\":\"B\"}]\n", true, ""},
		{"does not fire", rule, "-- fire/a.json --\n{\"eventName\":\"DisableKey\"}\n", false, `selection did not match: eventName = "DisableKey" does not match "ScheduleKeyDeletion"`},
		{"second does not fire", rule, "-- fire/a.json --\n[{\"eventName\":\"ScheduleKeyDeletion\"},{}]\n", false, "record 2: no rule fired\nselection did not match: eventName = nothing"},
		{"fires but should not", rule, "-- quiet/a.json --\n{\"eventName\":\"ScheduleKeyDeletion\"}\n", false, `Key scheduled for deletion fired` + "\n" + `selection matched: eventName = "ScheduleKeyDeletion" matches`},
		{"neither kind", rule, "-- loud/a.json --\n{}\n", false, "loud/a.json: name cases"},
		{"no case", rule, "only text\n", false, "no case"},
		{"no record", rule, "-- fire/a.json --\n\n", false, "no record"},
		{"broken record", rule, "-- quiet/a.json --\n{\"eventName\":\n", false, "JSON at byte"},
		{"not an event", rule, "-- quiet/a.json --\n7\n", false, "record 1: "},
		{"nobody knows who", byUser, "-- fire/a.json --\n" + deleted, false, `lineage.name = "s" does not match "mia"`},
		{"known beforehand", byUser, "-- given/a.json --\n" + assumed + "-- fire/a.json --\n" + deleted, true, ""},
		{"known from the case", byUser, "-- fire/a.json --\n" + assumed + deleted, false, "record 1: no rule fired"},
		{"only beforehand", rule, "-- given/a.json --\n{}\n", false, "no case"},
		{"broken beforehand", rule, "-- given/a.json --\n{\n-- fire/a.json --\n{}\n", false, "given/a.json: JSON at byte"},
		{"no event beforehand", rule, "-- given/a.json --\n7\n-- fire/a.json --\n{}\n", false, "given/a.json: record 1: "},
		{"broken rule", "title: x\n", "-- fire/a.json --\n{}\n", false, "r.yml:1:1: a rule needs a logsource"},
		{"idle rule", strings.Replace(rule, "aws", "windows", 1), "-- fire/a.json --\n{}\n", false, "never matches"},
		{"empty rule file", "# nothing\n", "-- fire/a.json --\n{}\n", false, "no rule in this file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{"d/r.yml": {Data: []byte(c.rule)}, "d/r.test": {Data: []byte(c.test)}}
			for _, name := range []string{".", "d", "d/r.test", "d/r.yml"} {
				got := ruletest.Run(fsys, name, open)
				if len(got) != 1 {
					t.Fatalf("%s: %d results", name, len(got))
				}
				if got[0].OK != c.ok || !strings.Contains(got[0].Why, c.want) || got[0].File != "d/r.test" {
					t.Errorf("%s: got %+v\nwant %v %q", name, got[0], c.ok, c.want)
				}
			}
		})
	}
}

func TestRunMissing(t *testing.T) {
	fsys := fstest.MapFS{"alone.test": {Data: []byte("-- fire/a.json --\n{}\n")}}
	for name, want := range map[string]string{"alone.test": "no rule alone.yml", "none.test": "none.test", "none.yml": "none.test"} {
		got := ruletest.Run(fsys, name, open)
		if len(got) != 1 || got[0].OK || !strings.Contains(got[0].Why, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzRecords(f *testing.F) {
	for _, s := range []string{`{}`, `[{},{}]`, `{"Records":[{}]}`, "{}\n{}", `[`, ``, `{"Records":null}`, `7 []`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ruletest.Records(data)
		if (err == nil) != (len(got) > 0) {
			t.Errorf("%d records and error %v", len(got), err)
		}
	})
}
