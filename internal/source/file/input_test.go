package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
)

// shelf is streams in memory.
type shelf struct {
	places []string
	bytes  map[string][]byte
	breaks map[string]int // how often the connection breaks before it does not
	mu     sync.Mutex
	opened map[string]int
	gone   string
}

func (s *shelf) put(place string, b []byte) { s.places = append(s.places, place); s.bytes[place] = b }

func newShelf() *shelf {
	return &shelf{bytes: map[string][]byte{}, breaks: map[string]int{}, opened: map[string]int{}}
}

func (s *shelf) streams(_ context.Context, found func(Stream) error) error {
	for _, place := range s.places {
		err := found(Stream{place, int64(len(s.bytes[place])), func(context.Context) (io.ReadCloser, error) {
			if place == s.gone {
				return nil, fault.New(fault.NotFound, "it is gone")
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.opened[place]++
			in := io.Reader(bytes.NewReader(s.bytes[place]))
			if s.opened[place] <= s.breaks[place] {
				in = io.MultiReader(io.LimitReader(in, 10), reset{})
			}
			return io.NopCloser(in), nil
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

var errBroken = errors.New("connection reset")

type reset struct{}

func (reset) Read([]byte) (int, error) { return 0, errBroken }

// What lies elsewhere is read as the same bytes on disk are.
func TestStreamsAreReadAsFilesAre(t *testing.T) {
	dir, s := t.TempDir(), newShelf()
	for name, b := range map[string][]byte{
		"1.json.gz": gz(t, records(1, 2)), "2.json": []byte(records(3)), "3.json.gz": gz(t, records(4, 5))[:70], "4.json": []byte(`{"Records":[{"eventID":7}]}`),
		"5.json": nil, "6.json.gz": gz(t, records(6)+strings.Repeat(" ", wholeJSON)), "7.jsonl": []byte(record(7) + "\n"),
	} {
		put(t, dir, name, b)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 7 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s.put(name, b)
	}
	var got, want seen
	collect := func(into *seen, in []Input) Stats {
		stats, err := SpreadInputs(t.Context(), in, Options{Workers: 3}, func() *piece { return &piece{most: 4} }, func(p *piece) error {
			into.events, into.dead, into.skipped = append(into.events, p.events...), append(into.dead, p.dead...), append(into.skipped, p.skipped...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return stats
	}
	a, b := collect(&got, []Input{{Path: "shelf", Streams: s.streams}}), collect(&want, Paths(dir))
	lines := func(s *seen) (out []string) {
		for _, e := range s.events {
			out = append(out, e.Origin.String()+" "+string(e.Raw))
		}
		return append(append(out, s.letters()...), s.skipped...)
	}
	if d := cmp.Diff(lines(&want), lines(&got)); d != "" {
		t.Errorf("(-disk +elsewhere)\n%s", d)
	}
	if d := cmp.Diff(b, a); d != "" {
		t.Errorf("the counts (-disk +elsewhere)\n%s", d)
	}
}

// A connection that breaks is tried again; what stays broken ends the reading, and what is gone is a dead letter.
func TestStreamsThatBreak(t *testing.T) {
	run := func(s *shelf) (seen, error) {
		var out seen
		_, err := SpreadInputs(t.Context(), []Input{{Path: "shelf", Streams: s.streams}}, Options{Workers: 1}, func() *piece { return &piece{most: 4} }, func(p *piece) error {
			out.events, out.dead = append(out.events, p.events...), append(out.dead, p.dead...)
			return nil
		})
		return out, err
	}
	s := newShelf()
	s.put("a.json", []byte(records(1)))
	s.breaks["a.json"] = tries - 1
	if out, err := run(s); err != nil || len(out.events) != 1 {
		t.Errorf("after a break: %d events, %v", len(out.events), err)
	}
	s.opened["a.json"], s.breaks["a.json"] = 0, tries
	if _, err := run(s); !fault.Is(err, fault.Unavailable) || !errors.Is(err, errBroken) {
		t.Errorf("a connection that stays broken: %v", err)
	}
	s.gone = "a.json"
	if out, err := run(s); err != nil || len(out.dead) != 1 {
		t.Errorf("gone: %v, %v", out.dead, err)
	}
	large := newShelf()
	large.put("b.json", append([]byte(records(1)), bytes.Repeat([]byte(" "), wholePacked)...))
	large.breaks["b.json"] = 1
	if _, err := run(large); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a large object whose connection breaks: %v", err)
	}
}

// What is left out costs nothing and is not told; what was named is read.
func TestLeave(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a/1.json", []byte(records(1)))
	put(t, dir, "b/2.json", []byte(records(2)))
	o := Options{Leave: func(p string) bool { return strings.HasSuffix(p, "/a") || strings.HasSuffix(p, "2.json") }}
	for _, c := range []struct {
		path string
		want int64
	}{{dir, 0}, {filepath.Join(dir, "a"), 1}, {filepath.Join(dir, "b", "2.json"), 1}, {filepath.Join(dir, "b"), 0}} {
		stats, err := Spread(t.Context(), []string{c.path}, o, func() *piece { return &piece{most: 4} }, func(*piece) error { return nil })
		if err != nil || stats.Events != c.want || stats.FilesSkipped != 0 {
			t.Errorf("%s: %+v, %v", c.path, stats, err)
		}
	}
}
