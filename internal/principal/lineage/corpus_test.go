package lineage_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/testcorpus"
)

// kept is a sink that keeps events.
type kept struct{ events []*event.Event }

func (k *kept) Event(e *event.Event) error       { k.events = append(k.events, e); return nil }
func (*kept) DeadLetter(source.DeadLetter) error { return nil }
func (*kept) Skipped(string, string)             {}

func published(t *testing.T, folder string) []*event.Event {
	t.Helper()
	var k kept
	if _, err := file.Walk(t.Context(), []string{testcorpus.Path(t, folder)}, file.Options{}, &k); err != nil {
		t.Fatal(err)
	}
	if len(k.events) == 0 {
		t.Fatalf("no events in %s", folder)
	}
	return k.events
}

// TestPublished traces what real attacks left. Everything that is signed with a credential whose issue is in the same logs must
// lead further than to its own session, and the roots must be such that somebody can be asked.
func TestPublished(t *testing.T) {
	for _, folder := range []string{"invictus-cloudtrail", "stratus-detonation"} {
		t.Run(folder, func(t *testing.T) {
			events := published(t, folder)
			g := lineage.New(lineage.Options{})
			issued := map[string]bool{}
			for _, e := range events {
				if g.Learn(e.Record()) {
					issued[lineage.Read(e.Record()).Key] = true
				}
			}
			kinds, strengths := map[lineage.Kind]int{}, map[lineage.Strength]int{}
			traced := 0
			for _, e := range events {
				l, ok := g.Resolve(e.Record())
				if !ok {
					continue
				}
				kinds[l.Root.Kind]++
				strengths[l.Strength]++
				if e.Actor.AccessKey == "" || !issued[e.Actor.AccessKey] {
					continue
				}
				traced++
				if l.Strength != lineage.Proved || strings.Contains(l.Root.ID, ":assumed-role/") || len(l.Chain) == 0 {
					t.Errorf("%s: the credential's issue was seen, and still: %s", e.ID, l.Words())
				}
			}
			t.Logf("%d events, %d credentials issued, %d events signed with them; kinds %v, strengths %v", len(events), g.Counts().Grants, traced, kinds, strengths)
			if traced == 0 {
				t.Error("no event was signed with a credential whose issue was seen: this proves nothing")
			}
		})
	}
}

// TestMemory says what a grant costs.
func TestMemory(t *testing.T) {
	const n = 20_000
	var all []*event.Record
	for i := range n {
		r := took(t, i%600, user(fmt.Sprint("u", i%500), "AKIAMIA"), ours, fmt.Sprint("role", i%100), fmt.Sprintf("session-%d", i), fmt.Sprintf("ASIAIOSFODNN%08d", i))
		all = append(all, r)
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	g := lineage.New(lineage.Options{})
	for _, r := range all {
		g.Learn(r)
	}
	each := float64(heap()-before) / n
	t.Logf("%.0f bytes a grant, those that are not kept yet", each)
	if each > 1500 {
		t.Errorf("%.0f bytes a grant: the bound of 100,000 is no bound of memory", each)
	}
	runtime.KeepAlive(all)
	if g.Counts().Grants != n {
		t.Error("grants are gone")
	}
}
