package vpcflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
	"jobzero/internal/source/vpcflow"
)

const (
	plain   = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK"
	refused = "2 111122223333 eni-0a1b2c3d4e5f60718 2001:db8::9 2001:db8::5 49152 22 6 1 40 1772442000 1772442060 REJECT OK"
	nothing = "2 111122223333 eni-0a1b2c3d4e5f60718 - - - - - - - 1772442000 1772442060 - NODATA"
	lost    = "2 111122223333 eni-0a1b2c3d4e5f60718 - - - - - - - 1772442000 1772442060 - SKIPDATA"
	header  = "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status reject-reason encryption-status"
	custom  = "10 vpc-0a subnet-0a i-0a1b2c3d eni-0a 111122223333 IPv4 10.0.0.5 198.51.100.7 43416 443 10.0.0.5 198.51.100.7 6 568 8 1772442000 1772442060 REJECT 2 OK BPA -"
	next    = "version account-id srcaddr end colour-of-packet"
)

func open(p line.Place, f vpcflow.Format) linetest.Open {
	return func() line.Reader { return vpcflow.New(p, f) }
}

func TestRead(t *testing.T) {
	at := time.Unix(1772442000, 0).UTC()
	place := line.Place{Account: "444455556666", Region: "eu-central-1"}
	got, errs := linetest.Read(t, open(place, nil), strings.Join([]string{plain, refused, nothing, lost, "2 x", header, custom, plain}, "\n"))
	var said []string
	for _, err := range errs {
		said = append(said, err.Error())
	}
	if d := cmp.Diff([]string{
		"nothing for this source: NODATA: no traffic in the window",
		"nothing for this source: SKIPDATA: flows of the window were lost before AWS could log them",
		"the line has 2 fields and no header before it names them: give the flow log's format",
		"a line that names fields",
		"the line has 14 fields, its format 23",
	}, said); d != "" {
		t.Error(d)
	}
	if len(got) != 3 {
		t.Fatalf("%d events", len(got))
	}
	for i, want := range []struct{ name, code, from, raw string }{
		{"ACCEPT", "", "203.0.113.9", `{"version":2,"account-id":"111122223333","interface-id":"eni-0a1b2c3d4e5f60718","srcaddr":"203.0.113.9","dstaddr":"10.0.0.5","srcport":49152,"dstport":3389,"protocol":6,"packets":20,"bytes":4249,"start":1772442000,"end":1772442060,"action":"ACCEPT","log-status":"OK"}`},
		{"REJECT", "REJECT", "2001:db8::9", ""},
		{"REJECT", "REJECT", "10.0.0.5", `{"version":10,"vpc-id":"vpc-0a","subnet-id":"subnet-0a","instance-id":"i-0a1b2c3d","interface-id":"eni-0a","account-id":"111122223333","type":"IPv4","srcaddr":"10.0.0.5","dstaddr":"198.51.100.7","srcport":43416,"dstport":443,"pkt-srcaddr":"10.0.0.5","pkt-dstaddr":"198.51.100.7","protocol":6,"bytes":568,"packets":8,"start":1772442000,"end":1772442060,"action":"REJECT","tcp-flags":2,"log-status":"OK","reject-reason":"BPA"}`},
	} {
		e := got[i]
		if e.Name != want.name || e.ErrorCode != want.code || e.SourceIP != want.from || !e.Time.Equal(at) || want.raw != "" && string(e.Raw) != want.raw {
			t.Errorf("%d: %+v\n%s", i, e, e.Raw)
		}
		if e.Account != "111122223333" || e.Region != "eu-central-1" || e.Log != event.VPCFlow {
			t.Errorf("%d: account %s, region %s, log %s", i, e.Account, e.Region, e.Log)
		}
	}
	want := &resource.Ref{Type: "AWS::EC2::Instance", Account: "111122223333", Region: "eu-central-1", ID: "i-0a1b2c3d"}
	if d := cmp.Diff(want, got[2].About); d != "" {
		t.Error(d)
	}
}

// The same text in another place is another flow.
func TestPlaceCounts(t *testing.T) {
	got, _ := linetest.Read(t, open(line.Place{}, nil), plain+"\n"+plain)
	if len(got) != 2 || got[0].ID == got[1].ID {
		t.Errorf("two flows with one text are one: %v", got)
	}
}

func TestFormats(t *testing.T) {
	f, err := vpcflow.ParseFormat("${version} ${account-id} ${srcaddr} ${end} ${colour-of-packet}")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]struct {
		format vpcflow.Format
		text   string
	}{"given": {f, "12 unknown 10.0.0.5 1772442060 7"}, "named": {nil, next + "\n12 - 10.0.0.5 1772442060 7"}} {
		got, _ := linetest.Read(t, open(line.Place{Account: "111122223333"}, o.format), o.text)
		if len(got) != 1 || got[0].Account != "111122223333" || got[0].Name != "FLOW" || !strings.HasSuffix(string(got[0].Raw), `"end":1772442060,"colour-of-packet":"7"}`) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for text, want := range map[string]string{
		"${srcaddr} ${Dst}":            "no field of a flow log",
		"${start} ${start}":            "stands in the format twice",
		"${srcaddr} ${dstaddr}":        "neither start nor end",
		"":                             "neither start nor end",
		"srcaddr\x00 start":            "no field",
		"${" + strings.Repeat("a", 99): "no field",
	} {
		if _, err := vpcflow.ParseFormat(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(plain, "1772442000", "-", 1):                                        "",
		strings.Replace(strings.Replace(plain, "1772442000", "-", 1), "1772442060", "-", 1): "end is missing",
		strings.Replace(plain, "1772442000", "9999999999999999", 1):                         `start "9999999999999999" is no time`,
		strings.Replace(plain, "111122223333", "11112222", 1):                               `account-id "11112222" is no account`,
		plain + " more": "the line has 15 fields",
	} {
		_, errs := linetest.Read(t, open(line.Place{}, nil), text)
		if (len(errs) == 0) != (want == "") || want != "" && !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
}

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{plain: true, nothing: true, header: true, "": false, "a b": false, "the end and the start of action": false, "2 a": false} {
		if got := vpcflow.Looks(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{plain, refused, nothing, lost, header + "\n" + custom, next + "\n12 - 10.0.0.5 1772442060 7", "version start\n2 1772442000", "\xff start end\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		vpcflow.Looks(text)
		linetest.Read(t, open(line.Place{}, nil), text)
	})
}

func BenchmarkRead(b *testing.B) {
	r := vpcflow.New(line.Place{}, nil)
	in := line.Entry{Text: []byte(plain), Origin: event.Origin{Source: "file", Place: "a.log"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Read(in); err != nil {
			b.Fatal(err)
		}
	}
}
