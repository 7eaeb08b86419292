package cloudtrail

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
	"jobzero/internal/testcorpus"
)

// compact is the sample as AWS writes it.
func compact() []byte { return rawjson.Compact(nil, []byte(sample)) }

// agree holds the quick reader against the careful one.
func agree(t *testing.T, in []byte) (quick bool) {
	t.Helper()
	var r event.Record
	var q Quick
	q.Reset(in)
	end := q.Record(0, &r)
	if end < 0 {
		return false
	}
	e, err := Parse(in[:end], event.Origin{})
	if err != nil {
		t.Fatalf("Quick takes what Parse refuses: %v: %q", err, in[:end])
	}
	if taken, err := Take(r, event.Origin{}); err != nil || !sameEvent(taken, e) {
		t.Fatalf("taken as it lies: %+v, %v; want %+v", taken, err, e)
	}
	careful := e.Record()
	for s := range event.Slot(len(slots())) {
		if !bytes.Equal(r.Get(s), careful.Get(s)) {
			t.Fatalf("%s is %q, want %q: %q", s, r.Get(s), careful.Get(s), in)
		}
		if r.Knows(s) != careful.Knows(s) {
			t.Fatalf("Knows %s is %v, want %v: %q", s, r.Knows(s), careful.Knows(s), in)
		}
	}
	if r.Complete() != careful.Complete() {
		t.Fatalf("Complete is %v, want %v: %q", r.Complete(), careful.Complete(), in)
	}
	return true
}

// sameEvent compares what is in two events, but for how their records were found.
func sameEvent(a, b *event.Event) bool {
	return cmp.Equal(a, b, cmpopts.IgnoreUnexported(event.Event{}))
}

// slots counts the slots that have a name.
func slots() (all []event.Slot) {
	for s := event.Slot(0); ; s++ {
		if s > event.IdentityIssuerName {
			return all
		}
		all = append(all, s)
	}
}

func TestQuickTakesWhatAWSWrites(t *testing.T) {
	if !agree(t, compact()) {
		t.Error("the quick reader refuses a plain record")
	}
	for _, change := range [][2]string{
		{`"eventTime":"2024-08-01T13:29:57Z"`, `"eventTime":"2024-02-30T13:29:57Z"`},
		{`"eventTime":"2024-08-01T13:29:57Z"`, `"eventTime":7`},
		{`"eventID":`, `"noID":`},
		{`"eventName":"PutBucketPolicy"`, `"eventName":"PutBucketPolicy","eventName":"x"`},
		{`"type":"AssumedRole"`, `"type":{}`},
		{`"arn":"arn:aws:iam::444455556666:role/ops"`, `"arn":"a","arn":"b"`},
		{`"recipientAccountId":"111122223333"`, `"recipientAccountId":"111122223333x"`},
		{`"readOnly":false`, `"readOnly":"false"`},
		{`"eventName"`, `"event\u004Eame"`},
		{`"resources":[`, `"resources":[7,`},
	} {
		in := strings.Replace(string(compact()), change[0], change[1], 1)
		if in == string(compact()) {
			t.Fatalf("%s is not in the sample", change[0])
		}
		if agree(t, []byte(in)) {
			t.Errorf("the quick reader takes %s", change[1])
		}
	}
}

// FuzzQuick: whatever Quick takes, Parse takes too, with the same members.
func FuzzQuick(f *testing.F) {
	f.Add(compact())
	f.Add([]byte(sample))
	f.Add([]byte(`{"eventID":"1","eventName":"a","eventSource":"b","eventTime":"2024-08-01T13:29:57Z","recipientAccountId":"111122223333","a.b":1,"x":{}}`))
	f.Add([]byte(strings.Replace(string(compact()), `"userIdentity":{`, `"userIdentity":{"sessionContext":null,"x.y":2,`, 1)))
	f.Fuzz(func(t *testing.T, in []byte) { agree(t, in) })
}

// TestQuickOnTheCorpus counts how many real records are plain: if it were few, the quick reader were quick for nothing.
func TestQuickOnTheCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testcorpus.Path(t, "invictus-cloudtrail"), "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all, plain := 0, 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		records := rawjson.Value(nil)
		for it := rawjson.Over(bytes.TrimSpace(b)); it.Next(); {
			if string(it.Name) == "Records" {
				records = it.Value
			}
		}
		for it := rawjson.Over(records); it.Next(); {
			all++
			if agree(t, it.Value) {
				plain++
			}
		}
	}
	t.Logf("%d of %d records are plain", plain, all)
	if all > 0 && plain*10 < all*9 {
		t.Errorf("only %d of %d records are plain", plain, all)
	}
}

func BenchmarkQuick(b *testing.B) {
	record := compact()
	b.SetBytes(int64(len(record)))
	var r event.Record
	var q Quick
	for b.Loop() {
		q.Reset(record)
		if q.Record(0, &r) < 0 {
			b.Fatal("not plain")
		}
	}
}
