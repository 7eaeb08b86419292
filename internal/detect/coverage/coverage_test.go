package coverage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/source/cloudtrail"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func TestWhatARuleNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		source, search string
		want           []string
	}{
		"a write":               {"service: cloudtrail", "{eventName: DeleteTrail}", []string{"management events"}},
		"a read":                {"service: cloudtrail", "{eventName: ListBuckets}", []string{"read-only management events"}},
		"a data event":          {"service: cloudtrail", "{eventName: PutObject}", []string{"data events of s3"}},
		"two kinds":             {"service: cloudtrail", "{eventName: [GetObject, GetBucketPolicy]}", []string{"data events of s3", "read-only management events"}},
		"any name":              {"service: cloudtrail", "{userIdentity.type: Root}", []string{"management events"}},
		"a get that is no read": {"service: cloudtrail", "{eventName: GetFederationToken}", []string{"management events"}},
		"another log":           {"service: vpcflow", "{dstport: 22}", []string{"the log aws/vpcflow"}},
	} {
		text := "title: t\nid: t\nlogsource: {product: aws, " + c.source + "}\ndetection: {s: " + c.search + ", condition: s}\n"
		r, err := sigma.ParseRule("r.yml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range coverage.Needs(r) {
			got = append(got, n.String())
		}
		slices.Sort(got)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestWhatARuleSees(t *testing.T) {
	const a, b = "111122223333", "444455556666"
	data := []coverage.Need{{Class: coverage.Data, Service: "s3.amazonaws.com"}}
	heard := []coverage.Heard{
		{Account: a, Way: coverage.Live, Class: coverage.Write, Last: now},
		{Account: a, Way: coverage.Stored, Class: coverage.Data, Service: "s3.amazonaws.com", Last: now},
		{Account: a, Way: coverage.Stored, Class: coverage.Read, Last: now.Add(-time.Hour)},
		{Account: b, Way: coverage.Live, Class: coverage.Data, Service: "lambda.amazonaws.com", Last: now},
	}
	for name, c := range map[string]struct {
		needs   []coverage.Need
		account string
		want    coverage.Answer
	}{
		"live":          {[]coverage.Need{{Class: coverage.Write}}, a, coverage.Answer{Sight: coverage.SeesLive}},
		"late":          {data, a, coverage.Answer{Sight: coverage.SeesLate, Why: "data events of s3 come by S3 alone"}},
		"one is enough": {append([]coverage.Need{{Class: coverage.Write}}, data...), a, coverage.Answer{Sight: coverage.SeesLive}},
		"too long ago":  {[]coverage.Need{{Class: coverage.Read}}, a, coverage.Answer{Sight: coverage.Blind, Why: "the last of read-only management events came at 2026-11-22T08:00:00Z"}},
		"other service": {data, b, coverage.Answer{Sight: coverage.Blind, Why: "data events of s3 were never heard from this account"}},
		"nobody":        {data, "999988887777", coverage.Answer{Sight: coverage.Blind, Why: "nothing was ever heard from this account"}},
	} {
		c.want.Account = c.account
		if d := cmp.Diff(c.want, coverage.Judge(c.needs, c.account, heard, now.Add(-time.Minute))); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestClassOfAnEvent(t *testing.T) {
	parsed := func(more string) *event.Event {
		e, err := cloudtrail.Parse([]byte(`{"eventID":"1","eventName":"a","eventSource":"s3.amazonaws.com","eventTime":"2026-11-22T09:00:00Z","recipientAccountId":"111122223333"`+more+`}`), event.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for more, want := range map[string]coverage.Class{
		``: coverage.Write, `,"readOnly":true`: coverage.Read, `,"readOnly":true,"eventCategory":"Data"`: coverage.Data, `,"eventCategory":"Management"`: coverage.Write,
	} {
		class, service := coverage.ClassOf(parsed(more))
		if class != want || (service == "s3.amazonaws.com") != (want == coverage.Data) {
			t.Errorf("%s: %s of %q, want %s", more, class, service, want)
		}
	}
	if class, _ := coverage.ClassOf(&event.Event{Log: event.VPCFlow}); class != coverage.Entry {
		t.Errorf("a flow is %s", class)
	}
}
