package source

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/event"
	"pgregory.net/rapid"
)

func key(n int) event.Key { return event.Key{Account: "111122223333", ID: event.ID(fmt.Sprint(n))} }

// TestDedupeAgainstAList compares the window with the plain list of what was marked.
func TestDedupeAgainstAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(1, 20).Draw(t, "capacity")
		d := NewDedupe(capacity)
		var marked []int // distinct, newest last
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 30), 0, 100).Draw(t, "keys") {
			was := d.Seen(key(n))
			if first := d.First(key(n)); first == was {
				t.Fatalf("Seen %v but First %v", was, first)
			}
			if was {
				d.Mark(key(n)) // a mark refreshes
			}
			kept := marked[:0:0]
			for _, m := range marked {
				if m != n {
					kept = append(kept, m)
				}
			}
			marked = append(kept, n)
			for _, m := range marked[max(0, len(marked)-max(1, capacity/2)):] {
				if !d.Seen(key(m)) {
					t.Fatalf("%d of the newest half of %v is forgotten", m, marked)
				}
			}
			if d.Len() > max(2, capacity) {
				t.Fatalf("holds %d keys with a capacity of %d", d.Len(), capacity)
			}
		}
	})
}

func TestDedupeTellsAccountsApart(t *testing.T) {
	d := NewDedupe(0)
	d.Mark(event.Key{Account: "111122223333", ID: "e"})
	if d.Seen(event.Key{Account: "444455556666", ID: "e"}) {
		t.Error("the same ID in another account is taken for a duplicate")
	}
	if d.Seen(event.Key{Account: "111122223333e"}) {
		t.Error("account and ID run into each other")
	}
}

func TestDedupeCountsEachOnceUnderLoad(t *testing.T) {
	d := NewDedupe(0)
	var wg sync.WaitGroup
	firsts := make([]int, 8)
	for w := range firsts {
		wg.Go(func() {
			for n := range 5000 {
				if d.First(key(n)) {
					firsts[w]++
				}
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range firsts {
		sum += n
	}
	if sum != 5000 {
		t.Errorf("%d firsts of 5000 keys", sum)
	}
}

func TestDedupeMemoryIsBounded(t *testing.T) {
	d := NewDedupe(1 << 14)
	long := strings.Repeat("x", 1000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := range 1 << 16 {
		d.Mark(event.Key{Account: "111122223333", ID: event.ID(fmt.Sprint(n, long))})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 2<<20 {
		t.Errorf("the window grew by %d bytes", grown)
	}
	if d.Len() > 1<<14 {
		t.Errorf("holds %d keys", d.Len())
	}
}

func TestClip(t *testing.T) {
	b := make([]byte, MaxDeadBytes+1)
	c := Clip(b)
	b[0] = 1
	if len(c) != MaxDeadBytes || c[0] != 0 {
		t.Errorf("clipped to %d bytes, shared with the input: %v", len(c), c[0] != 0)
	}
	if d := (DeadLetter{Bytes: c, Size: int64(len(b))}); d.Whole() {
		t.Error("a clipped letter calls itself whole")
	}
}

func BenchmarkDedupe(b *testing.B) {
	d := NewDedupe(0)
	keys := make([]event.Key, 1<<16)
	for i := range keys {
		keys[i] = event.Key{Account: "111122223333", ID: event.ID(fmt.Sprintf("80486b96-9f31-441e-b4e2-%012d", i))}
	}
	i := 0
	for b.Loop() {
		d.First(keys[i&(1<<16-1)])
		i++
	}
}
