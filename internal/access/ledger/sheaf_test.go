package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
)

// sheafOf reads calls into a sheaf.
func sheafOf(calls ...call) *ledger.Sheaf {
	d, s := ledger.NewReader(nil), &ledger.Sheaf{Left: map[ledger.Reason]int64{}}
	for _, c := range calls {
		if e, why := d.Read(c.record()); why == ledger.Kept {
			s.Entries = append(s.Entries, e)
		} else {
			s.Left[why]++
		}
	}
	return s
}

// TestSheaf: what was packed folds to the ledger that the records fold to, and its facts make that ledger again.
func TestSheaf(t *testing.T) {
	var calls []call
	for i := range 200 {
		calls = append(calls, get(fmt.Sprint(i), fmt.Sprintf("2026-03-%02dT10:00:00Z", 1+i%5), fmt.Sprintf("a/%d", i%90)))
	}
	calls = append(calls, call{id: "x", source: "s3", name: "GetObject", more: `,"eventType":"AwsServiceEvent"`}, call{id: "long", source: "s3", name: "GetObject", params: `{"bucketName":"b","key":"` + strings.Repeat("k", 3000) + `"}`})
	doc, err := sheafOf(calls...).Pack()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Unpack(doc)
	if err != nil {
		t.Fatal(err)
	}
	want, got := fold(ledger.Options{}, calls...), ledger.New(ledger.Options{})
	memory := ledger.NewMemory(1000)
	for range 2 { // twice is once
		for i := range again.Entries {
			if memory.First(&again.Entries[i]) {
				got.Take(&again.Entries[i])
			}
		}
	}
	for why, n := range again.Left {
		got.Leave(why, n)
	}
	if d := cmp.Diff(text(t, want), text(t, got)); d != "" {
		t.Errorf("packed, it folds to another ledger:\n%s", d)
	}
	facts := got.Facts()
	slices.Reverse(facts)
	put := ledger.New(ledger.Options{})
	for _, f := range facts {
		if err := put.Put(f); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want.Facts(), put.Facts()); d != "" {
		t.Errorf("of its facts comes another ledger:\n%s", d)
	}
	if doc, err := (&ledger.Sheaf{}).Pack(); err != nil || doc != nil {
		t.Errorf("nothing comes to %d bytes, %v", len(doc), err)
	}
	later := ledger.NewMemory(1000)
	if err := later.Load(memory.Fresh()); err != nil || later.First(&again.Entries[0]) || later.Load([]byte{1}) == nil {
		t.Errorf("what is remembered is not what was kept: %v", err)
	}
	if put.Put(ledger.Fact{}) == nil {
		t.Error("a fact of nothing is taken")
	}
}

// FuzzUnpack: whatever the bytes are, what is read can be folded, and its facts be put.
func FuzzUnpack(f *testing.F) {
	doc, err := sheafOf(get("1", "2026-03-01T10:00:00Z", "a"), call{id: "2", source: "iam", name: "CreateUser"}).Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(doc)
	f.Add([]byte{})
	f.Add([]byte("\x00\x0a\x00\xf5\xff{\"e\":null}"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, err := ledger.Unpack(doc)
		if err != nil {
			return
		}
		l := ledger.New(ledger.Options{})
		for i := range s.Entries {
			l.Take(&s.Entries[i])
		}
		for _, x := range l.Facts() {
			if err := ledger.New(ledger.Options{}).Put(x); err != nil {
				t.Errorf("%+v: %v", x, err)
			}
		}
	})
}
