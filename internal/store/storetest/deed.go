package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/policy/names"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/store"
)

// deed is a use of an object on a day of April 2030.
func deed(bucket, key, day int) ledger.Fact {
	n := ledger.DayOf(noon()) + uint32(day)
	return ledger.Fact{
		What: ledger.What{
			Principal: "arn:aws:iam::111122223333:role/deploy", Root: ledger.Root{Kind: lineage.Person, ID: "ana\x00ä", Strength: lineage.Proved},
			Act:      ledger.Act{Name: "s3:GetObject", Level: names.Read, Data: true},
			Resource: fmt.Sprintf("arn:aws:s3:::shop-%d/%d/%d", bucket, key%7, key), Account: "111122223333", Region: "eu-west-1",
		},
		Day: n, Times: 2, Refused: 1, First: n*86400 + uint32(key), Last: n*86400 + uint32(key) + 10,
	}
}

// told is what the store's ledger says, in the order of a ledger in memory.
func told(t *testing.T, s *store.Store, principal string) []ledger.Fact {
	t.Helper()
	l := ledger.New(ledger.Options{Leaves: 1 << 20})
	look(t, s, func(tx *store.Tx) error { return tx.Facts(t.Context(), principal, l.Put) })
	return l.Facts()
}

// deeds: whatever parts facts come in, the store's ledger is the one that is folded in memory, and only who knows its version adds to it.
func deeds(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	const leaves = 10
	r, memory := rand.New(rand.NewPCG(1, 2)), ledger.New(ledger.Options{Leaves: leaves})
	for version := range int64(12) {
		h := store.Harvest{Was: version, Leaves: leaves, Counts: map[string]int64{"events": 3}}
		for range 25 {
			bucket := r.IntN(4)
			f := deed(bucket, r.IntN(1+bucket*bucket*12), r.IntN(3)) // of some buckets few objects, of others many in few or many folders
			if bucket == 2 {
				f.Resource = fmt.Sprintf("arn:aws:s3:::shop-2/%d/x", r.IntN(40))
			}
			h.Facts = append(h.Facts, f)
			if err := memory.Put(f); err != nil {
				t.Fatal(err)
			}
		}
		do(t, s, func(tx *store.Tx) error { return tx.SaveLedger(t.Context(), h) })
	}
	want := memory.Facts()
	if d := cmp.Diff(want, told(t, s, "")); d != "" {
		t.Errorf("the store folds otherwise than memory (-memory +store):\n%s", d)
	}
	if size := memory.Size(); size.Folded < 2 || len(want) < 10 {
		t.Errorf("nothing was put to the test: %+v", size)
	}
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveLedger(t.Context(), store.Harvest{Was: 3, Leaves: leaves, Facts: want})
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version adds to the ledger: %v", err)
	}
	if d := cmp.Diff(want, told(t, s, "arn:aws:iam::111122223333:role/deploy")); d != "" {
		t.Errorf("of its principal:\n%s", d)
	}
	if got := told(t, s, "arn:aws:iam::111122223333:role/other"); len(got) != 0 {
		t.Errorf("of another: %v", got)
	}
	forgetDeeds(t, s, want)
}

// forgetDeeds: days before one are forgotten, and what they had is counted.
func forgetDeeds(t *testing.T, s *store.Store, was []ledger.Fact) {
	t.Helper()
	before, uses, rest := ledger.DayOf(noon())+1, int64(0), 0
	for _, f := range was {
		if f.Day < before {
			uses += int64(f.Times)
		} else {
			rest++
		}
	}
	for range 2 { // twice is once
		if _, err := s.PruneLedger(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	if got := told(t, s, ""); len(got) != rest || got[0].Day < before {
		t.Errorf("%d days of rows are left, want %d", len(got), rest)
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.LedgerCounts(t.Context())
		if d := cmp.Diff(map[string]int64{"events": 36, store.Forgotten: uses}, got); d != "" {
			t.Errorf("counts:\n%s", d)
		}
		return err
	})
}

// sheaves: what records came to waits until it is folded, once, and what is remembered of events lasts as long as is said.
func sheaves(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for range 2 {
		do(t, s, func(tx *store.Tx) error {
			for i, doc := range [][]byte{{1, 0}, {2}, nil} {
				if err := tx.AddSheaf(t.Context(), doc, noon().Add(time.Duration(i)*time.Second)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for version, want := range [][]byte{{1, 0}, {2}} {
		var taken []string
		look(t, s, func(tx *store.Tx) error {
			all, err := tx.Sheaves(t.Context(), 1)
			if len(all) != 1 || cmp.Diff(want, all[0].Doc) != "" {
				t.Fatalf("%v waits, want %v", all, want)
			}
			taken = append(taken, all[0].ID)
			return err
		})
		h := store.Harvest{Was: int64(version), Stamps: []byte{byte(version)}, Forget: int64(version) + 1, Taken: taken}
		do(t, s, func(tx *store.Tx) error { return tx.SaveLedger(t.Context(), h) })
	}
	look(t, s, func(tx *store.Tx) error {
		all, err := tx.Sheaves(t.Context(), 10)
		if err != nil || len(all) > 0 {
			t.Errorf("%v waits, %v", all, err)
		}
		stamps, err := tx.LedgerStamps(t.Context())
		if d := cmp.Diff([]store.Stamps{{Version: 2, Doc: []byte{1}}}, stamps); d != "" || err != nil {
			t.Errorf("stamps, %v:\n%s", err, d)
		}
		version, err := tx.LedgerVersion(t.Context())
		if version != 2 {
			t.Errorf("version %d, want 2", version)
		}
		return err
	})
}
