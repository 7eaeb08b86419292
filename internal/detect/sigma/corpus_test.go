package sigma_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/testcorpus"
)

// record is a test's own reading of a CloudTrail record; the product's is in another room.
func record(raw []byte) *event.Event {
	var r struct {
		EventID, EventName, EventSource, AwsRegion, RecipientAccountID string
		EventTime                                                      time.Time
	}
	_ = json.Unmarshal(raw, &r) // some records of the corpus have odd times; the engine looks at Raw only
	return &event.Event{
		ID: event.ID(r.EventID), Name: r.EventName, Source: r.EventSource, Region: r.AwsRegion, Account: r.RecipientAccountID, Time: r.EventTime,
		Raw: raw,
	}
}

// corpusEvents is every record of the three sets of real logs.
func corpusEvents(t testing.TB) []*event.Event {
	t.Helper()
	var out []*event.Event
	for _, dir := range []string{"invictus-cloudtrail/CloudTrail", "stratus-detonation/detonation-logs", "otrf-aws/aws"} {
		files := 0
		err := filepath.WalkDir(testcorpus.Path(t, dir), func(name string, _ os.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".json" {
				return err
			}
			files++
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, raw := range records(t, name, data) {
				if e, err := cloudtrail.Parse(raw, event.Origin{}); err == nil {
					out = append(out, e)
					continue
				}
				out = append(out, record(raw))
			}
			return nil
		})
		if err != nil || files == 0 {
			t.Fatalf("%s: %d files, %v", dir, files, err)
		}
	}
	return out
}

// records reads {"Records":[…]}, arrays and one record a line.
func records(t testing.TB, name string, data []byte) []json.RawMessage {
	t.Helper()
	var out []json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	for d.More() {
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var many []json.RawMessage
		var file struct{ Records []json.RawMessage }
		switch {
		case json.Unmarshal(v, &many) == nil:
			out = append(out, many...)
		case json.Unmarshal(v, &file) == nil && file.Records != nil:
			out = append(out, file.Records...)
		default:
			out = append(out, v)
		}
	}
	return out
}

// TestCorpusAgainstNaive holds the engine against the second interpreter of naive_test.go: for every rule, the same events.
func TestCorpusAgainstNaive(t *testing.T) {
	dir := testcorpus.Path(t, "sigma-aws-rules", "rules")
	rules, errs := sigma.Load(os.DirFS(dir), ".")
	for _, err := range errs {
		t.Error(err)
	}
	aws := len(rules)
	suzaku := testcorpus.Path(t, "suzaku-aws-rules")
	more, errs := sigma.Load(os.DirFS(suzaku), ".")
	for _, err := range errs {
		if !sigma.Unsupported(err) {
			t.Error(err)
		}
	}
	rules = append(rules, more...)
	events := corpusEvents(t)

	got := map[string]int{}
	engine := sigma.NewEngine(rules)
	for _, e := range events {
		for _, m := range engine.Detect(e.Record()) {
			got[m.Rule.ID]++
			if len(m.Why) == 0 {
				t.Errorf("%s fired on %s without a reason", m.Rule.ID, e.ID)
			}
		}
	}
	want := map[string]int{}
	for _, root := range []string{dir, suzaku} {
		for id, n := range naiveCounts(t, root, events) {
			want[id] += n
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("engine and naive interpreter differ (-naive +engine):\n%s", d)
	}
	total := 0
	for _, n := range got {
		total += n
	}
	if total == 0 {
		t.Error("no rule fired: the comparison proves nothing")
	}
	t.Logf("%d SigmaHQ and %d Suzaku rules, %d events: %d matches of %d rules", aws, len(more), len(events), total, len(got))
}

func BenchmarkDetect(b *testing.B) {
	rules, _ := sigma.Load(os.DirFS(testcorpus.Path(b, "sigma-aws-rules", "rules")), ".")
	engine := sigma.NewEngine(rules)
	events := corpusEvents(b)
	n := 0
	for b.Loop() {
		engine.Detect(events[n%len(events)].Record())
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkDetectRaw includes decoding the record.
func BenchmarkDetectRaw(b *testing.B) {
	rules, _ := sigma.Load(os.DirFS(testcorpus.Path(b, "sigma-aws-rules", "rules")), ".")
	engine := sigma.NewEngine(rules)
	events := corpusEvents(b)
	n := 0
	for b.Loop() {
		engine.Detect((&event.Event{Raw: events[n%len(events)].Raw}).Record())
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
