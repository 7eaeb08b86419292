package file

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/logs"
)

// One entry of each log, as AWS delivers it.
const (
	flowLine   = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK"
	flowHeader = "version account-id srcaddr dstaddr start end action log-status"
	s3Line     = `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be example-reports [02/Mar/2026:09:00:38 +0000] 203.0.113.9 - 3E57427F3EXAMPLE REST.GET.OBJECT a.csv "GET /a.csv HTTP/1.1" 200 - 113 - 7 5 "-" "curl/8.5.0" -`
	albLine    = `https 2026-03-02T09:00:38.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/8.5.0" - - - "-" "-" "-" 0 2026-03-02T09:00:38.364000Z "forward" "-" "-"`
	cfLines    = "#Version: 1.0\n#Fields: date time c-ip cs-method x-edge-request-id\n2026-03-02\t09:00:38\t203.0.113.9\tGET\tSOX4"
	clfLine    = `203.0.113.9 - alice [02/Mar/2026:09:00:00 +0000]"GET /pets HTTP/1.1" 200 24 c6af9ac6-7b61-11e6-9a41-93e8deadbeef`
	dnsEntry   = `{"version":"1.100000","account_id":"111122223333","region":"eu-central-1","vpc_id":"vpc-0a","query_timestamp":"2026-03-02T09:00:00Z","query_name":"example.com.","query_type":"A","rcode":"NOERROR","srcaddr":"10.0.0.5"}`
	wafEntry   = `{"timestamp":1772442000123,"webaclId":"arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/a1","action":"BLOCK","httpRequest":{"clientIp":"203.0.113.9"}}`
	eksEntry   = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a-1","stage":"ResponseComplete","verb":"get","user":{"username":"alice"},"objectRef":{"resource":"pods"},"requestReceivedTimestamp":"2026-03-02T09:00:00.123456Z"}`
	apiEntry   = `{"requestId":"c6af9ac6","ip":"203.0.113.9","requestTime":"02/Mar/2026:09:00:00 +0000","httpMethod":"GET","status":"200"}`
	envelopes  = `{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/aws/eks/shop/cluster","logStream":"s","logEvents":[{"id":"1","timestamp":1772442000123,"message":%q},{"id":"2","timestamp":1772442000123,"message":"I0302 x"}]}` +
		`{"messageType":"CONTROL_MESSAGE","logGroup":"","logEvents":[]}`
)

const flowDir = "AWSLogs/o-abc123/111122223333/vpcflowlogs/eu-west-1/2026/03/02/"

// TestLogs reads each log in the forms that it comes in, by name, path and first bytes.
func TestLogs(t *testing.T) {
	none := flowLine[:len(flowLine)-len("203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK")] + "- - - - - - - 1772442000 1772442060 - NODATA"
	for name, c := range map[string]struct {
		content string
		want    []string // of the events: log, account and region
		dead    []string
		skipped []string
	}{
		flowDir + "a.log.gz": {flowHeader + "\n2 111122223333 10.0.0.5 10.0.0.6 1772442000 1772442060 ACCEPT OK\n", []string{"aws/vpcflow 111122223333 eu-west-1"}, nil, nil},
		flowDir + "b.log.gz": {"10.0.0.5 10.0.0.6\n" + flowLine, []string{"aws/vpcflow 111122223333 eu-west-1"}, []string{"b.log.gz: line 1: the line has 2 fields and no header before it names them: give the flow log's format"}, nil},
		"flow.txt":           {flowLine + "\r\n\r\n" + none + "\nx\n" + none + "\n" + flowLine, []string{"aws/vpcflow 111122223333 ", "aws/vpcflow 111122223333 "}, []string{"flow.txt: line 4: the line has 1 fields and no header before it names them: give the flow log's format"}, []string{"flow.txt: 2 × NODATA: no traffic in the window"}},
		"111122223333_vpcflowlogs_eu-central-1_fl-1_20260302T0900Z_a.log":                {"\xef\xbb\xbf" + flowLine, []string{"aws/vpcflow 111122223333 eu-central-1"}, nil, nil},
		"111122223333/eu-north-1/example-reports/2026/03/02/2026-03-02-09-00-00-EXAMPLE": {s3Line + "\n", []string{"aws/s3access 111122223333 eu-north-1"}, nil, nil},
		"s3.log": {s3Line + "\n" + s3Line[:60], []string{"aws/s3access  "}, []string{"s3.log: line 2: the line has 1 fields, an access log of S3 at least 18"}, nil},
		"AWSLogs/111122223333/elasticloadbalancing/eu-central-1/2026/03/02/111122223333_elasticloadbalancing_eu-central-1_app.shop.50dc_20260302T0900Z_203.0.113.1_x.log.gz": {albLine, []string{"aws/alb 111122223333 eu-central-1"}, nil, nil},
		"E1ABCDEFGHIJKL.2026-03-02-09.abcd.gz": {cfLines, []string{"aws/cloudfront  "}, nil, nil},
		"api.log":                              {clfLine, []string{"aws/apigateway  "}, nil, nil},
		"api.json":                             {apiEntry, []string{"aws/apigateway  "}, nil, nil},
		"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/02/vpc-0a_x.log.gz":                                          {dnsEntry + "\n" + dnsEntry, []string{"aws/route53resolver 111122223333 eu-central-1", "aws/route53resolver 111122223333 eu-central-1"}, nil, nil},
		"AWSLogs/111122223333/WAFLogs/eu-central-1/shop/2026/03/02/09/00/111122223333_waflogs_eu-central-1_shop_x.log.gz": {wafEntry + "\n" + strings.Replace(wafEntry, "1772442000123", "0", 1) + "\n{\"timestamp\n" + wafEntry, []string{"aws/waf 111122223333 eu-central-1", "aws/waf 111122223333 eu-central-1"}, []string{`111122223333_waflogs_eu-central-1_shop_x.log.gz: timestamp "0" is no time`, "111122223333_waflogs_eu-central-1_shop_x.log.gz: broken JSON: a line ends inside a string at byte 325"}, nil},
		"audit":       {eksEntry, []string{"aws/eks  "}, nil, nil},
		"stream":      {fmt.Sprintf(envelopes, eksEntry), []string{"aws/eks 111122223333 "}, nil, []string{"stream: 1 × CONTROL_MESSAGE of CloudWatch Logs; 1 × a line of the control plane that is no audit event"}},
		"mixed.json":  {record(1) + "\n" + eksEntry + "\n" + dnsEntry, []string{"aws/cloudtrail 111122223333 us-east-1", "aws/eks  ", "aws/route53resolver 111122223333 eu-central-1"}, nil, nil},
		"group.json":  {strings.Replace(fmt.Sprintf(envelopes, "x"), "/aws/eks/shop/cluster", "mine", 1), nil, nil, []string{"group.json: 1 × CONTROL_MESSAGE of CloudWatch Logs; 1 × the log group mine, for which no log is named"}},
		"classic.log": {"2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817", nil, nil, []string{"classic.log: not JSON"}},
		"notes.txt":   {"the end and the start of action\nhello", nil, nil, []string{"notes.txt: not JSON"}},
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := t.TempDir()
			content := []byte(c.content)
			if strings.HasSuffix(name, ".gz") {
				content = gz(t, c.content)
			}
			put(t, dir, name, content)
			s, _ := walk(t, Options{}, dir)
			var got []string
			for _, e := range s.events {
				got = append(got, e.Log.String()+" "+e.Account+" "+e.Region)
				if at := e.Origin.Offset; at >= 0 && e.Line != nil && !strings.HasPrefix(strings.TrimPrefix(c.content[at:], "\xef\xbb\xbf"), string(e.Line)) {
					t.Errorf("the line is not at byte %d", at)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.dead, s.letters()); d != "" {
				t.Errorf("dead letters (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.skipped, s.skipped); d != "" {
				t.Errorf("skipped (-want +got):\n%s", d)
			}
		})
	}
}

// TestLogOptions: what only the owner of a log knows is used.
func TestLogOptions(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.json", []byte(strings.Replace(fmt.Sprintf(envelopes, dnsEntry), "/aws/eks/shop/cluster", "dns", 1)))
	o := Options{Logs: logs.Options{Groups: []cwlogs.Group{{Pattern: "dns", Log: event.Resolver}}}}
	if s, _ := walk(t, o, dir); len(s.events) != 1 || s.events[0].Log != event.Resolver || len(s.dead) != 1 {
		t.Errorf("%d events, %q", len(s.events), s.letters())
	}
}

// TestLineTooLong: a line without an end takes no more memory than a record, is told, and the next one goes on.
func TestLineTooLong(t *testing.T) {
	in := io.MultiReader(strings.NewReader(flowLine+"\n"), io.LimitReader(endless{}, 100<<20), strings.NewReader("\n"+flowLine+"\n"))
	s := &seen{}
	stats, err := Read(t.Context(), in, "s3://logs/a.log", Options{Now: now, MaxRecord: 4096}, s)
	if err != nil || stats.Events != 2 || stats.DeadLetters != 1 {
		t.Fatalf("%+v %v", stats, err)
	}
	if d := s.dead[0]; d.Size != 100<<20+1 || len(d.Bytes) > 4098 || !strings.HasPrefix(d.Reason, "line 2: the line has 104857601 bytes, more than the limit of 4096") {
		t.Errorf("%d bytes of %d, %s", len(d.Bytes), d.Size, d.Reason)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	return len(b), nil
}

// TestLinesStop: an error of the sink ends the reading, from inside an envelope too, and a broken stream is told.
func TestLinesStop(t *testing.T) {
	full := errors.New("disk full")
	for _, text := range []string{flowLine + "\n" + flowLine, fmt.Sprintf(envelopes, eksEntry), eksEntry + eksEntry} {
		s := &seen{fail: full}
		if _, err := Read(t.Context(), strings.NewReader(text), "a", Options{}, s); !errors.Is(err, full) || len(s.ids) != 1 {
			t.Errorf("%v after %d events", err, len(s.ids))
		}
	}
	s := &seen{}
	broken := io.MultiReader(strings.NewReader(flowLine+"\n"+flowLine[:9]), failing{})
	if _, err := Read(t.Context(), broken, "a", Options{}, s); err != nil || len(s.ids) != 1 || strings.Join(s.letters(), " ") != "a: line 2: the stream fails: no more" {
		t.Errorf("%v, %d events, %q", err, len(s.ids), s.letters())
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no more") }

// FuzzLines: no text brings the reader down, and each line is an event, a dead letter or told.
func FuzzLines(f *testing.F) {
	for _, s := range []string{flowLine, flowHeader + "\n2 x", s3Line, albLine, cfLines, clfLine, dnsEntry + wafEntry, fmt.Sprintf(envelopes, eksEntry), "H4sIAAAA\nH4sI"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &seen{}
		stats, err := Read(t.Context(), strings.NewReader(text), "AWSLogs/111122223333/vpcflowlogs/a.log", Options{Now: now, MaxRecord: 4096}, s)
		if err != nil || stats.Events != int64(len(s.ids)) || stats.DeadLetters != int64(len(s.dead)) {
			t.Errorf("%v, %+v, %d events, %d dead letters", err, stats, len(s.ids), len(s.dead))
		}
	})
}

func BenchmarkLines(b *testing.B) {
	text := strings.Repeat(flowLine+"\n", 10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		stats, err := Read(b.Context(), strings.NewReader(text), "a.log", Options{}, counter{})
		if err != nil || stats.Events != 10_000 {
			b.Fatal(err, stats)
		}
	}
}

// TestLettersCarry: a dead letter has with it what reading it again needs: which log it is, what the key said, the header before it,
// and of an envelope's entry its group and time.
func TestLettersCarry(t *testing.T) {
	flows := "x y\nversion account-id start\n2 111122223333 cut short\n"
	s := &seen{}
	if _, err := Read(t.Context(), strings.NewReader(flowLine+"\n"+flows), "s3://b/AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/02/a.log", Options{Now: now}, s); err != nil {
		t.Fatal(err)
	}
	bare := event.Beside{Log: event.VPCFlow, Account: "111122223333", Region: "eu-central-1"}
	headed := bare
	headed.Header = "version account-id start"
	if d := cmp.Diff([]*event.Beside{&bare, &headed}, []*event.Beside{s.dead[0].Beside, s.dead[1].Beside}); d != "" {
		t.Error(d)
	}
	s = &seen{}
	group := strings.Replace(fmt.Sprintf(envelopes, strings.ReplaceAll(dnsEntry, "query_timestamp", "when")), "/aws/eks/shop/cluster", "dns", 1)
	o := Options{Now: now, Logs: logs.Options{Groups: []cwlogs.Group{{Pattern: "dns", Log: event.Resolver}}}}
	if _, err := Read(t.Context(), strings.NewReader(group), "s3://b/a.json", o, s); err != nil {
		t.Fatal(err)
	}
	for _, d := range s.dead {
		if d.Beside == nil || d.Beside.Group != "dns" || d.Beside.Log != event.Resolver || d.Beside.Account == "" || d.Beside.Time.IsZero() {
			t.Errorf("%+v", d.Beside)
		}
	}
	if len(s.dead) == 0 {
		t.Error("no letter")
	}
}
