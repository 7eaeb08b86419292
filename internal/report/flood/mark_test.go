package flood

import (
	"crypto/sha256"
	"testing"
	"time"
)

// TestMarksTellNothing: what stands for a source is another thing in each process and on each day, and never its plain hash, which could be tried out.
func TestMarksTellNothing(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a, b := New(Rate{1}, Rate{}), New(Rate{1}, Rate{})
	seen := map[mark]bool{}
	for _, l := range []*Limit{a, b} {
		for day := range 2 {
			l.Take("192.0.2.1", now.AddDate(0, 0, day))
			for m := range l.by {
				plain := sha256.Sum256([]byte("192.0.2.1"))
				if seen[m] || m == mark(plain[:len(m)]) {
					t.Errorf("a source is known again by %x", m)
				}
				seen[m] = true
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d marks", len(seen))
	}
}
