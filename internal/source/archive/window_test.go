package archive

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/source/cloudtrail"
)

func TestRead(t *testing.T) {
	for path, want := range map[string]Place{
		"AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/x.json.gz":   {"AWSLogs/", "111122223333", "CloudTrail", "us-east-1", "2026/03/01"},
		"a/b/AWSLogs/o-abc123/444455556666/CloudTrail/us-gov-west-1/2026/": {"a/b/AWSLogs/", "444455556666", "CloudTrail", "us-gov-west-1", "2026"},
		"AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/01/":        {"AWSLogs/", "111122223333", "vpcflowlogs", "eu-central-1", "2026/03/01"},
		"AWSLogs/111122223333/CloudTrail-Digest/":                          {"AWSLogs/", "111122223333", "CloudTrail-Digest", "", ""},
		"AWSLogs/o-abc123/": {Root: "AWSLogs/"},
		"AWSLogs":           {Root: "AWSLogs/"},
		"AWSLogs/1111/CloudTrail/us-east-1/2026/":           {Root: "AWSLogs/"},
		"AWSLogs/111122223333/CloudTrail/notes/2026/03/01/": {"AWSLogs/", "111122223333", "CloudTrail", "", ""},
		"myAWSLogs/111122223333/":                           {},
		"logs/2026/03/01/x.json":                            {},
		`copy\AWSLogs\111122223333\CloudTrail`:              {"copy/AWSLogs/", "111122223333", "CloudTrail", "", ""},
		"AWSLogs/old/AWSLogs/111122223333":                  {"AWSLogs/old/AWSLogs/", "111122223333", "", "", ""},
	} {
		if d := cmp.Diff(want, Read(path)); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
}

func day(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAdmits(t *testing.T) {
	w := Window{Accounts: []string{"111122223333"}, Regions: []string{"us-east-1"}, Since: day("2026-02-28T00:30:00Z"), Until: day("2026-03-01T19:00:00Z")}
	const base = "b/AWSLogs/111122223333/CloudTrail/us-east-1/"
	for path, want := range map[string]bool{
		"":                               true,
		"b/":                             true,
		"b/AWSLogs/":                     true,
		"b/AWSLogs/444455556666/":        false,
		"b/AWSLogs/111122223333/":        true,
		base:                             true,
		base + "2025/":                   false,
		base + "2026/":                   true,
		base + "2026/01/":                false,
		base + "2026/02/":                true,
		base + "2026/02/26/x.gz":         false,
		base + "2026/02/27/x.gz":         true, // an hour before is that day
		base + "2026/03/02/x.gz":         true, // six hours after is that day
		base + "2026/03/03/x.gz":         false,
		base + "2026/04/":                false,
		base + "2027/":                   false,
		base + "2026/13/99/x.gz":         false,
		"other/layout/2020/01/01/x.json": true,
		"b/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01/": false,
	} {
		if got := w.Admits(path); got != want || w.Leaves(path) == want {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
	}
	if !(Window{}).Empty() || w.Empty() || !(Window{}).Admits(base+"1999/01/01/x") {
		t.Error("an empty window is everything")
	}
}

// What a record does not say cannot leave it out; a record and the event made of it are treated alike.
func TestHolds(t *testing.T) {
	w := Window{Accounts: []string{"111122223333"}, Regions: []string{"us-east-1"}, Since: day("2026-03-01T10:00:00Z"), Until: day("2026-03-01T11:00:00Z")}
	const whole = `{"eventID":"1","eventName":"A","eventSource":"b","eventTime":"2026-03-01T10:00:00Z","awsRegion":"us-east-1","recipientAccountId":"111122223333"}`
	for from, c := range map[string]struct {
		to   string
		want bool
	}{
		"":                  {"", true},
		"10:00:00Z":         {"09:59:59Z", false},
		"T10:00:00Z":        {"T10:59:59Z", true},
		"01T10:00:00Z":      {"01T11:00:00Z", false},
		`"us-east-1"`:       {`"eu-west-1"`, false},
		`"awsRegion":"us-e`: {`"other":"us-e`, true},
		`"111122223333"`:    {`"444455556666"`, false},
	} {
		raw := []byte(strings.Replace(whole, from, c.to, 1))
		e, err := cloudtrail.Parse(raw, event.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Holds(e.Record()); got != c.want {
			t.Errorf("record %s: %v", raw, got)
		}
		if got := w.HoldsEvent(e); got != c.want {
			t.Errorf("event %s: %v", raw, got)
		}
	}
}

// FuzzAdmits: a window that leaves a folder out leaves out everything below it, whatever the key; else folders would hide logs.
func FuzzAdmits(f *testing.F) {
	f.Add("AWSLogs/o-a/111122223333/CloudTrail/us-east-1/2026/03/01/x.json.gz", int64(1772323200), int64(3600))
	f.Add("AWSLogs/111122223333/CloudTrail/us-east-1/2026/3/01/AWSLogs/444455556666", int64(1772323200), int64(1))
	f.Fuzz(func(t *testing.T, path string, since, length int64) {
		if since < 0 || since > 1<<34 || length < 0 || length > 1<<30 || strings.Count(path, "AWSLogs") > 1 {
			t.Skip()
		}
		from := time.Unix(since, 0)
		w := Window{Accounts: []string{"111122223333"}, Regions: []string{"us-east-1"}, Since: from, Until: from.Add(time.Duration(length) * time.Second)}
		if !w.Admits(path) {
			return
		}
		for i, c := range path {
			if c == '/' && !w.Admits(path[:i+1]) {
				t.Errorf("%q is admitted and its folder %q is not", path, path[:i+1])
			}
		}
	})
}
