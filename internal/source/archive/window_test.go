package archive

import (
	"os"
	"path/filepath"
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
		"AWSLogs/1111/CloudTrail/us-east-1/2026/":                                  {Root: "AWSLogs/"},
		"AWSLogs/111122223333/CloudTrail/notes/2026/03/01/":                        {"AWSLogs/", "111122223333", "CloudTrail", "", ""},
		"myAWSLogs/111122223333/":                                                  {},
		"logs/2026/03/01/x.json":                                                   {},
		`copy\AWSLogs\111122223333\CloudTrail`:                                     {"copy/AWSLogs/", "111122223333", "CloudTrail", "", ""},
		"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/01/x.log.gz":          {"AWSLogs/", "111122223333", "vpcdnsquerylogs", "", "2026/03/01"},
		"AWSLogs/111122223333/WAFLogs/us-east-1/shop/2026/03/01/10/05/x.log.gz":    {"AWSLogs/", "111122223333", "WAFLogs", "us-east-1", "2026/03/01"},
		"AWSLogs/111122223333/WAFLogs/cloudfront/shop/2026/03/":                    {"AWSLogs/", "111122223333", "WAFLogs", "", "2026/03"},
		"AWSLogs/111122223333/CloudFront/E2EXAMPLE/2026/03/01/10/x.gz":             {"AWSLogs/", "111122223333", "CloudFront", "", "2026/03/01"},
		"AWSLogs/111122223333/CloudFront/2026/03/01/x.gz":                          {"AWSLogs/", "111122223333", "CloudFront", "", "2026/03/01"},
		"AWSLogs/111122223333/CloudFront/E2EXAMPLE12345.2026-03-01-10.abcd1234.gz": {"AWSLogs/", "111122223333", "CloudFront", "", ""},
		"AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-central-1/year=2026/month=03/day=01/hour=10/x.log.gz": {"AWSLogs/", "111122223333", "vpcflowlogs", "eu-central-1", "2026/03/01"},
		"AWSLogs/aws-account-id=111122223333/": {"AWSLogs/", "111122223333", "", "", ""},
		"AWSLogs/old/AWSLogs/111122223333":     {"AWSLogs/old/AWSLogs/", "111122223333", "", "", ""},
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

// What a key says leaves it out, whatever log it is of and however it says so; what it does not say never does.
func TestAdmitsOtherLogs(t *testing.T) {
	w := Window{
		Accounts: []string{"111122223333"}, Regions: []string{"eu-central-1"}, Since: day("2026-03-01T08:00:00Z"), Until: day("2026-03-01T20:00:00Z"),
		Logs: []event.Log{event.VPCFlow, event.Resolver, event.CloudFront, event.S3Access},
	}
	const base, hive = "b/AWSLogs/111122223333/", "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region="
	for path, want := range map[string]bool{
		base + "vpcflowlogs/eu-central-1/2026/03/01/x.log.gz":        true,
		base + "vpcflowlogs/eu-central-1/2026/03/02/x.log.gz":        true, // it may come a day late
		base + "vpcflowlogs/eu-central-1/2026/03/03/x.log.gz":        false,
		base + "vpcflowlogs/eu-central-1/2026/02/28/x.log.gz":        false,
		base + "vpcflowlogs/us-east-1/":                              false,
		"AWSLogs/444455556666/vpcflowlogs/":                          false,
		hive + "eu-central-1/year=2026/month=03/day=01/x.log.gz":     true,
		hive + "eu-central-1/year=2026/month=04/":                    false,
		hive + "us-east-1/":                                          false,
		base + "vpcdnsquerylogs/vpc-0a/":                             true,
		base + "vpcdnsquerylogs/vpc-0a/2026/02/":                     false,
		base + "CloudFront/E2EXAMPLE/2026/03/01/":                    true,
		base + "CloudFront/E2EXAMPLE12345.2026-03-01-10.abcd1234.gz": true,
		base + "CloudFront/E2EXAMPLE12345.2026-02-01-10.abcd1234.gz": false,
		base + "elasticloadbalancing/eu-central-1/2026/03/01/":       false, // no rule is about it
		base + "WAFLogs/":    false,
		base + "CloudTrail/": false,
		base + "Config/":     false,
		base + "ours/":       true, // nobody knows what is in it
		"logs/2026-03-01-10-00-00-0123456789ABCDEF":                                   true,
		"logs/mybucket-2026-02-01-10-00-00-0123456789ABCDEF":                          false,
		"logs/2026-02-01-10-00-00-0123456789ABCDEF/":                                  true, // a folder
		"444455556666/eu-central-1/b/2026/03/01/2026-03-01-00-00-00-0123456789ABCDEF": true, // folders of this layout are not read
		"cdn/E2EXAMPLE12345.2026-03-05-10.abcd1234.gz":                                false,
		"cdn/e2example.2026-03-05-10.abcd1234.gz":                                     true,
		"flat/111122223333_vpcflowlogs_eu-central-1_fl-0a_20260301T1005Z_abcd.log.gz": true,
		"flat/111122223333_vpcflowlogs_us-east-1_fl-0a_20260301T1005Z_abcd.log.gz":    false,
		"flat/111122223333_CloudTrail_eu-central-1_20260301T1005Z_abcd.json.gz":       false,
		"flat/111122223333_vpcflowlogs_eu-central-1_fl-0a_20260201T1005Z_abcd.log.gz": false,
		"flat/111122223333_ours_eu-central-1_20260201T1005Z_abcd.log.gz":              true,
		"stream/2026/02/01/10/shop-1-2026-02-01-10-00-00-abc":                         true,
	} {
		if got := w.Admits(path); got != want {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
	}
	dir := filepath.Join(t.TempDir(), "2026-02-01-10-00-00-0123456789ABCDEF")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if w.Leaves(dir) || !w.Leaves(dir+"0/2026-02-01-10-00-00-0123456789ABCDEF") {
		t.Error("a folder on disk is taken for a file, or a file for a folder")
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
	f.Add("AWSLogs/111122223333/WAFLogs/cloudfront/shop/2026/03/01/10/00/x.log.gz", int64(1772323200), int64(1))
	f.Add("AWSLogs/111122223333/CloudFront/2026/03/01/E2EXAMPLE12345.2026-03-01-10.abcd1234.gz", int64(1772323200), int64(1))
	f.Add("AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=03/day=01/x", int64(1772323200), int64(1))
	f.Add("a/111122223333_vpcflowlogs_us-east-1_fl-0a_20260301T1005Z_abcd.log.gz", int64(1772323200), int64(1))
	f.Fuzz(func(t *testing.T, path string, since, length int64) {
		if since < 0 || since > 1<<34 || length < 0 || length > 1<<30 || strings.Count(path, "AWSLogs") > 1 {
			t.Skip("a time or a length out of bounds, or a path with two folders AWSLogs, which nothing writes")
		}
		from := time.Unix(since, 0)
		w := Window{
			Accounts: []string{"111122223333"}, Regions: []string{"us-east-1"}, Since: from, Until: from.Add(time.Duration(length) * time.Second),
			Logs: []event.Log{event.CloudTrail, event.VPCFlow, event.WAF, event.CloudFront, event.S3Access},
		}
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
