package digest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// day is when everything happens.
var day = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func at(hour int) time.Time { return day.Add(time.Duration(hour) * time.Hour) }

// world is a bucket with one trail: digests end at 1 to 6 o'clock, two log files in each hour but the third.
type world struct {
	*digesttest.Bucket
	trail   *digesttest.Trail
	digests []string   // by the hour of their end
	files   [][]string // likewise
	o       digest.Options
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	b := digesttest.New("trails")
	b.Prefix = "prod/"
	w := &world{Bucket: b, trail: &digesttest.Trail{Bucket: b, Account: "111122223333", Region: "eu-west-1", Name: "main_trail", Key: digesttest.Key()}}
	w.digests, w.files = make([]string, 1), make([][]string, 1)
	for hour := 1; hour <= 6; hour++ {
		var logs []string
		if hour != 3 {
			logs = []string{fmt.Sprintf(`{"Records":[%d]}`, hour), fmt.Sprintf(`{"Records":[%d,0]}`, hour)}
		}
		w.add(w.trail.Hour(at(hour), logs...))
	}
	w.o.Keys = keysOf(tb, digesttest.Listed(digesttest.Key()))
	return w
}

// add notes a digest and its log files by the next number.
func (w *world) add(key string, files []string) {
	w.digests, w.files = append(w.digests, key), append(w.files, files)
}

func keysOf(tb testing.TB, text []byte) digest.Keys {
	tb.Helper()
	k := digest.Keys{}
	if err := k.Read("keys", text); err != nil {
		tb.Fatal(err)
	}
	return k
}

// reports verifies the world.
func (w *world) reports(t *testing.T) []*digest.Report {
	t.Helper()
	var all []*digest.Report
	if err := digest.Verify(t.Context(), w, w.o, func(r *digest.Report) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if d := r.Digests; d.Found != d.Signed+d.Linked+d.Unknown+d.Wrong {
			t.Errorf("digests do not add up: %+v", d)
		}
		if l := r.Logs; l.Listed != l.Verified+l.Unknown+l.Wrong {
			t.Errorf("log files do not add up: %+v", l)
		}
	}
	return all
}

// report verifies the world of one region.
func (w *world) report(t *testing.T) *digest.Report {
	t.Helper()
	all := w.reports(t)
	if len(all) != 1 {
		t.Fatalf("%d reports, want one", len(all))
	}
	return all[0]
}

// rewrite changes a digest's text, without signing it.
func (w *world) rewrite(t *testing.T, key, from, to string) {
	t.Helper()
	text := string(digesttest.Unpack(w.Objects[key]))
	if !strings.Contains(text, from) {
		t.Fatalf("%s does not hold %q: the attack hits nothing", key, from)
	}
	w.Objects[key] = digesttest.Pack([]byte(strings.ReplaceAll(text, from, to)))
}

// short are a report's problems: kind and hour or name of the file.
func (w *world) short(r *digest.Report) []string {
	out := []string{}
	for _, p := range r.Problems {
		file := p.File[strings.LastIndexByte(p.File, '/')+1:]
		if i := slices.Index(w.digests, p.File); i > 0 {
			file = fmt.Sprintf("digest %d", i)
		}
		for hour, files := range w.files {
			if i := slices.Index(files, p.File); i >= 0 {
				file = fmt.Sprintf("log %d.%d", hour, i)
			}
		}
		if p.Count > 1 {
			file += fmt.Sprintf(" ×%d", p.Count)
		}
		out = append(out, string(p.Kind)+": "+file)
	}
	slices.Sort(out)
	return out
}

func TestAllIsProven(t *testing.T) {
	w := newWorld(t)
	r := w.report(t)
	want := &digest.Report{
		Account: "111122223333", Region: "eu-west-1", Trails: []string{"main_trail of us-east-1"}, From: day, To: at(6),
		Digests: digest.Digests{Found: 6, Signed: 6, Empty: 1}, Logs: digest.Logs{Listed: 10, Verified: 10},
		Problems: []digest.Problem{{
			Class: digest.Note, Kind: digest.Start, File: w.digests[1], Count: 1, Text: "validation of the trail main_trail of us-east-1 begins at 2026-03-01T00:00:00Z",
		}},
	}
	if d := cmp.Diff(want, r, ignore()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// ignore leaves out what a report keeps to itself.
func ignore() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && strings.ToLower(f.Name()[:1]) == f.Name()[:1]
	}, cmp.Ignore())
}

// TestCopy: a copy has lost the metadata. All but the newest digest are proven by the one after them; the newest is unknown, and
// so are the log files that only it lists.
func TestCopy(t *testing.T) {
	w := newWorld(t)
	clear(w.Signatures)
	r := w.report(t)
	if d := cmp.Diff(digest.Digests{Found: 6, Signed: 5, Unknown: 1, Empty: 1}, r.Digests); d != "" {
		t.Errorf("digests (-want +got)\n%s", d)
	}
	if d := cmp.Diff(digest.Logs{Listed: 10, Verified: 8, Unknown: 2}, r.Logs); d != "" {
		t.Errorf("log files (-want +got)\n%s", d)
	}
	if d := cmp.Diff([]string{"log-unproven: log 6.0 ×2", "signature-absent: digest 6", "start: digest 1"}, w.short(r)); d != "" {
		t.Errorf("problems (-want +got)\n%s", d)
	}
	if r.Wrong != 0 || r.Unknown != 2 {
		t.Errorf("%d wrong, %d unknown", r.Wrong, r.Unknown)
	}
}

// TestLinked: the keys of the older digests are not there, but the newer ones, which are proven, hold their hashes.
func TestLinked(t *testing.T) {
	w := newWorld(t)
	w.trail.Key = digesttest.NewKey()
	w.add(w.trail.Hour(at(7), "{}"))
	w.o.Keys = keysOf(t, digesttest.Listed(w.trail.Key))
	r := w.report(t)
	if d := cmp.Diff(digest.Digests{Found: 7, Signed: 1, Linked: 6, Empty: 1}, r.Digests); d != "" || r.Logs.Verified != 11 || r.Wrong+r.Unknown > 0 {
		t.Errorf("%+v\n%s", r, d)
	}
	w.Objects[w.digests[4]] = digesttest.Pack(append(digesttest.Unpack(w.Objects[w.digests[4]]), ' '))
	r = w.report(t)
	if got := w.short(r); !slices.Contains(got, "digest-changed: digest 4") || !slices.Contains(got, "key-unknown: digest 3 ×3") {
		t.Errorf("%q", got)
	}
}

func TestNoKeys(t *testing.T) {
	w := newWorld(t)
	w.o.Keys = nil
	r := w.report(t)
	if d := cmp.Diff([]string{"key-unknown: digest 6 ×6", "log-unproven: log 6.0 ×10", "start: digest 1"}, w.short(r)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if r.Digests.Unknown != 6 || r.Logs.Unknown != 10 || r.Wrong != 0 || r.Unknown != 2 {
		t.Errorf("%+v", r)
	}
}

// garbled is a world whose metadata cannot be used.
type garbled struct{ *world }

func (g garbled) Open(ctx context.Context, key string) (*digest.Content, error) {
	c, err := g.world.Open(ctx, key)
	if err == nil && key == g.digests[6] {
		c.Metadata = digest.Metadata{Error: "no JSON"}
	}
	return c, err
}

func TestGarbledMetadata(t *testing.T) {
	w := newWorld(t)
	var got *digest.Report
	if err := digest.Verify(t.Context(), garbled{w}, w.o, func(r *digest.Report) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(join([]string{"log-unproven: log 6.0 ×2", "metadata-wrong: digest 6", "signature-absent: digest 6"}, begin), w.short(got)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestSources: an account of an organisation's trail, a second region, a folder that cannot be listed, and files beside the
// regions, each told by itself.
func TestSources(t *testing.T) {
	w := newWorld(t)
	member := &digesttest.Trail{Bucket: w.Bucket, Organisation: "o-abcdef1234", Account: "444455556666", Region: "us-east-1", Name: "all", Key: digesttest.Key()}
	member.Hour(at(1), "{}")
	w.Objects["AWSLogs/111122223333/CloudTrail/evil.json.gz"] = nil
	w.Objects["AWSLogs/111122223333/CloudTrail/us-west-2/2026/03/01/111122223333_CloudTrail_us-west-2_20260301T0100Z_abc.json.gz"] = nil
	w.Objects["AWSLogs/111122223333/elasticloadbalancing/eu-west-1/x.log"] = nil
	w.Objects["AWSLogs/777788889999/CloudTrail/eu-west-1/x"] = nil
	w.Unlistable["AWSLogs/777788889999/CloudTrail/"] = errors.New("denied")
	var got []string
	for _, r := range w.reports(t) {
		line := strings.Trim(strings.Join([]string{r.Organisation, r.Account, r.Region}, " "), " ") + ":"
		for _, p := range w.short(r) {
			line += " " + p
		}
		got = append(got, line)
	}
	want := []string{
		"111122223333: log-unlisted: evil.json.gz",
		"111122223333 eu-west-1: start: digest 1",
		"111122223333 us-west-2: log-uncovered: 111122223333_CloudTrail_us-west-2_20260301T0100Z_abc.json.gz",
		"777788889999: unread: ",
		"777788889999 eu-west-1: log-unlisted: x",
		"o-abcdef1234 444455556666 us-east-1: start: 444455556666_CloudTrail-Digest_us-east-1_all_us-east-1_20260301T010000Z.json.gz",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestProgress(t *testing.T) {
	w := newWorld(t)
	size := int64(0)
	for _, b := range w.Objects {
		size += int64(len(b))
	}
	last, total := int64(0), int64(0)
	w.o.Progress = func(read, of int64) { last, total = read, of }
	w.report(t)
	if last != size || total != size {
		t.Errorf("it ends at %d of %d, want %d", last, total, size)
	}
}

// TestStops: the end of the context and an error of who takes the reports end it.
func TestStops(t *testing.T) {
	w := newWorld(t)
	full := errors.New("full")
	if err := digest.Verify(t.Context(), w, w.o, func(*digest.Report) error { return full }); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	for _, progress := range []func(int64, int64){nil, func(int64, int64) {}} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		w.o.Progress = progress
		if err := digest.Verify(ctx, w, w.o, func(*digest.Report) error { t.Error("a report"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	w.Unlistable["AWSLogs/"] = errors.New("denied")
	w.o.Progress = nil
	if err := digest.Verify(t.Context(), w, w.o, nil); err == nil {
		t.Error("nothing could be listed, and there is no error")
	}
}
