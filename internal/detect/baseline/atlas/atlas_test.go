package atlas_test

import (
	"encoding/binary"
	"maps"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/baseline/atlas"
	"jobzero/internal/fault"
)

// encode writes a value as the format wants it: a control byte of type and size, then the bytes.
func encode(v any) []byte {
	field := func(kind, size int) []byte {
		if kind > 7 {
			return []byte{byte(size), byte(kind - 7)}
		}
		if size >= 29 {
			return []byte{byte(kind<<5 | 29), byte(size - 29)}
		}
		return []byte{byte(kind<<5 | size)}
	}
	switch v := v.(type) {
	case string:
		return append(field(2, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64(field(3, 8), math.Float64bits(v))
	case uint16:
		return binary.BigEndian.AppendUint16(field(5, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(field(6, 4), v)
	case uint64:
		return binary.BigEndian.AppendUint64(field(9, 8), v)
	case []string:
		out := field(11, len(v))
		for _, s := range v {
			out = append(out, encode(s)...)
		}
		return out
	case map[string]any:
		out := field(7, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(append(out, encode(k)...), encode(v[k])...)
		}
		return out
	}
	panic("no such value")
}

// sheet writes a database of IPv4 networks: a binary tree whose nodes have two records of 24 bits, the values, the metadata.
func sheet(tb testing.TB, entries map[string]map[string]any) string {
	tb.Helper()
	nodes, data := [][2]int{{}}, []byte{} // a record: 0 for none, n > 0 for a node, n < 0 for a value
	for _, network := range slices.Sorted(maps.Keys(entries)) {
		p := netip.MustParsePrefix(network)
		address, at := binary.BigEndian.Uint32(p.Addr().AsSlice()), 0
		for bit := range p.Bits() {
			side := address >> (31 - bit) & 1
			if bit == p.Bits()-1 {
				nodes[at][side] = -1 - len(data)
				break
			}
			if nodes[at][side] == 0 {
				nodes = append(nodes, [2]int{})
				nodes[at][side] = len(nodes) - 1
			}
			at = nodes[at][side]
		}
		data = append(data, encode(entries[network])...)
	}
	var out []byte
	for _, n := range nodes {
		for _, r := range n {
			switch {
			case r == 0:
				r = len(nodes)
			case r < 0:
				r = len(nodes) + 16 - 1 - r
			}
			out = append(out, byte(r>>16), byte(r>>8), byte(r))
		}
	}
	out = append(append(out, make([]byte, 16)...), data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	out = append(out, encode(map[string]any{
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0), "build_epoch": uint64(1), "database_type": "Test",
		"description": map[string]any{"en": "made up"}, "ip_version": uint16(4), "languages": []string{"en"},
		"node_count": uint32(len(nodes)), "record_size": uint16(24),
	})...)
	file := filepath.Join(tb.TempDir(), "sheet.mmdb")
	if err := os.WriteFile(file, out, 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}

func place(lat, lon float64, radius uint16, city string) map[string]any {
	return map[string]any{
		"city":     map[string]any{"names": map[string]any{"en": city}},
		"country":  map[string]any{"iso_code": "DE"},
		"location": map[string]any{"latitude": lat, "longitude": lon, "accuracy_radius": radius},
	}
}

// TestLocate: one database knows places, another networks; what neither knows is unknown.
func TestLocate(t *testing.T) {
	a, err := atlas.Open(
		sheet(t, map[string]map[string]any{
			"198.51.100.0/24": place(52.5, 13.4, 20, "Berlin"),
			"203.0.113.0/25":  place(152.5, 13.4, 20, "Nowhere"),
			"192.0.2.0/24":    place(48.1, 11.6, 0, "Munich"),
		}),
		sheet(t, map[string]map[string]any{
			"198.51.100.0/25": {"autonomous_system_number": uint32(64500), "autonomous_system_organization": "Example Net"},
			"203.0.113.0/24":  {"autonomous_system_number": uint32(64501)},
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	for ip, want := range map[string]baseline.Place{
		"198.51.100.7":   {Network: "AS64500 Example Net", Name: "Berlin, DE", Lat: 52.5, Lon: 13.4, Radius: 20, Coordinates: true},
		"198.51.100.200": {Name: "Berlin, DE", Lat: 52.5, Lon: 13.4, Radius: 20, Coordinates: true},
		"192.0.2.1":      {Name: "Munich, DE", Lat: 48.1, Lon: 11.6, Radius: 500, Coordinates: true},
		"203.0.113.1":    {Network: "AS64501", Name: "Nowhere, DE"},
		"203.0.113.200":  {Network: "AS64501"},
		"8.8.8.8":        {},
		"2001:db8::1":    {},
	} {
		got, known := a.Locate(netip.MustParseAddr(ip))
		if d := cmp.Diff(want, got); d != "" || known != (want != baseline.Place{}) {
			t.Errorf("%s, known: %v (-want +got):\n%s", ip, known, d)
		}
	}
}

// TestOpen names what cannot be read.
func TestOpen(t *testing.T) {
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, code := range map[string]fault.Code{text: fault.Invalid, t.TempDir(): fault.Invalid, text + ".none": fault.NotFound} {
		if _, err := atlas.Open(file); !fault.Is(err, code) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// FuzzLocate: a broken database is refused, or knows little, and harms nobody.
func FuzzLocate(f *testing.F) {
	whole, err := os.ReadFile(sheet(f, map[string]map[string]any{"198.51.100.0/24": place(52.5, 13.4, 20, "Berlin")}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	file := filepath.Join(f.TempDir(), "fuzzed.mmdb")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := atlas.Open(file)
		if err != nil {
			return
		}
		for _, ip := range []string{"198.51.100.7", "203.0.113.1", "2001:db8::1"} {
			if p, _ := a.Locate(netip.MustParseAddr(ip)); p.Coordinates && !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) {
				t.Fatalf("%s is at %+v", ip, p)
			}
		}
	})
}
