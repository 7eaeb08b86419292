package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// windows: hits wait until their shard has them, and only who knows the shard's version can save it.
func windows(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	hit := func(event string) correlate.Hit {
		return correlate.Hit{Rule: "r", Event: event, Time: noon(), Ref: "x\x00y", Keys: []correlate.Key{{For: "c", Group: []string{event}}}}
	}
	do(t, s, func(tx *store.Tx) error {
		for shard, event := range map[int]string{1: "a", 2: "b"} {
			for range 2 { // twice is once
				if err := tx.AddHit(t.Context(), shard, hit(event)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var waiting store.Waiting
	do(t, s, func(tx *store.Tx) (err error) { waiting, err = tx.Hits(t.Context(), 1, 10); return err })
	if d := cmp.Diff([]correlate.Hit{hit("a")}, waiting.Hits); d != "" || waiting.More {
		t.Fatalf("hits that wait (-want +got):\n%s", d)
	}
	rows := []correlate.Row{{State: []byte{1}}, {Correlation: "c", State: []byte{2, 0}}, {Correlation: "c", ID: "g", State: []byte{3}}}
	save := func(was int64, rows []correlate.Row, taken []string) error {
		return s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveShard(t.Context(), 1, was, rows, taken) })
	}
	if err := save(0, rows, waiting.IDs); err != nil {
		t.Fatal(err)
	}
	if err := save(0, rows[:1], nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version saves the shard: %v", err)
	}
	if err := save(1, []correlate.Row{{Correlation: "c", ID: "g"}}, nil); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(tx *store.Tx) error {
		got, err := tx.Windows(t.Context(), 1)
		if d := cmp.Diff(rows[:2], got); d != "" || err != nil {
			t.Errorf("windows (-want +got): %v\n%s", err, d)
		}
		if v, err := tx.ShardVersion(t.Context(), 1); v != 2 || err != nil {
			t.Errorf("version %d, %v", v, err)
		}
		if v, err := tx.ShardVersion(t.Context(), 2); v != 0 || err != nil {
			t.Errorf("version of a shard that was never saved: %d, %v", v, err)
		}
		left, err := tx.Hits(t.Context(), 1, 10)
		other, err2 := tx.Hits(t.Context(), 2, 1)
		if len(left.Hits) != 0 || len(other.Hits) != 1 || !other.More || err != nil || err2 != nil {
			t.Errorf("left %v, %v; the other shard's %v, %v", left, err, other, err2)
		}
		return nil
	})
}

// marks: a source never goes back, and says when it has nothing more.
func marks(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for _, m := range []correlate.Mark{
		{Source: "b", Seen: noon()},
		{Source: "a", Seen: noon(), Idle: true},
		{Source: "b", Seen: noon().Add(-time.Hour), Idle: true},
		{Source: "a", Seen: noon().Add(time.Hour)},
	} {
		do(t, s, func(tx *store.Tx) error { return tx.SaveMark(t.Context(), m) })
	}
	do(t, s, func(tx *store.Tx) error {
		got, err := tx.Marks(t.Context())
		want := []correlate.Mark{{Source: "a", Seen: noon().Add(time.Hour)}, {Source: "b", Seen: noon(), Idle: true}}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("marks (-want +got): %v\n%s", err, d)
		}
		return nil
	})
}
