package file

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"jobzero/internal/event"
	"jobzero/internal/source"
)

// most is how much more heap a reading may hold than before it: a few records' limits and the decompressor.
const most = 16 << 20

// watched is a stream that measures the heap while it is read.
type watched struct {
	in          io.Reader
	start, peak uint64
	read, next  int64
}

func watch(in io.Reader) *watched {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return &watched{in: in, start: m.HeapAlloc}
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.in.Read(b)
	if w.read += int64(n); w.read >= w.next {
		w.next = w.read + 4<<20
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	return n, err
}

func (w *watched) check(t *testing.T) {
	t.Helper()
	if w.peak > w.start+most {
		t.Errorf("the heap grew by %d bytes", w.peak-w.start)
	}
}

// many repeats text until about n bytes are out.
func many(text string, n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 1<<20)
		for out := 0; out < n; out += len(text) {
			if _, err := b.WriteString(text); err != nil {
				return // the reader has enough
			}
		}
		_ = b.Flush()
		_ = w.Close()
	}()
	return r
}

func readAll(t *testing.T, in io.Reader, place string, o Options) (*seen, Stats) {
	t.Helper()
	s := &seen{}
	o.Now = now
	stats, err := Read(t.Context(), in, place, o, s)
	if err != nil {
		t.Fatal(err)
	}
	return s, stats
}

// TestHugeRecords: a hundred megabytes in one place cost one dead letter and a few megabytes of memory, and the next record is read.
func TestHugeRecords(t *testing.T) {
	sizes := map[string]int{"a line, a record": 100 << 20, "before the records": 40 << 20}
	open, shut, _ := strings.Cut(record(1), `"e-1"`)
	for name, c := range map[string]struct{ before, unit, after, want string }{
		"a line, a record":     {open + `"e-1","pad":"`, "xxxxxxxxxxxxxxxx", `"` + shut + "\n" + record(2) + "\n", "more than the limit of 1048576"},
		"a line, padded first": {`{"pad":"`, "xxxxxxxxxxxxxxxx", `","eventID":"1","eventName":"A"}` + "\n" + record(2) + "\n", "more than the limit"},
		"a line, unknown":      {`{"pad":"`, "xxxxxxxxxxxxxxxx", `"}` + "\n" + record(2) + "\n", "more than the limit"},
		"a line, no JSON":      {``, "xxxxxxxxxxxxxxxx", "\n" + record(2) + "\n", "not JSON"},
		"a line, no end":       {record(2) + "\n" + open, "xxxxxxxxxxxxxxxx", "", "it was cut"},
		"an element":           {`{"Records":[{"pad":[`, `{"k":"vvvvvvvv"},`, `0]},` + record(2) + `]}`, "more than the limit"},
		"before the records":   {`{"pad":"`, "xxxxxxxxxxxxxxxx", `","Records":[` + record(2) + `]}`, ""},
		"brackets":             {record(2) + "\n{\"pad\":", `[[[[[[[[[[[[[[[[`, "", "brackets nest deeper than 1048576 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			size := cmp.Or(sizes[name], 8<<20)
			w := watch(io.MultiReader(strings.NewReader(c.before), many(c.unit, size), strings.NewReader(c.after)))
			s, stats := readAll(t, w, "big.jsonl", Options{})
			w.check(t)
			if len(s.ids) != 1 || s.ids[0] != "e-2" {
				t.Errorf("events %q", s.ids)
			}
			if c.want == "" {
				if len(s.dead) != 0 {
					t.Errorf("dead letters %q", s.letters())
				}
				return
			}
			if len(s.dead) != 1 || !strings.Contains(s.dead[0].Reason, c.want) || len(s.dead[0].Bytes) != source.MaxDeadBytes {
				t.Fatalf("dead letters %q", s.letters())
			}
			if name != "brackets" && s.dead[0].Size < int64(size) {
				t.Errorf("its size is told as %d", s.dead[0].Size)
			}
			if stats.BytesJSON == 0 {
				t.Error("no bytes counted")
			}
		})
	}
}

// packed is the stream as gzip.
func packed(in io.Reader) io.Reader {
	r, w := io.Pipe()
	go func() {
		z := gzip.NewWriter(w)
		_, err := io.Copy(z, in)
		if err == nil {
			err = z.Close()
		}
		_ = w.CloseWithError(err)
	}()
	return r
}

// TestBombs: what grows without measure is given up, with one dead letter, after the records before it.
func TestBombs(t *testing.T) {
	before := record(1) + "\n"
	for name, c := range map[string]struct {
		in   io.Reader
		o    Options
		want string
	}{
		"ratio":  {packed(io.MultiReader(strings.NewReader(before+`{"eventID":"`), many(strings.Repeat("x", 1<<16), 100<<20))), Options{MaxRatio: 500}, "more than 500 to one"},
		"spaces": {packed(io.MultiReader(strings.NewReader(before), many(strings.Repeat(" ", 1<<16), 40<<20))), Options{MaxRatio: 500, RatioAfter: 8 << 20}, "more than 500 to one"},
		"size":   {packed(io.MultiReader(strings.NewReader(before), many(before, 8<<20))), Options{MaxBytes: 1 << 20}, "More than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(c.in)
			s, stats := readAll(t, w, "bomb.json.gz", c.o)
			w.check(t)
			if len(s.ids) == 0 || len(s.dead) != 1 || !strings.Contains(s.dead[0].Reason, c.want) {
				t.Errorf("%d events, dead letters %q", len(s.ids), s.letters())
			}
			if stats.BytesJSON > 100<<20 {
				t.Errorf("%d bytes were decompressed", stats.BytesJSON)
			}
		})
	}
}

// TestZipBomb: the members of one archive share one limit, and the file behind it is read.
func TestZipBomb(t *testing.T) {
	dir := t.TempDir()
	line := record(1) + "\n"
	put(t, dir, "a.zip", zipped(t, "1.jsonl", strings.Repeat(line, 1000), "2.jsonl", strings.Repeat(line, 1000), "3.jsonl", strings.Repeat(line, 1000)))
	put(t, dir, "b.json", []byte(records(2)))
	s, _ := walk(t, Options{MaxBytes: int64(1500 * len(line))}, dir)
	if n := len(s.ids); n < 1400 || n > 1502 || s.ids[n-1] != "e-2" {
		t.Errorf("%d events, the last %s", n, s.ids[n-1])
	}
	if len(s.dead) != 2 {
		t.Errorf("dead letters %q", s.letters())
	}
}

// TestCutInTheMiddle: a gzip cut anywhere gives the records before the cut and one dead letter.
func TestCutInTheMiddle(t *testing.T) {
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintln(&lines, strings.Replace(record(i), "alice", fmt.Sprintf("user-%x", uint32(i)*2654435761), 1))
	}
	whole := gz(t, lines.String())
	for cut := len(whole) / 3; cut < len(whole); cut += len(whole)/10 + 1 {
		s, _ := readAll(t, strings.NewReader(string(whole[:cut])), "cut.jsonl.gz", Options{})
		if len(s.dead) != 1 || !strings.Contains(s.dead[0].Reason, "unexpected EOF") {
			t.Errorf("cut at %d: dead letters %q", cut, s.letters())
		}
		if want := 2000 * cut / len(whole) / 2; len(s.ids) < want {
			t.Errorf("cut at %d of %d: only %d events", cut, len(whole), len(s.ids))
		}
		for i, id := range s.ids {
			if id != fmt.Sprintf("e-%d", i) {
				t.Fatalf("event %d is %s", i, id)
			}
		}
	}
}

// TestMemoryDoesNotGrow reads 40 MB of good records.
func TestMemoryDoesNotGrow(t *testing.T) {
	w := watch(io.MultiReader(strings.NewReader(`{"Records":[`), many(record(1)+",\n", 40<<20), strings.NewReader(record(2)+"]}")))
	n := counter{}
	stats, err := Read(t.Context(), w, "long.json", Options{}, n)
	if err != nil || stats.DeadLetters != 0 || stats.Events < 100_000 {
		t.Errorf("%v, %+v", err, stats)
	}
	w.check(t)
}

// counter is a sink that keeps nothing.
type counter struct{}

func (counter) Event(*event.Event) error           { return nil }
func (counter) DeadLetter(source.DeadLetter) error { return nil }
func (counter) Skipped(string, string)             {}

// FuzzRead: any bytes under any name end, and lose nothing without a word.
func FuzzRead(f *testing.F) {
	for _, s := range []string{records(1), record(1) + "\n" + record(2), "hello", "\x1f\x8b", "PK\x03\x04", `[`, `{"Records":[5]}`} {
		f.Add([]byte(s), "a.json")
	}
	f.Add(gz(f, records(1)), "b.gz")
	f.Fuzz(func(t *testing.T, in []byte, name string) {
		path := filepath.Join(t.TempDir(), "in"+strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r == '.' {
				return r
			}
			return -1
		}, name[:min(len(name), 50)]))
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		s := &seen{}
		stats, err := Walk(t.Context(), []string{path}, Options{MaxBytes: 1 << 20}, s)
		if err != nil {
			t.Fatal(err)
		}
		if stats.Files+stats.FilesSkipped+stats.DeadLetters == 0 {
			t.Errorf("nobody hears of %q", in)
		}
		for _, d := range s.dead {
			if len(d.Bytes) > source.MaxDeadBytes || d.Reason == "" {
				t.Errorf("a dead letter of %d bytes, reason %q", len(d.Bytes), d.Reason)
			}
		}
	})
}
