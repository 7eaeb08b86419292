package expect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestThrough: the first entry that covers a port decides about it, and only for its family of addresses and protocol.
func TestThrough(t *testing.T) {
	allow := func(n int64, protocol string, from, to int64) entry {
		return entry{n, true, false, protocol, span{from, to}}
	}
	deny := func(n int64, protocol string, from, to int64) entry {
		return entry{n, false, false, protocol, span{from, to}}
	}
	for name, c := range map[string]struct {
		entries  []entry
		protocol string
		ports    span
		want     []span
	}{
		"nothing allows":        {nil, "tcp", span{22, 22}, nil},
		"all of it":             {[]entry{allow(1, "-1", 0, 65535)}, "tcp", span{20, 30}, []span{{20, 30}}},
		"a hole":                {[]entry{deny(1, "tcp", 22, 22), allow(2, "tcp", 0, 65535)}, "tcp", span{20, 30}, []span{{20, 21}, {23, 30}}},
		"too late":              {[]entry{allow(1, "tcp", 20, 25), deny(2, "-1", 0, 65535)}, "tcp", span{20, 30}, []span{{20, 25}}},
		"another protocol":      {[]entry{allow(1, "udp", 0, 65535)}, "tcp", span{20, 30}, nil},
		"another family":        {[]entry{{1, true, true, "-1", everyPort}}, "tcp", span{20, 30}, nil},
		"one of all":            {[]entry{deny(1, "tcp", 0, 65535), allow(2, "-1", 0, 65535)}, "-1", everyPort, []span{everyPort}},
		"in the middle, and on": {[]entry{allow(1, "tcp", 22, 22), deny(2, "tcp", 0, 25), allow(3, "tcp", 0, 65535)}, "tcp", span{20, 30}, []span{{22, 22}, {26, 30}}},
	} {
		if d := cmp.Diff(c.want, through(c.entries, false, false, c.protocol, c.ports), cmp.AllowUnexported(span{})); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if got := through(nil, true, false, "tcp", span{1, 2}); len(got) != 1 || got[0] != (span{1, 2}) {
		t.Errorf("the list of the beginning lets through %v", got)
	}
}
