package intel_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobzero/internal/detect/intel"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/cloudtrail"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// fataler is a test, or one draw of it.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// read makes a set of one text.
func read(t fataler, o intel.Options, text string) (*intel.Set, intel.Report) {
	t.Helper()
	b := intel.NewBuilder(o)
	r, err := b.Read("feed", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return b.Set(), r
}

// a call at nine from an address, by a key.
func call(t testing.TB, address, key string, more ...string) *event.Record {
	t.Helper()
	extra := ""
	for _, m := range more {
		extra += "," + m
	}
	raw := fmt.Sprintf(`{"eventID":"e-1","eventTime":"2026-03-02T09:00:00Z","eventName":"GetObject","eventSource":"s3.amazonaws.com","recipientAccountId":"111122223333","sourceIPAddress":%q,
"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia","accountId":"111122223333","userName":"mia","accessKeyId":%q}%s}`, address, key, extra)
	e, err := cloudtrail.Parse([]byte(raw), event.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return e.Record()
}

// ids are the ids of the matches of a record.
func ids(s *intel.Set, r *event.Record) string {
	var out []string
	for _, m := range s.Detect(r) {
		out = append(out, m.Rule.ID)
	}
	return strings.Join(out, " ")
}

func TestList(t *testing.T) {
	s, r := read(t, intel.Options{}, `# a list for people
198.51.100.7
203[.]0[.]113[.]0/24
2001:db8::/32
AKIAIOSFODNN7EXAMPLE
444455556666
kim@example.com
AS64496
d41d8cd98f00b204e9800998ecf8427e

10.0.0.1
0.0.0.0/4
what is this
`)
	if r.Taken != 8 || r.Bad != 3 || r.Format != "csv" || s.Len() != 8 || s.Idle() != 2 {
		t.Errorf("got %+v, %d of them idle", r, s.Idle())
	}
	for i, want := range []string{"feed:11: 10.0.0.1 is not public", "feed:12: 0.0.0.0/4 is too wide", `feed:13: "what is this" is no address`} {
		if !strings.HasPrefix(r.Errors[i].Error(), want) || !fault.Is(r.Errors[i], fault.Invalid) {
			t.Errorf("got %v, want %s", r.Errors[i], want)
		}
	}
	for want, rec := range map[string]*event.Record{
		"intel/address/198.51.100.7":                                       call(t, "198.51.100.7", "AKIAX"),
		"intel/address/203.0.113.0/24":                                     call(t, "203.0.113.99", "AKIAX"),
		"intel/address/2001:db8::/32":                                      call(t, "2001:db8::1", "AKIAX"),
		"intel/access-key/AKIAIOSFODNN7EXAMPLE intel/address/198.51.100.7": call(t, "198.51.100.7", "AKIAIOSFODNN7EXAMPLE"),
		"":                            call(t, "config.amazonaws.com", "AKIAX"),
		"intel/email/kim@example.com": (&event.Event{Raw: []byte(`{"eventTime":"2026-03-02T09:00:00Z","userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/a/Kim@Example.com"}}`)}).Record(),
	} {
		if got := ids(s, rec); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCSV(t *testing.T) {
	s, r := read(t, intel.Options{}, "type,value,confidence,valid_from,valid_until,source,note\n"+
		"ip,198.51.100.7,90,2026-03-01,2026-03-03,Example CERT,\"scanner, loud\"\n"+
		"ip,198.51.100.8,20,,2026-03-02T08:00:00Z,,\n"+
		"domain,www.example.com,101,,,,\n"+
		"planet,mars,,,,,\n"+
		"ip,198.51.100.9,,2026-03-03,2026-03-01,,\n"+
		"ip,198.51.100.10,,yesterday,,,\n"+
		"user-agent,\"evil\"tool\",,,,,\n")
	if r.Taken != 2 || r.Bad != 5 {
		t.Fatalf("got %+v", r)
	}
	for i, want := range []string{"feed:4: confidence", `feed:5: the type "planet" is not known: use address, domain`, "feed:6: it ends", "feed:7: \"yesterday\" is no time", "feed:8: not a line of a CSV"} {
		if !strings.HasPrefix(r.Errors[i].Error(), want) {
			t.Errorf("got %v, want %s", r.Errors[i], want)
		}
	}
	m := s.Detect(call(t, "198.51.100.7", "X"))
	if len(m) != 1 || m[0].Rule.Level != "high" {
		t.Fatalf("got %+v", m)
	}
	if got, want := m[0].Why[0].String(), `indicator of Example CERT, confidence 90, valid until 2026-03-03 (scanner, loud) matched: sourceIPAddress = 198.51.100.7 matches 198.51.100.7`; got != want {
		t.Errorf("got %s", got)
	}
	if got := ids(s, call(t, "198.51.100.8", "X")); got != "" {
		t.Errorf("it had ended an hour before the event: %s", got)
	}
	if m := s.Match(call(t, "198.51.100.8", "X"), now.Add(-5*time.Hour)); len(m) != 1 || m[0].Rule.Level != "low" {
		t.Errorf("an hour before its end: %+v", m)
	}
	if m := s.Match(call(t, "198.51.100.7", "X"), now.Add(-48*time.Hour)); len(m) != 0 {
		t.Errorf("before its beginning: %+v", m)
	}
}

const bundle = `{"type":"bundle","id":"bundle--1","objects":[
{"type":"identity","id":"identity--1","name":"Example CERT"},
{"type":"indicator","id":"indicator--1","name":"A scanner","pattern":"[ipv4-addr:value = '198.51.100.7']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z","confidence":80},
{"type":"indicator","id":"indicator--2","pattern":"[domain-name:value = 'evil.example.com' OR url:value IN ('https://www.example.org/a', 'https://www.example.org/b')]","pattern_type":"stix"},
{"type":"indicator","id":"indicator--3","pattern":"[ipv4-addr:value ISSUBSET '203.0.113.0/24' AND user-account:user_id = 'mia']","pattern_type":"stix"},
{"type":"indicator","id":"indicator--4","pattern":"[ipv4-addr:value = '192.0.2.1']","revoked":true},
{"type":"indicator","id":"indicator--5","pattern":"[ipv4-addr:value = '192.0.2.2'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.3']","pattern_type":"stix"},
{"type":"indicator","id":"indicator--6","pattern":"title: x","pattern_type":"sigma"},
{"type":"indicator","id":"indicator--7","pattern":"[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE '%evil%tool%']","pattern_type":"stix","confidence":95},
{"type":"ipv4-addr","id":"ipv4-addr--1","value":"192.0.2.44"},
{"type":"file","id":"file--1","hashes":{"MD5":"d41d8cd98f00b204e9800998ecf8427e","SHA-256":"zz"}},
{"type":"indicator","id":"indicator--8","pattern":"[x-cloud-key:aws_access_key_id = 'AKIAIOSFODNN7EXAMPLE']","pattern_type":"stix","confidence":90},
17
]}`

func TestSTIX(t *testing.T) {
	s, r := read(t, intel.Options{Deep: true}, bundle)
	if r.Taken != 9 || r.Passed != 2 || r.Bad != 4 || r.Format != "stix" {
		t.Errorf("got %+v", r)
	}
	for i, want := range []string{
		"feed:7: indicator--5: FOLLOWEDBY between or behind observations needs several events", "feed:8: indicator--6: the pattern is written for sigma",
		`feed:11: "zz" is not a hash`, "feed:13: not an object of STIX",
	} {
		if !strings.HasPrefix(r.Errors[i].Error(), want) {
			t.Errorf("got %v, want %s", r.Errors[i], want)
		}
	}
	parameters := func(text string) string { return `"requestParameters":{"a":[{"b":"` + text + `"}]}` }
	for name, c := range map[string]struct {
		r    *event.Record
		want string
	}{
		"address":         {call(t, "198.51.100.7", "X"), "intel/address/198.51.100.7"},
		"revoked":         {call(t, "192.0.2.1", "X"), ""},
		"observable":      {call(t, "192.0.2.44", "X"), "intel/address/192.0.2.44"},
		"both":            {call(t, "203.0.113.9", "X"), "intel/address/203.0.113.0/24"},
		"one of two":      {call(t, "203.0.114.9", "X"), ""},
		"key":             {call(t, "192.0.2.9", "AKIAIOSFODNN7EXAMPLE"), "intel/access-key/AKIAIOSFODNN7EXAMPLE"},
		"name below":      {call(t, "192.0.2.9", "X", parameters("a.EVIL.example.com")), "intel/domain/evil.example.com"},
		"name beside":     {call(t, "192.0.2.9", "X", parameters("notevil.example.com")), ""},
		"URL":             {call(t, "192.0.2.9", "X", parameters("HTTPS://WWW.example.org/b#x")), "intel/url/https://www.example.org/b"},
		"URL of a name":   {call(t, "192.0.2.9", "X", parameters("https://evil.example.com/x")), "intel/domain/evil.example.com"},
		"hash":            {call(t, "192.0.2.9", "X", parameters("D41D8CD98F00B204E9800998ECF8427E")), "intel/hash/d41d8cd98f00b204e9800998ecf8427e"},
		"pattern":         {call(t, "192.0.2.9", "X", `"userAgent":"an Evil big Tool/1"`), "intel/nothing/[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE '%evil%tool%']"},
		"another program": {call(t, "192.0.2.9", "X", `"userAgent":"aws-cli/2"`), ""},
	} {
		if got := ids(s, c.r); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if m := s.Detect(call(t, "192.0.2.9", "AKIAIOSFODNN7EXAMPLE")); m[0].Rule.Level != "critical" || m[0].Rule.Subject != "access-key" {
		t.Errorf("a leaked key: %+v", m[0].Rule)
	}
	shallow, _ := read(t, intel.Options{}, bundle)
	if got := ids(shallow, call(t, "192.0.2.9", "X", parameters("evil.example.com"))); got != "" {
		t.Errorf("nobody asked for parameters: %s", got)
	}
}

const misp = `{"Event":{"Attribute":[
{"uuid":"u-1","type":"ip-dst|port","value":"198.51.100.7|443","to_ids":true,"comment":"C2"},
{"uuid":"u-2","type":"ip-src","value":"198.51.100.8","to_ids":false},
{"uuid":"u-3","type":"ip-src","value":"198.51.100.9","to_ids":true,"deleted":true},
{"uuid":"u-4","type":"text","value":"AKIAIOSFODNN7EXAMPLE","to_ids":"1"},
{"uuid":"u-5","type":"text","value":"a note","to_ids":true},
{"uuid":"u-6","type":"sha256","value":"nonsense","to_ids":true},
{"uuid":"u-7","type":7}
],"Object":[{"name":"x","Attribute":[{"uuid":"u-8","type":"domain|ip","value":"evil.example.com|203.0.113.5","to_ids":1}]}],
"info":"A campaign","threat_level_id":"1","Orgc":{"name":"Example CERT"}}}`

func TestMISP(t *testing.T) {
	for form, text := range map[string]string{"event": misp, "export": `{"response":[` + misp + `]}`} {
		s, r := read(t, intel.Options{}, text)
		if r.Taken != 4 || r.Passed != 3 || r.Bad != 2 || r.Format != "misp" {
			t.Errorf("%s: got %+v", form, r)
		}
		for i, want := range []string{"feed:8: not an attribute", `feed:7: "nonsense" is not a hash`} {
			if !strings.HasPrefix(r.Errors[i].Error(), want) {
				t.Errorf("%s: got %v, want %s", form, r.Errors[i], want)
			}
		}
		m := s.Detect(call(t, "198.51.100.7", "X"))
		if len(m) != 1 || m[0].Rule.Level != "high" || !strings.HasPrefix(m[0].Why[0].Search, "indicator u-1 of feed by Example CERT, confidence 85 (C2; A campaign)") {
			t.Errorf("%s: got %+v", form, m)
		}
		if got := ids(s, call(t, "198.51.100.8", "X")) + ids(s, call(t, "198.51.100.9", "X")); got != "" {
			t.Errorf("not for detection, or deleted: %s", got)
		}
	}
}

func TestFeed(t *testing.T) {
	feed := fstest.MapFS{"manifest.json": {Data: []byte(`{"a":{"info":"x"},"b":{},"c":{},"../d":{}}`)}, "a.json": {Data: []byte(misp)}, "b.json": {Data: []byte(`{`)}}
	b := intel.NewBuilder(intel.Options{})
	r, err := b.ReadFeed("feed", feed)
	if err != nil || r.Taken != 4 || r.Bad != 5 {
		t.Fatalf("got %+v, %v", r, err)
	}
	said := fmt.Sprint(r.Errors)
	for _, want := range []string{"outside of the feed", "feed/b.json:1: broken JSON", "the manifest names feed/c.json", "feed/a.json:7"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said: %s", want, said)
		}
	}
	if _, err := b.ReadFeed("feed", fstest.MapFS{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no manifest: %v", err)
	}
}

func TestWholeTextsThatAreWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "feed: the file is empty",
		"[]":                               "feed:1: a list in JSON",
		"{}":                               "feed: neither a STIX bundle",
		`{"objects":[{"type":"x"}`:         "feed:1: broken JSON",
		"{\n\"objects\":{}}":               "feed:2: { stands where [ was expected",
		"{\"objects\":[]}\n{}":             "feed:2: something follows",
		`{"Event":[]}`:                     "feed:1: [ stands where { was expected",
		"\xef\xbb\xbf{\"objects\":[1,]}":   "feed:1: broken JSON",
		"a\n" + strings.Repeat("x", 5<<20): "feed:2: the line is longer",
		`{"objects":["` + strings.Repeat("x", 5<<20) + `"]}`: "feed: one object or text of it has more than",
	} {
		_, err := intel.NewBuilder(intel.Options{}).Read("feed", strings.NewReader(text))
		if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: got %v, want %s", text, err, want)
		}
	}
	if _, err := intel.NewBuilder(intel.Options{Max: 2}).Read("feed", strings.NewReader("192.0.2.1\n192.0.2.2\n192.0.2.3\n")); !errors.Is(err, intel.ErrFull) {
		t.Errorf("too many: %v", err)
	}
	if _, err := intel.NewBuilder(intel.Options{}).Read("feed", io.MultiReader(strings.NewReader("192.0.2.1\n"), failing{})); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a disk that fails: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk fails") }
