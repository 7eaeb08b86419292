package s3access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
	"jobzero/internal/source/s3access"
)

const (
	owner  = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	listed = owner + ` example-reports [02/Mar/2026:09:00:38 +0000] 203.0.113.9 arn:aws:sts::111122223333:assumed-role/deploy/ci 3E57427F3EXAMPLE REST.GET.BUCKET - "GET /example-reports?list-type=2 HTTP/1.1" 200 - 113 - 7 5 "-" "aws-cli/2.17.0 md/x \"y\"" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader example-reports.s3.eu-central-1.amazonaws.com TLSv1.2 - Yes`
	public = owner + ` example-reports [02/Mar/2026:09:01:38 +0000] 198.51.100.7 - 3E57427F3EXAMPLE REST.PUT.OBJECT a%2520b.csv "PUT /a%20b.csv HTTP/1.1" 403 AccessDenied 243 - 7 - "-" "curl/8.5.0" -`
)

func open() line.Reader { return s3access.New(line.Place{Account: "111122223333"}) }

func TestRead(t *testing.T) {
	got, errs := linetest.Read(t, open, listed+"\n"+public)
	if len(errs) > 0 || len(got) != 2 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	bucket := func(region string) *resource.Ref {
		return &resource.Ref{Type: resource.Bucket, Account: "111122223333", Region: region, ID: "example-reports"}
	}
	for i, want := range []*event.Event{
		{
			Time: time.Date(2026, 3, 2, 9, 0, 38, 0, time.UTC), Account: "111122223333", Region: "eu-central-1", Name: "REST.GET.BUCKET", ReadOnly: true,
			SourceIP: "203.0.113.9", UserAgent: `aws-cli/2.17.0 md/x \"y\"`, About: bucket("eu-central-1"),
			Actor: event.Actor{Type: "AssumedRole", ARN: "arn:aws:sts::111122223333:assumed-role/deploy/ci", Account: "111122223333", IssuerName: "deploy"},
		},
		{
			Time: time.Date(2026, 3, 2, 9, 1, 38, 0, time.UTC), Account: "111122223333", Name: "REST.PUT.OBJECT", SourceIP: "198.51.100.7",
			UserAgent: "curl/8.5.0", ErrorCode: "AccessDenied", About: bucket(""),
		},
	} {
		e := got[i]
		same := event.Event{
			Time: e.Time, Account: e.Account, Region: e.Region, Name: e.Name, ReadOnly: e.ReadOnly, SourceIP: e.SourceIP, UserAgent: e.UserAgent,
			ErrorCode: e.ErrorCode, About: e.About, Actor: e.Actor,
		}
		if d := cmp.Diff(want.About, same.About); d != "" {
			t.Error(d)
		}
		same.About, want.About = nil, nil
		if d := cmp.Diff(view(want), view(&same)); d != "" {
			t.Error(d)
		}
	}
	const raw = `{"bucketowner":"` + owner + `","bucket_name":"example-reports","requestdatetime":"02/Mar/2026:09:01:38 +0000","remoteip":"198.51.100.7","requestid":"3E57427F3EXAMPLE","operation":"REST.PUT.OBJECT","key":"a%2520b.csv","request_uri":"PUT /a%20b.csv HTTP/1.1","httpstatus":403,"errorcode":"AccessDenied","bytessent":243,"totaltime":7,"useragent":"curl/8.5.0"}`
	if d := cmp.Diff(raw, string(got[1].Raw)); d != "" {
		t.Error(d)
	}
	if got[0].ID == got[1].ID || !strings.HasPrefix(string(got[0].ID), "3E57427F3EXAMPLE-") {
		t.Errorf("one request ID for two requests: %s and %s", got[0].ID, got[1].ID)
	}
}

// view is what can be compared of an event.
func view(e *event.Event) []any {
	return []any{e.Time, e.Account, e.Region, e.Name, e.ReadOnly, e.SourceIP, e.UserAgent, e.ErrorCode, e.Actor}
}

func TestWho(t *testing.T) {
	for requester, want := range map[string]string{
		"svc:cloudtrail.amazonaws.com":         "AWSService cloudtrail.amazonaws.com",
		owner:                                  "AWSAccount " + owner,
		"arn:aws:iam::111122223333:user/alice": "IAMUser arn:aws:iam::111122223333:user/alice",
		"arn:aws:iam::111122223333:root":       "Root arn:aws:iam::111122223333:root",
		"-":                                    " unknown",
	} {
		got, _ := linetest.Read(t, open, strings.Replace(public, " - 3E", " "+requester+" 3E", 1))
		if len(got) != 1 || got[0].Actor.Type+" "+got[0].Actor.Name() != want {
			t.Errorf("%s: %+v", requester, got)
		}
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		owner + " b [02/Mar/2026:09:00:38 +0000] 203.0.113.9": "the line has 4 fields",
		strings.Replace(public, "02/Mar", "31/Feb", 1):        "requestdatetime",
		strings.Replace(public, `"-" "curl`, `"- "curl`, 1):   "the line has 17 fields",
		strings.TrimSuffix(public, `8.5.0" -`):                "opens with a quote and never closes",
	} {
		_, errs := linetest.Read(t, open, text)
		if (len(errs) == 0) != (want == "") || want != "" && !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
	if !s3access.Looks(public) || s3access.Looks("# hello") || s3access.Looks("") {
		t.Error("an access log is not known, or another text is")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{listed, public, listed + " x y z", "a [b] \"c\"", "\xff \"\\", strings.Repeat("a ", 600)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s3access.Looks(text)
		linetest.Read(t, open, text)
	})
}
