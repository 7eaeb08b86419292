package cwlogs_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
)

const flow = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK"

// envelope is one as CloudWatch Logs writes it.
func envelope(group string, messages ...string) string {
	var all []string
	for i, m := range messages {
		all = append(all, fmt.Sprintf(`{"id":"3195310660696698337880902507980421114328961542429822%04d","timestamp":1772442000123,"message":%q}`, i, m))
	}
	return fmt.Sprintf(`{"messageType":"DATA_MESSAGE","owner":"444455556666","logGroup":%q,"logStream":"s","subscriptionFilters":["f"],"logEvents":[%s]}`, group, strings.Join(all, ","))
}

func packed(tb testing.TB, text string) string {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		tb.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func reader() *cwlogs.Reader {
	return logs.Options{Groups: []cwlogs.Group{
		{Pattern: "flows/*", Log: event.VPCFlow},
		{Pattern: "made/*", Log: event.VPCFlow, Format: "${srcaddr} ${start}"},
		{Pattern: "shop", Log: "shop/orders", Fields: &cwlogs.Fields{Name: "what", Time: "at", Account: "where.account", Actor: "who", Address: "from", ID: "id"}},
		{Pattern: "bare", Log: "shop/bare", Fields: &cwlogs.Fields{Name: "what"}},
	}}.Envelopes(line.Place{Region: "eu-central-1"})
}

// open gives what became of an envelope as lines of words.
func open(r *cwlogs.Reader, text string) (out []string, err error) {
	err = r.Open([]byte(text), event.Origin{Source: "file", Place: "a.json"}, func(s cwlogs.Said) error {
		if s.Err != nil {
			out = append(out, s.Err.Error())
			return nil //nolint:nilerr // it is what is looked at
		}
		e := s.Event
		out = append(out, strings.Join([]string{string(e.Log), e.Account, e.Region, e.Time.Format(time.TimeOnly), e.Name, e.Actor.Name(), e.SourceIP, e.Origin.Place[:12]}, " "))
		return nil
	})
	return out, err
}

func TestOpen(t *testing.T) {
	trail := `{"eventTime":"2026-03-02T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","eventID":"e-1","recipientAccountId":"111122223333"}`
	order := `{"what":"refund","at":1772442001,"where":{"account":"111122223333"},"who":"kim","from":"203.0.113.9","id":"o-1"}`
	functions := fmt.Sprintf(`{"awslogs":{"data":%q}}`, packed(t, envelope("flows/a", flow)))
	const said = "aws/vpcflow 111122223333 eu-central-1 09:00:00 ACCEPT unknown 203.0.113.9 cloudwatch:4"
	for name, c := range map[string]struct {
		text string
		want []string
		err  string
	}{
		"plain":     {envelope("flows/a", flow, flow), []string{said, said}, ""},
		"packed":    {packed(t, envelope("flows/a", flow)), []string{said}, ""},
		"functions": {functions, []string{said}, ""},
		"header":    {envelope("flows/b", "srcaddr dstaddr start", "10.0.0.5 10.0.0.6 1772442000"), []string{"a line that names fields", "aws/vpcflow 444455556666 eu-central-1 09:00:00 FLOW unknown 10.0.0.5 cloudwatch:4"}, ""},
		"format":    {envelope("made/a", "10.0.0.5 1772442000"), []string{"aws/vpcflow 444455556666 eu-central-1 09:00:00 FLOW unknown 10.0.0.5 cloudwatch:4"}, ""},
		"control":   {`{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logEvents":[]}`, nil, "nothing for this source: CONTROL_MESSAGE of CloudWatch Logs"},
		"stranger":  {envelope("other", flow), nil, "nothing for this source: the log group other, for which no log is named"},
		"bad line":  {envelope("flows/c", "2 x", flow), []string{"the line has 2 fields and no header before it names them: give the flow log's format", said}, ""},
		"trail":     {envelope("aws-cloudtrail-logs-1", trail, `{"a":1}`), []string{" 111122223333  09:00:00 PutBucketPolicy unknown  cloudwatch:4", "nothing for this source: JSON that is no CloudTrail record"}, ""},
		"app": {
			envelope("shop", order, "started", `{"level":"info"}`, strings.Replace(order, "1772442001", `"2026-03-02T09:00:02Z"`, 1), strings.Replace(order, "1772442001", `1772442003123`, 1), strings.Replace(order, "1772442001", `"now"`, 1)),
			[]string{
				"shop/orders 111122223333 eu-central-1 09:00:01 refund kim 203.0.113.9 cloudwatch:4",
				"nothing for this source: a line of shop/orders that is no JSON object",
				"nothing for this source: an object of shop/orders without what",
				"shop/orders 111122223333 eu-central-1 09:00:02 refund kim 203.0.113.9 cloudwatch:4",
				"shop/orders 111122223333 eu-central-1 09:00:03 refund kim 203.0.113.9 cloudwatch:4",
				`at "now" is no time`,
			},
			"",
		},
		"app, bare":  {envelope("bare", order), []string{"shop/bare 444455556666 eu-central-1 09:00:00 refund unknown  cloudwatch:4"}, ""},
		"no message": {strings.Replace(envelope("flows/d", flow), `"message"`, `"m"`, 1), []string{"a log event without a message"}, ""},
		"no list":    {`{"messageType":"DATA_MESSAGE","logEvents":{}}`, nil, "logEvents is of type object"},
		"no kind":    {`{"messageType":"X"}`, nil, `messageType "X" is neither`},
		"no owner":   {strings.Replace(envelope("flows/e", flow), "444455556666", "4444", 1), nil, "owner"},
		"bad base64": {"H4sI!", nil, "base64"},
		"bad gzip":   {"H4sIAAAA", nil, "gzip"},
		"nested":     {fmt.Sprintf(`{"awslogs":{"data":%q}}`, packed(t, functions)), nil, "no envelope in gzip and base64"},
		"no JSON":    {"hello", nil, "broken envelope"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open(reader(), c.text)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}

// However often and in whatever object an envelope is delivered, its entries are the same events.
func TestSameEntrySameEvent(t *testing.T) {
	ids := func(place string) (all []event.ID) {
		err := reader().Open([]byte(envelope("flows/a", flow, flow)), event.Origin{Place: place}, func(s cwlogs.Said) error {
			all = append(all, s.Event.ID)
			return s.Err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	a, b := ids("s3://logs/a"), ids("s3://logs/b")
	if d := cmp.Diff(a, b); d != "" || a[0] == a[1] {
		t.Errorf("%v %s", a, d)
	}
}

func TestWrong(t *testing.T) {
	for want, g := range map[string]cwlogs.Group{
		"name: a log group without a name": {Log: event.VPCFlow}, "log: the log group a holds \"flows\"": {Pattern: "a", Log: "flows"}, "log: the log group a holds \"\"": {Pattern: "a"},
		"fields: the log group a has fields without a name":                        {Pattern: "a", Log: "shop/orders", Fields: &cwlogs.Fields{}},
		"category: the log group a has a category":                                 {Pattern: "a", Log: event.WAF, Category: "web"},
		"flow_format: the log group a has a format of flow logs, and holds a/b":    {Pattern: "a", Log: "a/b", Format: "${start}", Fields: &cwlogs.Fields{Name: "n"}},
		"log: the log group a holds \"shop/a/b\": name the log as product/service": {Pattern: "a", Log: "shop/a/b"},
	} {
		if w := g.Wrong(); w == nil || !strings.HasPrefix(w.Key+": "+w.Text, want) {
			t.Errorf("%+v: %+v, want %q", g, w, want)
		}
	}
	for _, g := range cwlogs.Defaults() {
		if w := g.Wrong(); w != nil {
			t.Errorf("%+v: %+v", g, w)
		}
	}
}

func TestParseGroup(t *testing.T) {
	got, err := cwlogs.ParseGroup("/shop/*=shop/orders,category=application,name=event.action,time=at,account=a,region=r,id=i,severity=level,actor=who,address=ip")
	want := cwlogs.Group{Pattern: "/shop/*", Log: "shop/orders", Category: "application", Fields: &cwlogs.Fields{
		Name: "event.action", Time: "at", Account: "a", Region: "r", ID: "i", Severity: "level", Actor: "who", Address: "ip",
	}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	got, err = cwlogs.ParseGroup("/vpc=aws/vpcflow,flow_format=${srcaddr} ${start}")
	if d := cmp.Diff(cwlogs.Group{Pattern: "/vpc", Log: event.VPCFlow, Format: "${srcaddr} ${start}"}, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	for text, want := range map[string]string{"/vpc": "want a name and a log", "a=b/c,colour=red": `"colour=red": want KEY=VALUE`, "a=b/c,time=": "want KEY=VALUE", "a=b/c,": "want KEY=VALUE"} {
		if _, err := cwlogs.ParseGroup(text); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestApplication: what an application says of region and severity is taken in its own words; what has no meaning is not guessed.
func TestApplication(t *testing.T) {
	f := cwlogs.Fields{Name: "what", Region: "where.region", Severity: "level"}
	for text, want := range map[string]string{
		`{"what":"a"}`: "eu-central-1  ", `{"what":"a","level":"WARN"}`: "eu-central-1 medium ", `{"what":"a","level":3}`: "eu-central-1 high ",
		`{"what":"a","level":50}`: "eu-central-1  ", `{"what":"a","level":"Fatal","where":{"region":"us-east-1"}}`: "us-east-1 critical ",
		`{"what":"a","level":"notice"}`: "eu-central-1 informational ", `{"what":"a","level":"low"}`: "eu-central-1 low ",
		`{"what":"a","where":{"region":"the moon"}}`: `where.region "the moon" is no region`,
	} {
		r := cwlogs.Application(cwlogs.Group{Log: "shop/orders", Fields: &f}, line.Place{Region: "eu-central-1"})
		e, err := r.Read(line.Entry{Text: []byte(text), Time: time.Unix(1772442000, 0)})
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = e.Region + " " + e.Severity + " "
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// FuzzParseGroup: what is read means the same as what was written, and is checked without a panic.
func FuzzParseGroup(f *testing.F) {
	f.Add("/shop/*=shop/orders,name=event.action,time=at")
	f.Add("/vpc=aws/vpcflow,flow_format=${srcaddr} ${start}")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := cwlogs.ParseGroup(text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("an error of no known kind: %v", err)
			}
			return
		}
		if !strings.HasPrefix(text, g.Pattern+"="+string(g.Log)) {
			t.Errorf("%q is %q holding %q", text, g.Pattern, g.Log)
		}
		_ = g.Wrong()
	})
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		envelope("flows/a", flow), envelope("shop", `{"what":"x","at":1}`), packed(f, envelope("flows/a", flow)), envelope("/aws/eks/a/cluster", "{}"),
		fmt.Sprintf(`{"awslogs":{"data":%q}}`, packed(f, "{}")), `{"messageType":"DATA_MESSAGE","logEvents":[1,{"message":2}]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := reader().Open([]byte(text), event.Origin{}, func(s cwlogs.Said) error {
			if (s.Event == nil) == (s.Err == nil) {
				t.Errorf("event %v and error %v", s.Event, s.Err)
			}
			return nil
		})
		if _, other := errors.AsType[*source.Other](err); err != nil && !other && !fault.Is(err, fault.Invalid) {
			t.Errorf("an error of no known kind: %v", err)
		}
	})
}
