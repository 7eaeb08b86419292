package baseline_test

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// learned is a learner with something of everything.
func learned(tb testing.TB) *baseline.Learner {
	l, at := routine(tb, baseline.Options{Learn: 100 * time.Hour}, 6)
	for i := range 40 {
		e := box(i, "i-0123456789abcdef0", "198.51.100.77", at.Add(time.Duration(i)*time.Minute))
		e.Name, e.Region = "Get"+string(rune('A'+i)), "us-east-1"
		l.Take(e, baseline.Of(e))
		e = habit(0, i, e.Time)
		e.Name, e.Source, e.SourceIP, e.Raw = "Create"+string(rune('A'+i)), "iam.amazonaws.com", "203.0.113.9", []byte(`{}`)
		l.Take(e, baseline.Of(e))
	}
	return l
}

// FuzzRestore: whatever a snapshot holds, it is refused or makes a learner that works and that a snapshot brings back.
func FuzzRestore(f *testing.F) {
	snapshot := learned(f).Snapshot()
	f.Add(snapshot[:len(snapshot)-4])
	snapshot = baseline.New(baseline.Options{}).Snapshot()
	f.Add(snapshot[:len(snapshot)-4])
	f.Fuzz(func(t *testing.T, body []byte) {
		sealed := binary.BigEndian.AppendUint32(append([]byte(nil), body...), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		l, err := baseline.Restore(baseline.Options{}, sealed)
		works(t, l, err)
	})
}

// FuzzLoad is the same for one row, as most of what can go wrong is in there.
func FuzzLoad(f *testing.F) {
	all := learned(f).Rows()
	for _, row := range all {
		f.Add(row.Scope, row.ID, row.State)
	}
	f.Fuzz(func(t *testing.T, scope, id string, state []byte) {
		rows := []baseline.Row{{Scope: scope, ID: id, State: state}}
		for _, row := range all {
			if row.Scope != scope || row.ID != id {
				rows = append(rows, row)
			}
		}
		l, err := baseline.Load(baseline.Options{}, rows)
		works(t, l, err)
	})
}

// works uses what was loaded, if it was.
func works(t *testing.T, l *baseline.Learner, err error) {
	t.Helper()
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		return
	}
	again := l.Snapshot()
	copied, err := baseline.Restore(baseline.Options{}, again)
	if err != nil {
		t.Fatal(err)
	}
	if string(copied.Snapshot()) != string(again) {
		t.Fatal("a restored learner gives another snapshot")
	}
	for i := range 30 {
		for _, e := range []*event.Event{
			habit(0, i, morning.Add(time.Duration(i)*7*time.Hour)), box(i, "i-0123456789abcdef0", "203.0.113.9", morning.Add(time.Duration(i)*time.Hour)),
		} {
			_ = l.Explain(baseline.Of(e), e).String()
			if _, story := l.Take(e, baseline.Of(e)); story != nil {
				story.Finding(morning)
			}
		}
	}
	for _, s := range l.Tick(morning.AddDate(0, 0, 20)) {
		_ = s.Why()
	}
	l.Size()
}
