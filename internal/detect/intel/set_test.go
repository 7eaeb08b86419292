package intel_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect"
	"jobzero/internal/detect/intel"
	"jobzero/internal/event"
)

// A set is an engine like that of the rules.
var _ detect.Engine = (*intel.Set)(nil)

// TestRanges holds the table against looking at every range.
func TestRanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var ranges []netip.Prefix
		var text strings.Builder
		for range rapid.IntRange(1, 60).Draw(rt, "ranges") {
			var a netip.Addr
			var bits int
			if rapid.IntRange(0, 3).Draw(rt, "kind") > 0 {
				a = netip.AddrFrom4([4]byte{198, 51, byte(rapid.IntRange(100, 101).Draw(rt, "c")), byte(rapid.IntRange(0, 255).Draw(rt, "d"))})
				bits = rapid.IntRange(20, 32).Draw(rt, "bits")
			} else {
				b := netip.MustParseAddr("2001:db8::").As16()
				b[7], b[15] = byte(rapid.IntRange(0, 3).Draw(rt, "g")), byte(rapid.IntRange(0, 255).Draw(rt, "h"))
				a, bits = netip.AddrFrom16(b), rapid.IntRange(48, 128).Draw(rt, "bits")
			}
			p := netip.PrefixFrom(a, bits).Masked()
			ranges = append(ranges, p)
			text.WriteString(p.String() + "\n")
		}
		s, r := read(rt, intel.Options{}, text.String())
		if r.Taken != len(ranges) {
			rt.Fatalf("%+v", r)
		}
		for _, p := range ranges {
			for _, a := range []netip.Addr{p.Addr(), p.Addr().Prev(), p.Addr().Next()} {
				var want []string
				for _, q := range ranges {
					if q.Contains(a) {
						name := q.String()
						if q.IsSingleIP() {
							name = q.Addr().String()
						}
						want = append(want, "intel/address/"+name)
					}
				}
				slices.Sort(want)
				want = slices.Compact(want)
				rec := (&event.Event{Raw: fmt.Appendf(nil, `{"sourceIPAddress":%q}`, a)}).Record()
				if d := cmp.Diff(strings.Join(want, " "), ids(s, rec)); d != "" {
					rt.Fatalf("%s (-want +got):\n%s", a, d)
				}
			}
		}
	})
}

// TestLogs: each log has its names for who called and was called, and for when.
func TestLogs(t *testing.T) {
	s, r := read(t, intel.Options{}, "type,value,valid_from,valid_until\nip,198.51.100.7,2026-03-02,2026-03-03\ndomain,evil.example.com,2026-03-02,2026-03-03\n"+
		"user-agent,evil/1,2026-03-02,2026-03-03\nuser,eve,2026-03-02,2026-03-03\nurl,https://www.example.org/x,2026-03-02,2026-03-03\n")
	if r.Taken != 5 {
		t.Fatal(r.Errors)
	}
	const address, name, program = "intel/address/198.51.100.7", "intel/domain/evil.example.com", "intel/user-agent/evil/1"
	for _, c := range []struct {
		log       event.Log
		raw, want string
	}{
		{event.VPCFlow, `{"srcaddr":"192.0.2.1","dstaddr":"198.51.100.7","start":1772442000}`, address},
		{event.VPCFlow, `{"srcaddr":"192.0.2.1","dstaddr":"198.51.100.7","start":1772542000}`, ""},
		{event.Resolver, `{"query_name":"www.Evil.example.com.","query_timestamp":"2026-03-02T09:00:00Z","answers":[{"Rdata":"198.51.100.7"}]}`, address + " " + name},
		{event.Resolver, `{"query_name":"www.Evil.example.com.","query_timestamp":"2026-03-04T09:00:00Z"}`, ""},
		{event.S3Access, `{"remoteip":"198.51.100.7","useragent":"evil/1","requestdatetime":"02/Mar/2026:09:00:00 +0000"}`, address + " " + program},
		{event.S3Access, `{"remoteip":"198.51.100.7","requestdatetime":"04/Mar/2026:09:00:00 +0000"}`, ""},
		{event.WAF, `{"timestamp":1772442000000,"httpRequest":{"clientIp":"198.51.100.7","headers":[{"name":"Host","value":"evil.example.com"},{"name":"User-Agent","value":"evil/1"}]}}`, address + " " + name + " " + program},
		{event.WAF, `{"timestamp":1772642000000,"httpRequest":{"clientIp":"198.51.100.7"}}`, ""},
		{event.LoadBalancer, `{"time":"2026-03-02T09:00:00.1Z","client_ip":"198.51.100.7","request_url":"https://www.example.org/x"}`, address + " intel/url/https://www.example.org/x"},
		{event.CloudFront, `{"date":"2026-03-02","c-ip":"192.0.2.1","x-forwarded-for":"192.0.2.2, 198.51.100.7"}`, address},
		{event.APIGateway, `{"requestTime":"02/Mar/2026:09:00:00 +0000","identity":{"sourceIp":"198.51.100.7"}}`, address},
		{event.EKSAudit, `{"requestReceivedTimestamp":"2026-03-02T09:00:00.000000Z","sourceIPs":["192.0.2.1","198.51.100.7"],"user":{"username":"eve"}}`, address + " intel/user/eve"},
		{event.Log("other"), `{"clientIp":"198.51.100.7"}`, ""},
		{event.VPCFlow, `{"dstaddr":"198.51.100.7"}`, address}, // nobody can say that it was not at that time
		{event.VPCFlow, `{`, ""},
	} {
		if got := ids(s, &event.Record{Raw: []byte(c.raw), Log: c.log}); got != c.want {
			t.Errorf("%s %s:\ngot  %q\nwant %q", c.log, c.raw, got, c.want)
		}
	}
}

// Several who name one value are one match, as bad as the surest says, each with its reason.
func TestOneMatchForEachValue(t *testing.T) {
	s, _ := read(t, intel.Options{}, "type,value,confidence,source\nip,198.51.100.7,10,a\nip,198.51.100.7,80,b\nip,198.51.100.7,80,b\nip,198.51.100.0/24,0,c\n")
	m := s.Detect(call(t, "198.51.100.7", "X"))
	if len(m) != 2 || m[0].Rule.ID != "intel/address/198.51.100.0/24" || m[0].Rule.Level != "informational" || m[1].Rule.Level != "high" || len(m[1].Why) != 2 {
		t.Errorf("got %+v", m)
	}
}

// million is a list of a million made-up indicators: addresses, ranges and names.
func million(n int) string {
	var b strings.Builder
	b.WriteString("type,value,confidence,valid_until,source,note\n")
	for i := range n {
		switch i % 10 {
		case 0:
			fmt.Fprintf(&b, "domain,h%d.example.com,60,2027-01-01,feed,\n", i)
		case 1:
			fmt.Fprintf(&b, "cidr,%d.%d.%d.0/24,50,,feed,\n", 20+i%50, i>>8&255, i>>16&255)
		default:
			var a [4]byte
			binary.BigEndian.PutUint32(a[:], uint32(i)*2654435761)
			a[0] = a[0]%100 + 20
			fmt.Fprintf(&b, "ip,%d.%d.%d.%d,50,,feed,\n", a[0], a[1], a[2], a[3])
		}
	}
	return b.String()
}

// TestMemory says what an indicator costs.
func TestMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const n = 200_000
	text := million(n)
	before := heap()
	s, r := read(t, intel.Options{}, text)
	each := float64(heap()-before) / float64(r.Taken)
	t.Logf("%d indicators, %.0f bytes each; not taken: %d", r.Taken, each, r.Bad)
	if each > 250 {
		t.Errorf("%.0f bytes an indicator", each)
	}
	runtime.KeepAlive(s)
	runtime.KeepAlive(text)
}

func BenchmarkMatch(b *testing.B) {
	set, _ := read(b, intel.Options{}, million(1_000_000))
	var records []*event.Record
	for i := range 1024 {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], uint32(i)*2246822519)
		a[0] |= 128 // outside of what is known
		records = append(records, call(b, netip.AddrFrom4(a).String(), "AKIAIOSFODNN7EXAMPLE"))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		set.Detect(records[n&1023])
		n++
	}
}

func BenchmarkRead(b *testing.B) {
	text := million(100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		builder := intel.NewBuilder(intel.Options{})
		if _, err := builder.Read("feed", strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
		builder.Set()
	}
}
