package gate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"jobzero/internal/check"
	"jobzero/internal/check/gate"
	"jobzero/internal/expect"
	"jobzero/internal/finding"
	"jobzero/internal/org"
)

const versioned = `id: bucket-versioned
title: Buckets should keep versions
why: What is overwritten is gone.
severity: %s
resource: AWS::S3::Bucket
expression: resource.properties.?VersioningConfiguration.?Status.orValue('Suspended') == 'Enabled'
message: "'it keeps no versions'"
remediation: Switch versions on.
`

const call = `{"clientRequestToken": "token-1", "awsAccountId": "111122223333", "stackId": "%s", "actionInvocationPoint": "CREATE_PRE_PROVISION",
 "requestData": {"targetName": "AWS::S3::Bucket", "targetType": "AWS::S3::Bucket", "targetLogicalId": "Data",
 "targetModel": {"resourceProperties": {"VersioningConfiguration": {"Status": %s}}}}}`

const stack = "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1"

func set(t testing.TB, severity string) *expect.Set {
	t.Helper()
	s, errs := expect.Load(fstest.MapFS{"a.yaml": {Data: fmt.Appendf(nil, versioned, severity)}}, ".")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return s
}

func now() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }

func enforcing(t testing.TB) gate.Options {
	return gate.Options{
		Check: check.Options{Expectations: set(t, "high")}, FailOn: finding.High, Mode: gate.Enforce, Undecided: gate.Warn,
		OnTimeout: gate.Stop, Within: time.Minute, Now: now,
	}
}

func TestAnswer(t *testing.T) {
	off, on, late := fmt.Sprintf(call, stack, `"Suspended"`), fmt.Sprintf(call, stack, `"Enabled"`), fmt.Sprintf(call, stack, `"{{resolve:ssm:/versions}}"`)
	for name, c := range map[string]struct {
		call   string
		change func(*gate.Options)
		status gate.Status
		code   string
		first  string // state of the first annotation
		text   string // in the message
	}{
		"met":             {on, nil, gate.Success, "", "PASSED", "1 met, 0 not met"},
		"not met":         {off, nil, gate.Failed, "NonCompliant", "FAILED", "Data: it keeps no versions (bucket-versioned, high)"},
		"plan":            {off, func(o *gate.Options) { o.Mode = gate.Plan }, gate.Success, "", "FAILED", "plan mode, nothing is stopped: 0 met, 1 not met"},
		"mild":            {off, func(o *gate.Options) { o.FailOn = finding.Critical }, gate.Success, "", "FAILED", "which stops nothing"},
		"undecided":       {late, nil, gate.Success, "", "SKIPPED", "1 undecided"},
		"undecided stops": {late, func(o *gate.Options) { o.Undecided = gate.Stop }, gate.Failed, "NonCompliant", "SKIPPED", "1 undecided"},
		"deletion":        {strings.ReplaceAll(off, "CREATE_PRE", "DELETE_PRE"), nil, gate.Success, "", "", "it is about to be deleted"},
		"other type":      {strings.ReplaceAll(off, "S3::Bucket", "SNS::Topic"), nil, gate.Success, "", "", "nothing is expected of it"},
		"broken":          {"{", nil, gate.Failed, "InternalFailure", "", "could not be judged: call:1:"},
		"broken in plan":  {"{", func(o *gate.Options) { o.Mode = gate.Plan }, gate.Success, "", "", "plan mode, nothing is stopped: the call could not be judged"},
		"waived": {off, func(o *gate.Options) {
			w, err := org.ParseWaivers("w.yaml", []byte("- {expectations: [bucket-versioned], resources: [Data], reason: a test, owner: shop, approved_by: alex, expires: 2099-12-31}\n"))
			if err != nil {
				t.Fatal(err)
			}
			o.Check.Waivers = w
		}, gate.Success, "", "SKIPPED", "1 waived"},
	} {
		t.Run(name, func(t *testing.T) {
			o := enforcing(t)
			if c.change != nil {
				c.change(&o)
			}
			a := gate.New(o).Answer(t.Context(), []byte(c.call))
			if a.Status != c.status || a.Code != c.code || !strings.Contains(a.Message, c.text) {
				t.Errorf("%+v", a)
			}
			if first := append(a.Annotations, gate.Annotation{})[0]; first.Status != c.first {
				t.Errorf("%+v", a.Annotations)
			}
		})
	}
}

// TestForm holds the answer against the documented form.
func TestForm(t *testing.T) {
	a := gate.New(enforcing(t)).Answer(t.Context(), fmt.Appendf(nil, call, stack, `"Suspended"`))
	got, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hookStatus":"FAILED","errorCode":"NonCompliant","message":"0 met, 1 not met, 0 undecided, 0 waived; Data: it keeps no versions (bucket-versioned, high)",` +
		`"clientRequestToken":"token-1","callbackContext":null,"callbackDelaySeconds":0,"annotations":[{"annotationName":"bucket-versioned","status":"FAILED",` +
		`"statusMessage":"Data: it keeps no versions","remediationMessage":"Switch versions on.","severityLevel":"HIGH"}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestLimits keeps texts within what the callers take, and says that it cut them.
func TestLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "  Bücket%d: {Type: AWS::S3::Bucket}\n", i)
	}
	body, err := json.Marshal(b.String())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		call  string
		limit int
	}{
		"stack":         {`{"stackId": "` + stack + `", "requestData": {"targetName": "STACK", "template": ` + string(body) + `}}`, 4096},
		"cloud control": {fmt.Sprintf(call, "", `"`+strings.Repeat("x", 9000)+`"`), 1024},
		"broken":        {`{"stackId": "", "requestData": {"targetName": "` + strings.Repeat("x", 9000) + `"}}`, 1024},
	} {
		t.Run(name, func(t *testing.T) {
			a := gate.New(enforcing(t)).Answer(t.Context(), []byte(strings.ReplaceAll(c.call, "ü", "u")))
			n := utf8.RuneCountInString(a.Message)
			if n > c.limit || a.Status != gate.Failed || name != "cloud control" && (n != c.limit || !strings.HasSuffix(a.Message, "…")) {
				t.Errorf("%d characters, %s", n, a.Status)
			}
			for _, x := range a.Annotations {
				if utf8.RuneCountInString(x.Text) > 4096 {
					t.Errorf("%d characters", utf8.RuneCountInString(x.Text))
				}
			}
		})
	}
}

// TestLate answers in time, whatever the call waits for.
func TestLate(t *testing.T) {
	const stackCall = `{"requestData": {"targetName": "STACK", "payload": "https://example.com/?key=secret"}}`
	for name, c := range map[string]struct {
		mode   gate.Mode
		word   gate.Word
		status gate.Status
	}{
		"stop": {gate.Enforce, gate.Stop, gate.Failed}, "pass": {gate.Enforce, gate.Pass, gate.Success}, "plan": {gate.Plan, gate.Stop, gate.Success},
	} {
		t.Run(name, func(t *testing.T) {
			o := enforcing(t)
			o.Mode, o.OnTimeout, o.Within = c.mode, c.word, 20*time.Millisecond
			free := make(chan struct{})
			o.Fetch = func(context.Context, string) ([]byte, error) {
				<-free
				return nil, errors.New("too late")
			}
			g := gate.New(o)
			a := g.Answer(t.Context(), []byte(stackCall))
			close(free)
			g.Wait()
			if a.Status != c.status || !strings.Contains(a.Message, "not judged in time after 20ms") || strings.Contains(a.Message, "secret") {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestPanic(t *testing.T) {
	o := enforcing(t)
	o.Fetch = func(context.Context, string) ([]byte, error) { panic("oh") }
	a := gate.New(o).Answer(t.Context(), []byte(`{"requestData": {"targetName": "STACK", "payload": "https://example.com"}}`))
	if a.Status != gate.Failed || a.Code != "InternalFailure" {
		t.Errorf("%+v", a)
	}
}

func TestFetch(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/good", http.StatusFound) })
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("x"), 16<<20+1)) })
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	p := gate.NewPayload([]string{host, "files.example.com"})
	for address, want := range map[string]string{
		server.URL + "/good": "", server.URL + "/away": "the answer is 302", server.URL + "/big": "more than the limit",
		server.URL + "/cut": "unexpected EOF", server.URL + "/none": "the answer is 404",
		"http://127.0.0.1:1/?key=secret":                          "not https",
		"http://files.example.com/?key=secret":                    "not https",
		"https://example.com/?key=secret":                         "not one of Amazon S3",
		"https://169.254.169.254/?key=secret":                     "not one of Amazon S3",
		"https://s3.amazonaws.com.example.com/?key=secret":        "not one of Amazon S3",
		"https://xs3.amazonaws.com/?key=secret":                   "not one of Amazon S3",
		"https://s3.evil.amazonaws.com/?key=secret":               "not one of Amazon S3",
		"https://me:secret@bucket.s3.amazonaws.com/":              "with a name in it",
		"https://bucket.s3.amazonaws.com:8443/?key=secret":        "not one of Amazon S3",
		"file:///etc/passwd?secret":                               "not https",
		"https:secret":                                            "without a host",
		"https://files.example.com:bad/?key=secret":               "no address that can be read",
		"https://bucket.s3.dualstack.xx.amazonaws.com/?k=secret":  "not one of Amazon S3",
		"https://bucket.s3.eu-central-1.amazonaws.org/?k=secret":  "not one of Amazon S3",
		"https://bucket.s3.eu-central-1.amazonaws.com.x/?secret=": "not one of Amazon S3",
	} {
		_, err := p.Fetch(t.Context(), address)
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && !strings.Contains(got, want) || strings.Contains(got, "secret") {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, address := range []string{
		"https://bucket.s3.eu-central-1.amazonaws.com/a?key=secret", "https://s3.amazonaws.com/a", "https://b.s3.dualstack.us-gov-west-1.amazonaws.com/a",
		"https://b.s3.cn-north-1.amazonaws.com.cn/a", "https://s3-eu-west-1.amazonaws.com/a",
	} {
		if _, err := p.Fetch(stopped, address); err == nil || !strings.Contains(err.Error(), "canceled") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func BenchmarkCall(b *testing.B) {
	o := enforcing(b)
	text := fmt.Appendf(nil, call, stack, `"Suspended"`)
	g := gate.New(o)
	for b.Loop() {
		if a := g.Answer(b.Context(), text); a.Status != gate.Failed {
			b.Fatal(a)
		}
	}
}
