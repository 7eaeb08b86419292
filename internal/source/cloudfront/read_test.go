package cloudfront_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/resource"
	"jobzero/internal/source/cloudfront"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
)

const (
	version = "#Version: 1.0\n"
	header  = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end\n"
	asked   = "2026-03-02\t09:00:38\tFRA56-P1\t392\t203.0.113.9\tGET\td111111abcdef8.cloudfront.net\t/.env\t403\t-\tMozilla/5.0%2520(X11;%2520Linux)\ta=1\t-\tError\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\twww.example.com\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tError\tHTTP/2.0\t-\t-\t11040\t0.001\tError\ttext/html\t78\t-\t-"
	object  = `{"date":"2026-03-02","time":"09:00:38","x-edge-location":"FRA56-P1","c-ip":"203.0.113.9","cs-method":"GET","sc-status":"200","x-edge-request-id":"SOX4","DistributionId":"E1ABCDEFGHIJKL"}`
)

func open() line.Reader {
	return cloudfront.New(line.Place{Account: "111122223333", Region: "us-east-1", Base: "EMLARXS9EXAMPLE.2026-03-02-09.RT4KCN4SGK9"})
}

func TestRead(t *testing.T) {
	got, errs := linetest.Read(t, open, version+header+asked+"\n"+object)
	if len(errs) != 2 || len(got) != 2 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	e := got[0]
	if e.Name != "GET" || e.SourceIP != "203.0.113.9" || e.UserAgent != "Mozilla/5.0 (X11; Linux)" || e.ErrorCode != "403" || e.Account != "111122223333" || e.Region != "" {
		t.Errorf("%+v", e)
	}
	if !strings.HasPrefix(string(e.ID), "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==-") {
		t.Errorf("ID %s", e.ID)
	}
	for i, id := range []string{"EMLARXS9EXAMPLE", "E1ABCDEFGHIJKL"} {
		if d := cmp.Diff(&resource.Ref{Type: "AWS::CloudFront::Distribution", Account: "111122223333", ID: id}, got[i].About); d != "" {
			t.Error(d)
		}
	}
	for _, want := range []string{`{"date":"2026-03-02","time":"09:00:38"`, `"sc-status":403,"cs(User-Agent)":"Mozilla/5.0%2520(X11;%2520Linux)"`, `"c-port":11040`} {
		if !strings.Contains(string(e.Raw), want) {
			t.Errorf("no %s in %s", want, e.Raw)
		}
	}
}

// Who configures the fields may leave some out: the header says which.
func TestHeaderCounts(t *testing.T) {
	got, _ := linetest.Read(t, open, "#Fields: date time c-ip cs-method\n2026-03-02\t09:00:38\t203.0.113.9\tPUT\n#Fields: date time cs-method\n2026-03-02\t09:00:39\tGET")
	if len(got) != 2 || got[0].Name != "PUT" || got[1].Name != "GET" || got[1].SourceIP != "" {
		t.Errorf("%v", got)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		header + "2026-03-02\t09:00:38":                          "the line has 2 fields, its header 33",
		"#Fields: \n" + asked:                                    "the header names no fields",
		header + strings.Replace(asked, "2026-03-02", "-", 1):    `date and time "09:00:38" is no time`,
		`{"date":"2026-03-02","time":"9","x-edge-request-id":1}`: "is no time",
		`{"date":`: "broken record",
	} {
		_, errs := linetest.Read(t, open, text)
		var said []string
		for _, err := range errs {
			said = append(said, err.Error())
		}
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
	if !cloudfront.Looks("#Version: 1.0") || !cloudfront.Looks(header) || cloudfront.Looks("# hello") || cloudfront.Looks("#Fields: a b") {
		t.Error("a header is not known, or another text is")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{version + header + asked, asked, object, "#Fields: date time\n2026-03-02\t09:00:38", "#Fields: date time a a\n2026-03-02\t09:00:38\t\xff\t%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cloudfront.Looks(text)
		linetest.Read(t, open, text)
	})
}
