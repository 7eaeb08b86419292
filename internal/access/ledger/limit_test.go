package ledger_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
)

// total is how many uses a ledger tells of.
func total(l *ledger.Ledger) (n int) {
	for _, r := range l.Within(time.Time{}, time.Time{}).Rows() {
		n += r.Count
	}
	return n
}

func TestObjectsFoldToFoldersAndBuckets(t *testing.T) {
	l := ledger.New(ledger.Options{Leaves: 10})
	for i := range 100 {
		l.Add(get(fmt.Sprint("a", i), "", fmt.Sprintf("2026/%d.csv", i)).record())
		l.Add(get(fmt.Sprint("b", i), "", fmt.Sprintf("%d/x/y", i%10)).record())
	}
	want := []string{"arn:aws:s3:::shop/*"}
	if got := resources(l); cmp.Diff(want, got) != "" {
		t.Errorf("got %q, want %q: eleven folders are too many", got, want)
	}
	l = ledger.New(ledger.Options{Leaves: 10})
	for i := range 100 {
		l.Add(get(fmt.Sprint("a", i), "", fmt.Sprintf("2026/%d.csv", i)).record())
	}
	l.Add(get("b", "", "readme").record())
	want = []string{"arn:aws:s3:::shop/2026/*", "arn:aws:s3:::shop/readme"}
	if got := resources(l); cmp.Diff(want, got) != "" {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := l.Size(); s.Folded != 1 || s.Rows != 2 {
		t.Errorf("size %+v: the fold is not said", s)
	}
}

func resources(l *ledger.Ledger) (out []string) {
	for _, u := range l.Used(deploy) {
		out = append(out, u.Resource)
	}
	return out
}

// TestWordsAreForgotten: what a ledger holds grows with what is different after the fold, not before it.
func TestWordsAreForgotten(t *testing.T) {
	l := ledger.New(ledger.Options{Leaves: 100})
	for bucket := range 200 {
		for i := range 110 {
			c := get(fmt.Sprint(bucket, "/", i), "", fmt.Sprintf("%d", i))
			c.params = strings.Replace(c.params, "shop", fmt.Sprint("shop", bucket), 1)
			l.Add(c.record())
		}
	}
	if s := l.Size(); s.Rows != 200 || s.Words > 20_000 {
		t.Errorf("size %+v: want 200 rows and 20,000 words at most", s)
	}
	if got := total(l); got != 22_000 {
		t.Errorf("%d uses, want 22,000", got)
	}
}

// TestCaps: whatever the limits, every use is counted, and what was folded is said.
func TestCaps(t *testing.T) {
	cases := map[string]struct {
		o    ledger.Options
		want func(*ledger.Ledger) bool
	}{
		"rows by kind":    {ledger.Options{Rows: 500}, func(l *ledger.Ledger) bool { return l.Coarse().Rows == 1 && l.Counts().Beyond == 0 }},
		"rows by service": {ledger.Options{Rows: 60}, func(l *ledger.Ledger) bool { return l.Coarse().Rows >= 2 && l.Counts().Beyond == 0 }},
		"too many rows":   {ledger.Options{Rows: 3}, func(l *ledger.Ledger) bool { return l.Coarse().Rows == 3 && l.Counts().Beyond > 0 }},
		"months":          {ledger.Options{Days: 1500}, func(l *ledger.Ledger) bool { return l.Coarse().Days == 1 }},
		"no days":         {ledger.Options{Days: 300, Rows: 250}, func(l *ledger.Ledger) bool { return l.Coarse().Days == 2 }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l := ledger.New(c.o)
			for i := range 3000 {
				x := get(fmt.Sprint(i), fmt.Sprintf("2026-%02d-%02dT00:00:00Z", 1+i%7, 1+i/7%28), fmt.Sprint("k", i%7))
				x.params = strings.Replace(x.params, "shop", fmt.Sprint("shop", i%40), 1)
				if i%3 == 0 {
					x.who = fmt.Sprintf(`"type":"IAMUser","arn":"%s%d","accountId":"111122223333"`, ana, i%9)
				}
				l.Add(x.record())
			}
			if !c.want(l) {
				t.Errorf("folded to %+v, %+v, %+v", l.Coarse(), l.Counts(), l.Size())
			}
			if got := total(l); got != 3000 {
				t.Errorf("%d uses, want 3,000", got)
			}
			if s := l.Size(); c.o.Rows > 0 && s.Rows > c.o.Rows+1 || c.o.Days > 0 && s.Days > c.o.Days+1 {
				t.Errorf("size %+v is above its limit", s)
			}
			again := reread(t, l, c.o)
			if d := cmp.Diff(text(t, l), text(t, again)); d != "" {
				t.Errorf("written and read:\n%s", d)
			}
			again.Merge(ledger.New(ledger.Options{}))
			fresh := ledger.New(c.o)
			fresh.Merge(again)
			if got := total(fresh); got != 3000 || fresh.Coarse() != again.Coarse() || fresh.Counts().Beyond < again.Counts().Beyond {
				t.Errorf("merged into an empty one: %d uses, %+v, %+v", got, fresh.Coarse(), fresh.Counts())
			}
		})
	}
}

// TestRoots: people beyond the limit are told by their kind.
func TestRoots(t *testing.T) {
	l := ledger.New(ledger.Options{Roots: 3})
	for i := range 10 {
		l.Add(call{id: fmt.Sprint(i), source: "s3", name: "ListBuckets", who: fmt.Sprintf(`"type":"IAMUser","arn":"%s%d","accountId":"111122223333"`, ana, i)}.record())
	}
	stars := 0
	for _, r := range l.Within(time.Time{}, time.Time{}).Rows() {
		if r.Root.ID == "*" && r.Root.Human() {
			stars++
		}
	}
	if c := l.Counts(); c.Roots != 7 || stars != 7 {
		t.Errorf("%d roots are folded, %d are said, want 7", stars, c.Roots)
	}
}

// TestWindow: an event that comes again within the window does not count, one that comes later does.
func TestWindow(t *testing.T) {
	l := ledger.New(ledger.Options{Window: 10})
	for _, i := range []int{1, 2, 3, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1} {
		l.Add(get(fmt.Sprint(i), "", "a").record())
	}
	if c := l.Counts(); c.Left[ledger.Duplicate] != 1 || c.Kept != 16 {
		t.Errorf("got %+v", c)
	}
}

// TestLongNames: a name that is longer than any is cut or folded, and costs no memory.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	l := fold(ledger.Options{},
		get("1", "", long), get("2", "", long+"/"+long),
		call{id: "3", source: "sqs", name: "SendMessage", params: `{"queueUrl":"` + long + `"}`},
		call{id: "4", source: "s3", name: long},
		call{id: "5", source: "s3", name: "ListBuckets", who: `"type":"IAMUser","arn":"` + long + `"`},
	)
	var b bytes.Buffer
	for _, r := range l.Within(time.Time{}, time.Time{}).Rows() {
		fmt.Fprintln(&b, r)
	}
	if b.Len() > 5000 || l.Counts().Kept != 4 || l.Counts().Left[ledger.NoName] != 1 {
		t.Errorf("%d bytes: %+v", b.Len(), l.Counts())
	}
}

// TestSize: a ledger grows with what is different, not with events.
func TestSize(t *testing.T) {
	sizes := map[int]ledger.Size{}
	for _, n := range []int{500, 5000} {
		l := ledger.New(ledger.Options{})
		for i := range n {
			l.Add(get(fmt.Sprint(i), fmt.Sprintf("2026-03-0%dT10:00:00Z", 1+i%5), fmt.Sprint(i%50)).record())
		}
		sizes[n] = l.Size()
	}
	if sizes[500] != sizes[5000] || sizes[500].Rows != 50 || sizes[500].Days != 50 {
		t.Errorf("got %+v", sizes)
	}
}
