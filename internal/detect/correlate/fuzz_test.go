package correlate_test

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
)

// sealed puts the checksum behind a snapshot, so that the fuzzer gets past it.
func sealed(body []byte) []byte {
	return binary.BigEndian.AppendUint32(append([]byte(nil), body...), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
}

// FuzzRestore: whatever a snapshot holds, it is refused or makes a machine that works and that a snapshot brings back.
func FuzzRestore(f *testing.F) {
	specs, m := busy(f, correlate.Options{})
	snapshot := m.Snapshot()
	f.Add(snapshot[:len(snapshot)-4])
	m.Advance(append(seen(61*time.Minute), correlate.Mark{Source: "idle", Idle: true}))
	snapshot = m.Snapshot()
	f.Add(snapshot[:len(snapshot)-4])
	f.Add(machine(f, specs, correlate.Options{}).Snapshot())
	f.Fuzz(func(t *testing.T, body []byte) {
		m, _, err := correlate.Restore(specs, small(), sealed(body))
		works(t, specs, m, err)
	})
}

// FuzzLoad is the same for the row of one group, as most of what can go wrong is in there.
func FuzzLoad(f *testing.F) {
	specs, m := busy(f, correlate.Options{Rows: true})
	var heads []correlate.Row
	for _, row := range m.Dirty() {
		if row.ID == "" {
			heads = append(heads, row)
			continue
		}
		for i, s := range specs {
			if s.ID == row.Correlation {
				f.Add(byte(i), row.State)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i byte, state []byte) {
		row := correlate.Row{Correlation: specs[int(i)%len(specs)].ID, ID: "group", State: state}
		m, _, err := correlate.Load(specs, small(), append(slices.Clone(heads), row))
		works(t, specs, m, err)
	})
}

func small() correlate.Options { return correlate.Options{MaxGroups: 5, MaxHits: 20, MaxMembers: 3} }

// works uses what was loaded, if it was.
func works(t *testing.T, specs []correlate.Spec, m *correlate.Machine, err error) {
	t.Helper()
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		return
	}
	again := m.Snapshot()
	copied, drops, err := correlate.Restore(specs, small(), again)
	if err != nil || len(drops) != 0 {
		t.Fatal(drops, err)
	}
	if string(copied.Snapshot()) != string(again) {
		t.Fatal("a restored machine gives another snapshot")
	}
	if _, err := m.Explain("many", []string{"ann"}, morning); err != nil {
		t.Fatal(err)
	}
	m.Take(diary(t, m, "5m failed ann 1 id=new\n6m success ann 1\n20m failed bob 1\n21m failed bob 1\n22m failed bob 1\n23m failed bob 1"))
	for _, at := range []time.Time{morning.Add(100 * time.Minute), time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		m.Advance([]correlate.Mark{{Source: "cloudtrail", Seen: at}, {Source: "idle", Idle: true}})
	}
	groups, bytes := m.Size()
	if g, b := m.Recount(); g != groups || b != bytes || groups > 5 {
		t.Fatalf("holds %d groups of %d bytes, and says %d of %d", g, b, groups, bytes)
	}
}
