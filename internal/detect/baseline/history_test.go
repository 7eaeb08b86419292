package baseline_test

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/testcorpus"
	"jobzero/test/genlogs/cloudlog"
)

// history is a made-up log of an organisation in the order of time, each event once.
func history(tb testing.TB, o cloudlog.Options) []*event.Event {
	tb.Helper()
	var all []*event.Event
	seen := map[event.Key]bool{}
	for object := range cloudlog.New(o).Objects() {
		for _, e := range records(tb, object.JSON) {
			if !seen[e.Key()] {
				seen[e.Key()] = true
				all = append(all, e)
			}
		}
	}
	inOrder(all)
	return all
}

func inOrder(all []*event.Event) {
	slices.SortStableFunc(all, func(a, b *event.Event) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
}

// records reads an object: a list, or one with Records.
func records(tb testing.TB, text []byte) []*event.Event {
	tb.Helper()
	sink := &gathered{}
	stats, err := file.Read(tb.Context(), bytes.NewReader(text), "records.json", file.Options{}, sink)
	if err != nil || stats.DeadLetters > 0 {
		tb.Fatalf("%+v, %v", stats, err)
	}
	return sink.events
}

// gathered is a sink that keeps events.
type gathered struct{ events []*event.Event }

func (g *gathered) Event(e *event.Event) error {
	g.events = append(g.events, e)
	return nil
}
func (g *gathered) DeadLetter(source.DeadLetter) error { return nil }
func (g *gathered) Skipped(string, string)             {}

// detonation is one published attack.
type detonation struct {
	name   string
	events []*event.Event
}

// detonations are those of Stratus Red Team, a file each.
func detonations(tb testing.TB) (out []detonation) {
	tb.Helper()
	dir := testcorpus.Path(tb, "stratus-detonation", "detonation-logs")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		d := detonation{strings.TrimSuffix(filepath.Base(path), ".json"), records(tb, text)}
		inOrder(d.events)
		out = append(out, d)
	}
	return out
}

// intrusion is what Invictus recorded: an hour of one account in which many techniques were run.
func intrusion(tb testing.TB) (all []*event.Event) {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(testcorpus.Path(tb, "invictus-cloudtrail", "CloudTrail"), "*.json"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, records(tb, text)...)
	}
	inOrder(all)
	return all
}

// moved is an attack as it would look at another time, in another account and by another principal; from and with what stays.
func moved(events []*event.Event, at time.Time, as *event.Event) (out []*event.Event) {
	for _, e := range events {
		n := &event.Event{
			ID: e.ID, Time: at.Add(e.Time.Sub(events[0].Time)), Account: as.Account, Region: as.Region, Name: e.Name, Source: e.Source,
			Type: e.Type, ReadOnly: e.ReadOnly, ErrorCode: e.ErrorCode, SourceIP: e.SourceIP, UserAgent: e.UserAgent, Actor: as.Actor,
			Origin: e.Origin, Raw: e.Raw,
		}
		out = append(out, n)
	}
	return out
}
