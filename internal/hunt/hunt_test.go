package hunt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/org"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

const rules = `title: Trail stopped
id: stopped
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: StopLogging}, condition: s}
jobzero: {where: {environments: [prod]}}
---
title: Buckets listed
id: listed
level: low
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ListBuckets}, condition: s}
---
title: Often listed
id: often
level: medium
correlation: {type: event_count, rules: [listed], group-by: [recipientAccountId], timespan: 1h, condition: {gte: 3}}
`

func ruleset(t *testing.T) sigma.Set {
	t.Helper()
	set, errs := sigma.Read("r.yml", []byte(rules), sigma.Options{})
	linked, bad := set.Link()
	if all := append(errs, bad...); len(all) > 0 {
		t.Fatal(all)
	}
	return linked
}

func record(id int, name, account, region, at string) string {
	return fmt.Sprintf(`{"eventVersion":"1.11","eventID":"e-%d","eventTime":"%s","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"%s",`+
		`"sourceIPAddress":"198.51.100.7","userIdentity":{"type":"Root","arn":"arn:aws:iam::%s:root","accountId":"%s"},"eventType":"AwsApiCall","recipientAccountId":"%s"}`,
		id, at, name, region, account, account, account)
}

// tree writes an archive of two accounts over three days and gives its folder.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	id := 0
	for _, account := range []string{"111122223333", "444455556666"} {
		for day := 1; day <= 3; day++ {
			at := fmt.Sprintf("2026-03-0%dT10:0", day)
			id += 10
			text := `{"Records":[` + strings.Join([]string{
				record(id, "StopLogging", account, "us-east-1", at+"0:00Z"), record(id+1, "ListBuckets", account, "us-east-1", at+"1:00Z"),
				record(id+2, "ListBuckets", account, "us-east-1", at+"2:00Z"), record(id+3, "ListBuckets", account, "us-east-1", at+"3:00Z"),
				record(id+3, "ListBuckets", account, "us-east-1", at+"3:00Z"), record(id+4, "GetObject", account, "us-east-1", at+"4:00Z"),
			}, ",") + `]}`
			name := filepath.Join(dir, "AWSLogs", account, "CloudTrail", "us-east-1", "2026", "03", fmt.Sprintf("0%d", day), "x.json")
			if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// told is a teller that remembers.
type told struct {
	hits []string
	dead int
	fail error
}

func (w *told) Hits(hits []Hit) error {
	for _, h := range hits {
		w.hits = append(w.hits, fmt.Sprintf("%s %s %s %s", h.Match.Rule.ID, h.Match.Rule.Level, h.Event.Account[:4], h.Event.Time.Format("02 15:04")))
	}
	return w.fail
}
func (w *told) Letter(source.DeadLetter) error { w.dead++; return nil }
func (w *told) Skipped(string, string)         {}

func run(t *testing.T, o Options, inputs []file.Input) ([]string, Stats) {
	t.Helper()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	h, bad := New(ruleset(t), o)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	var w told
	stats, err := h.Run(t.Context(), inputs, &w)
	if err != nil {
		t.Fatal(err)
	}
	return w.hits, stats
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRun(t *testing.T) {
	in := file.Paths(tree(t))
	all, stats := run(t, Options{}, in)
	if len(all) != 12 || stats.Duplicates != 6 || stats.Outside != 0 || !stats.Begin.IsZero() {
		t.Errorf("%d hits, %+v: %v", len(all), stats, all)
	}
	// A window reads only the folders that may matter; of those each record's own time decides.
	w := archive.Window{Accounts: []string{"444455556666"}, Since: at("2026-03-02T10:01:30Z"), Until: at("2026-03-02T10:03:30Z")}
	got, stats := run(t, Options{Window: w, Spanned: true}, in)
	if len(got) != 0 || stats.Files != 1 || stats.Outside != 3 || !stats.Begin.Equal(at("2026-03-02T10:02:00Z")) || !stats.End.Equal(at("2026-03-02T10:03:00Z")) {
		t.Errorf("%v, %+v", got, stats)
	}
	w.Since = at("2026-03-02T10:00:00Z")
	got, stats = run(t, Options{Window: w}, in)
	if d := cmp.Diff([]string{"stopped high 4444 02 10:00", "often medium 4444 02 10:03"}, got); d != "" {
		t.Errorf("(-want +got)\n%s\n%+v", d, stats)
	}
	// The organisation says which account is prod.
	o, err := org.Parse("org.yaml", []byte(org.Example()))
	if err != nil {
		t.Fatal(err)
	}
	got, _ = run(t, Options{Org: o}, in)
	if n := len(slices.DeleteFunc(got, func(s string) bool { return !strings.HasPrefix(s, "stopped") || strings.Contains(s, "4444") })); n != 3 {
		t.Errorf("rules in scope fired %d times: %v", n, got)
	}
	if len(got) > 9 && strings.Contains(strings.Join(got, "\n"), "stopped high 4444") {
		t.Errorf("a rule fired out of its scope: %v", got)
	}
}

// A hunt that is stopped goes on behind the last file that was read, and both parts find what one run finds.
func TestAfter(t *testing.T) {
	in := file.Paths(tree(t))
	single := func(all []string) []string {
		return slices.DeleteFunc(all, func(s string) bool { return strings.HasPrefix(s, "often") })
	}
	all, _ := run(t, Options{}, in)
	want := single(all)
	h, _ := New(ruleset(t), Options{Workers: 1})
	first := told{fail: errors.New("enough")}
	stats, err := h.Run(t.Context(), in, &first)
	if !errors.Is(err, first.fail) {
		t.Fatal(err)
	}
	if stats.Last == "" { // the first file was not done: nothing to go on behind
		stats.Last = filepath.Join(in[0].Path, "AWSLogs", "111122223333", "CloudTrail", "us-east-1", "2026", "03", "01", "x.json")
	}
	rest, _ := run(t, Options{After: stats.Last}, in)
	if d := cmp.Diff(want, append(single(first.hits), single(rest)...)); d != "" {
		t.Errorf("(-at once +in two)\n%s", d)
	}
	h, _ = New(ruleset(t), Options{After: "nowhere"})
	if _, err := h.Run(t.Context(), in, &told{}); err == nil || !strings.Contains(err.Error(), "nowhere, behind which to begin, is not among") {
		t.Errorf("a place that is not met: %v", err)
	}
}

// A profile changes nothing of what is found, and its counts are those of the input.
func TestRunWithProfile(t *testing.T) {
	in := file.Paths(tree(t))
	want, _ := run(t, Options{}, in)
	p := sigma.NewProfile(ruleset(t).Rules)
	got, _ := run(t, Options{Profile: p}, in)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-without +with)\n%s", d)
	}
	for _, c := range p.Costs() {
		if want := map[string]int64{"stopped": 6, "listed": 24}[c.Rule.ID]; c.Matches != want || c.Candidates != want {
			t.Errorf("%s: %+v", c.Rule.ID, c)
		}
	}
}

// What lies elsewhere is hunted as what lies on disk.
func TestRunStreams(t *testing.T) {
	dir := tree(t)
	want, _ := run(t, Options{}, file.Paths(dir))
	streams := func(_ context.Context, found func(file.Stream) error) error {
		return filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			return found(file.Stream{Place: name, Size: info.Size(), Open: func(context.Context) (io.ReadCloser, error) { return os.Open(name) }})
		})
	}
	got, _ := run(t, Options{Workers: 8}, []file.Input{{Path: "s3://bucket", Streams: streams}})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-disk +elsewhere)\n%s", d)
	}
}
