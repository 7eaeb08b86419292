package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
)

// piece is a part that remembers, and is full after a few events.
type piece struct {
	seen
	quick int
	most  int
}

func (p *piece) Record(r *event.Record, origin event.Origin) error {
	e, err := cloudtrail.Parse(bytes.Clone(r.Raw), origin)
	if err != nil {
		return err
	}
	p.quick++
	return p.Event(e)
}

func (p *piece) Full() bool { return len(p.ids) >= p.most }

// spread reads the paths in parts and joins them again.
func spreadOver(t *testing.T, o Options, most int, paths ...string) (seen, int, Stats) {
	t.Helper()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var all seen
	quick := 0
	stats, err := Spread(t.Context(), paths, o, func() *piece { return &piece{most: most} }, func(p *piece) error {
		all.ids, all.events = append(all.ids, p.ids...), append(all.events, p.events...)
		all.dead, all.skipped = append(all.dead, p.dead...), append(all.skipped, p.skipped...)
		quick += p.quick
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, quick, stats
}

// same holds what many workers read at one go against what one worker streams.
func same(t *testing.T, paths ...string) (quick int) {
	t.Helper()
	var want seen
	wantStats, err := Walk(t.Context(), paths, Options{}, &want)
	if err != nil {
		t.Fatal(err)
	}
	got, quick, stats := spreadOver(t, Options{}, 3, paths...)
	if d := cmp.Diff(want.ids, got.ids); d != "" {
		t.Errorf("events (-streamed +spread):\n%s", d)
	}
	for i := range min(len(want.events), len(got.events)) {
		if w, g := want.events[i], got.events[i]; w.Origin != g.Origin || !bytes.Equal(w.Raw, g.Raw) {
			t.Errorf("event %d is %s, want %s", i, g.Origin, w.Origin)
		}
	}
	plain := func(all []source.DeadLetter) (out []string) {
		for _, d := range all {
			out = append(out, fmt.Sprintf("%s: %s: %q of %d", d.Origin, d.Reason, d.Bytes, d.Size))
		}
		return out
	}
	if d := cmp.Diff(plain(want.dead), plain(got.dead)); d != "" {
		t.Errorf("dead letters (-streamed +spread):\n%s", d)
	}
	if d := cmp.Diff(want.skipped, got.skipped); d != "" {
		t.Errorf("skipped (-streamed +spread):\n%s", d)
	}
	if d := cmp.Diff(wantStats, stats); d != "" {
		t.Errorf("stats (-streamed +spread):\n%s", d)
	}
	return quick
}

func TestSpreadFindsWhatWalkFinds(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a/1.json", []byte(records(1, 2, 3, 4, 5, 6, 7)))
	put(t, dir, "a/2.json.gz", gz(t, records(11, 12)))
	put(t, dir, "a/3.txt", []byte("nothing"))
	put(t, dir, "b/4.jsonl", []byte(record(21)+"\n"+record(22)+"\n"))
	put(t, dir, "b/5.json", []byte(`{"Records":[`+record(31)+`,{"eventID":7},`+strings.Replace(record(32), "alice", "zoé", 1)+`,{"x":1}, `+record(33)+"\n ] }"))
	put(t, dir, "b/6.json.gz", gz(t, records(41, 42))[:60])
	put(t, dir, "c/7.json", []byte(`{"Records":[]}`))
	put(t, dir, "c/CloudTrail-Digest/8.json", []byte(records(51)))
	put(t, dir, "c/9.json.gz", append(gz(t, `{"Records":[`+record(61)+`,`), gz(t, record(62)+`]}`)...))
	if quick := same(t, dir); quick < 13 {
		t.Errorf("only %d records were taken where they lie", quick)
	}
}

// FuzzWhole: whatever is in a file, reading it at one go finds what streaming it finds.
func FuzzWhole(f *testing.F) {
	for _, s := range []string{
		records(1, 2), `{"Records":[` + record(1) + ` , ` + record(2) + `] , "x":[1,{"a":2}]}`, `{"Records":[` + record(1) + record(2) + `]}`, `{"Records":[` + record(1),
		`{"Records":[` + record(1) + `,]}`, `{"Records":[` + record(1) + "\n,\n" + record(2)[:80] + `,` + record(3) + `]}` + record(4), `{"Records":[` + record(1) + `],"Records":[` + record(2) + `]}`,
		`{"Records":[{},` + record(1) + `,null,7,"x"]}`, `{"Records":[` + record(1) + `}`, `{"Records":[` + record(1) + "]}\x00",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		name := filepath.Join(t.TempDir(), "a.json")
		if err := os.WriteFile(name, in, 0o600); err != nil {
			t.Fatal(err)
		}
		same(t, name)
	})
}

// The first error, of a sink or of who takes the parts, ends everything and is the one that is given.
func TestSpreadStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	for i := range 100 {
		put(t, dir, fmt.Sprintf("%03d.json", i), []byte(records(slices.Repeat([]int{i}, 50)...)))
	}
	full := errors.New("disk full")
	calls := 0
	_, err := Spread(t.Context(), []string{dir}, Options{}, func() *piece { return &piece{most: 7} }, func(*piece) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
	_, err = Spread(t.Context(), []string{dir}, Options{}, func() *piece { return &piece{seen: seen{fail: full}, most: 7} }, func(*piece) error { return nil })
	if !errors.Is(err, full) {
		t.Errorf("a sink's error: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Spread(ctx, []string{dir}, Options{}, func() *piece { return &piece{most: 7} }, func(*piece) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the context: %v", err)
	}
}

func TestSpreadTellsTheProgress(t *testing.T) {
	dir := t.TempDir()
	size := int64(0)
	for i := range 5 {
		b := gz(t, records(i))
		size += int64(len(b))
		put(t, dir, fmt.Sprintf("%d.json.gz", i), b)
	}
	last, total := int64(0), int64(0)
	spreadOver(t, Options{Progress: func(read, of int64) { last, total = read, of }}, 10, dir)
	if last != size || total != size {
		t.Errorf("it ends at %d of %d, want %d", last, total, size)
	}
}
