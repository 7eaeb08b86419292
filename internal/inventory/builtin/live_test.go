package builtin_test

import (
	"testing"

	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// TestLiveWaysCanBeWalked: a way that holds of the live account leads over types that somebody reads.
func TestLiveWaysCanBeWalked(t *testing.T) {
	readers := map[resource.Type]bool{}
	for _, r := range builtin.Readers() {
		readers[r.Type()] = true
	}
	ways := 0
	for _, typ := range relation.Types() {
		for _, r := range relation.Of(typ) {
			for _, w := range r.Live() {
				ways++
				if !readers[typ] {
					t.Errorf("%s %s holds of the live account, where nobody reads %s", typ, r.Name, typ)
				}
				for _, h := range w.Hops {
					if !readers[h.Type] {
						t.Errorf("%s %s leads over %s, which nobody reads", typ, r.Name, h.Type)
					}
				}
			}
			if r.Read && len(r.Live()) > 0 {
				t.Errorf("%s %s is filled in by a reader, and walked", typ, r.Name)
			}
		}
	}
	if ways < 30 {
		t.Errorf("%d ways: the table is not what it was", ways)
	}
}
