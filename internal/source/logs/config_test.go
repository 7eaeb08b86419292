package logs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
)

// owned is what an owner says: flow logs of a format of their own in two places, and an application's log.
func owned(tb testing.TB) logs.Options {
	tb.Helper()
	o, bad := logs.Config{
		FlowFormat: []logs.FlowFormat{
			{Place: "s3://flows/a", Format: "${srcaddr} ${start}"},
			{Place: "s3://flows", Format: "${dstaddr} ${start}"},
			{Place: "own", Format: "${start} ${srcaddr}"},
		},
		LogGroup: []cwlogs.Group{{Pattern: "/shop", Log: "shop/orders", Fields: &cwlogs.Fields{Name: "what"}}},
	}.Options()
	if len(bad) > 0 {
		tb.Fatal(bad)
	}
	return o
}

// TestPlaces: the first place that fits counts, a place is not the one whose name only begins like it, and nothing that AWS put
// into a folder of another log is taken for a flow log.
func TestPlaces(t *testing.T) {
	o := owned(t)
	for place, want := range map[string]string{
		"s3://flows/a/x": "198.51.100.1 1772442000", "s3://flows/ab/x": "dst 198.51.100.1 1772442000", "s3://flows/x.gz": "dst 198.51.100.1 1772442000", "s3://flows2/x": "none",
		"own/2026/x": "1772442000 198.51.100.1", "own.zip!x": "none", "owner/x": "none", "s3://flows/AWSLogs/111122223333/redshift/us-east-1/x": "none",
		"s3://flows/AWSLogs/111122223333/vpcflowlogs/us-east-1/x": "dst 198.51.100.1 1772442000",
	} {
		text, source := strings.CutPrefix(want, "dst ")
		if want == "none" {
			text = "198.51.100.1 1772442000"
		}
		log, ok := o.OfLines([]byte(text+"\n"), line.PlaceOf(place))
		if ok != (want != "none") {
			t.Errorf("%s: %q %v", place, log, ok)
			continue
		}
		if !ok {
			continue
		}
		r, err := o.Open(log, line.PlaceOf(place))
		if err != nil {
			t.Fatal(err)
		}
		e, err := r.Read(line.Entry{Text: []byte(text)})
		if err != nil || (e.SourceIP == "") != source || e.Time.Unix() != 1772442000 {
			t.Errorf("%s: %+v %v", place, e, err)
		}
	}
	if log, ok := o.OfLines([]byte(`{"a":1}`), line.PlaceOf("s3://flows/x")); ok {
		t.Errorf("JSON is %s", log)
	}
}

func TestConfigProblems(t *testing.T) {
	c := logs.Config{
		FlowFormat: []logs.FlowFormat{logs.ParseFlowFormat("${srcaddr}"), logs.ParseFlowFormat("s3://a/year=2026=${start}"), {Place: "s3://a/year=2026", Format: "end"}},
		LogGroup: []cwlogs.Group{
			{Pattern: "a", Log: "aws/moon"},
			{Pattern: "b", Log: event.VPCFlow, Format: "${srcaddr}"},
			{Pattern: "c", Log: event.WAF, Fields: &cwlogs.Fields{Name: "action"}},
			{Log: event.WAF},
		},
	}
	_, bad := c.Options()
	var got []string
	for _, b := range bad {
		got = append(got, b.Key+": "+b.Text[:min(len(b.Text), 40)])
	}
	if d := cmp.Diff([]string{
		"flow_format[0].format: the format has neither start nor end, so",
		`flow_format[2].place: "s3://a/year=2026" has a format in flow_`,
		`log_group[0].log: there is no reader for the log "aws/moon`,
		"log_group[1].flow_format: the format has neither start nor end, so",
		"log_group[2].fields: the fields of aws/waf are known: name th",
		"log_group[3].name: a log group without a name: name the gro",
	}, got); d != "" {
		t.Error(d)
	}
}

// TestAgain: a letter is read as it was, by what it carries and by what is known now.
func TestAgain(t *testing.T) {
	flow := &event.Beside{Log: event.VPCFlow, Account: "111122223333", Region: "eu-central-1"}
	headed, shop := *flow, event.Beside{Log: "shop/orders", Account: "111122223333", Group: "/shop", Time: time.Unix(1772442000, 0)}
	headed.Header = "srcaddr end"
	lost := shop
	lost.Group = "/lost"
	broken := headed
	broken.Header = "srcaddr ? end"
	const envelope = `{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/shop","logStream":"s","logEvents":[{"id":"1","timestamp":1772442000123,"message":"{\"what\":\"x\"}"},{"id":"2","timestamp":1772442000123,"message":"hello"}]}`
	for name, c := range map[string]struct {
		place, text string
		beside      *event.Beside
		want        string
	}{
		"by its place":   {"s3://flows/a/x", "203.0.113.9 1772442000\r\n", flow, "aws/vpcflow 111122223333 eu-central-1 203.0.113.9"},
		"by its header":  {"s3://flows/a/x", "203.0.113.9 1772442000", &headed, "aws/vpcflow 111122223333 eu-central-1 203.0.113.9"},
		"still unknown":  {"x", "203.0.113.9 1772442000", flow, "give the flow log's format"},
		"by its group":   {"cloudwatch:111122223333:/shop:s#1", `{"what":"x"}`, &shop, "shop/orders 111122223333  "},
		"no group":       {"cloudwatch:111122223333:/lost:s#1", `{"what":"x"}`, &lost, "for which no log is named"},
		"nothing":        {"cloudwatch:111122223333:/shop:s#1", `hello`, &shop, "nothing happened in it"},
		"only a header":  {"s3://flows/a/x", "srcaddr end", flow, "it only names the fields"},
		"broken header":  {"s3://flows/a/x", "203.0.113.9 1772442000", &broken, "its header is none"},
		"an envelope":    {"s3://stream/x", envelope, nil, "shop/orders 111122223333  "},
		"half a message": {"s3://stream/x", strings.Replace(envelope, "DATA", "OTHER", 1), nil, "is neither DATA_MESSAGE nor"},
		"half read":      {"s3://stream/x", strings.Replace(envelope, `"message":"hello"`, `"message":7`, 1), nil, "a log event without a message"},
	} {
		l := event.Letter{Origin: event.Origin{Source: "s3", Place: c.place, Offset: 7}, Bytes: []byte(c.text), Beside: c.beside}
		if !logs.IsOurs(l) {
			t.Errorf("%s: it is not ours", name)
		}
		got, err := owned(t).Again(l)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
			continue
		}
		if e := got[0]; len(got) != 1 || strings.Join([]string{string(e.Log), e.Account, e.Region, e.SourceIP}, " ") != c.want {
			t.Errorf("%s: %+v", name, e)
		}
	}
	for _, text := range []string{trail, "", "{", flow.Header} {
		if logs.IsOurs(event.Letter{Bytes: []byte(text)}) {
			t.Errorf("%q is ours", text)
		}
	}
}

// TestAmongApplications: JSON beside a rule is of the application when it is no record of CloudTrail's.
func TestAmongApplications(t *testing.T) {
	for _, all := range [][]event.Log{{"shop/orders"}, {event.CloudTrail, "shop/orders"}, {event.VPCFlow, "shop/orders"}} {
		_, err := owned(t).Among(all)([]byte(`{"what":"x"}`), event.Origin{})
		if err == nil || !strings.Contains(err.Error(), "the entry has no time") {
			t.Errorf("%v: %v", all, err)
		}
	}
	if e, err := owned(t).Among([]event.Log{event.CloudTrail, "shop/orders"})([]byte(trail), event.Origin{}); err != nil || e.Log != event.CloudTrail {
		t.Errorf("%v %v", e, err)
	}
}

// FuzzAgain: whatever a letter holds, it is events or an error that says what is wrong.
func FuzzAgain(f *testing.F) {
	f.Add("s3://flows/a/x", "203.0.113.9 1772442000", "aws/vpcflow", "", "srcaddr start")
	f.Add("s3://stream/x", `{"what":"x"}`, "shop/orders", "/shop", "")
	f.Add("x", `{"messageType":"DATA_MESSAGE","logGroup":"/shop","logEvents":[{"message":"{}"}]}`, "", "", "")
	f.Fuzz(func(t *testing.T, place, text, log, group, header string) {
		l := event.Letter{Origin: event.Origin{Place: place}, Bytes: []byte(text), Beside: &event.Beside{Log: event.Log(log), Group: group, Header: header}}
		_ = logs.IsOurs(l)
		got, err := owned(t).Again(l)
		if err != nil && (!fault.Is(err, fault.Invalid) || len(got) > 0) {
			t.Errorf("%d events and %v", len(got), err)
		}
		for _, e := range got {
			if e == nil || e.Time.IsZero() {
				t.Errorf("%+v", e)
			}
		}
	})
}
