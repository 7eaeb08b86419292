package file

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/testcorpus"
)

// brute counts records and lists their keys with encoding/json alone.
func brute(t *testing.T, path string) []event.Key {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var keys []event.Key
	add := func(v any) {
		if m, ok := v.(map[string]any); ok && m["eventID"] != nil {
			keys = append(keys, event.Key{Account: m["recipientAccountId"].(string), ID: event.ID(m["eventID"].(string))})
		}
	}
	d := json.NewDecoder(bufio.NewReader(bytes.NewReader(raw)))
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return keys
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch v := v.(type) {
		case []any:
			for _, r := range v {
				add(r)
			}
		case map[string]any:
			if list, ok := v["Records"].([]any); ok {
				for _, r := range list {
					add(r)
				}
				continue
			}
			add(v)
		}
	}
}

// TestCorpus: every published record is read, nothing is a dead letter, and the files that hold none are named.
func TestCorpus(t *testing.T) {
	for _, name := range []string{"invictus-cloudtrail", "stratus-detonation", "otrf-aws"} {
		t.Run(name, func(t *testing.T) {
			dir := testcorpus.Path(t, name)
			var want []event.Key
			zips := 0
			err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				switch {
				case err != nil:
					return err
				case strings.HasSuffix(path, ".json"):
					want = append(want, brute(t, path)...)
				case strings.HasSuffix(path, ".zip"): // the same records as the file beside it
					want = append(want, brute(t, strings.TrimSuffix(path, ".zip")+"_2020-09-14011940.json")...)
					zips++
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			s, stats := walk(t, Options{}, dir)
			var got []event.Key
			for _, e := range s.events {
				got = append(got, e.Key())
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
			if len(s.dead) != 0 {
				t.Errorf("dead letters %q", s.letters())
			}
			t.Logf("%+v, %d archives, skipped %q", stats, zips, s.skipped)
		})
	}
}

// TestCorpusOfOthers: a folder full of other things gives no event and no false dead letter.
func TestCorpusOfOthers(t *testing.T) {
	for _, name := range []string{"terraform-plans", "cfn-templates", "guardduty-findings", "securityhub-asff", "lambda-event-envelopes", "osv-advisories", "ocsf-schema"} {
		t.Run(name, func(t *testing.T) {
			s, stats := walk(t, Options{}, testcorpus.Path(t, name))
			s.dead = slices.DeleteFunc(s.dead, func(d source.DeadLetter) bool { return strings.Contains(d.Reason, "UTF-16") }) // two plans are
			if stats.Events != 0 || len(s.dead) != 0 {
				t.Errorf("%d events, dead letters %q", stats.Events, s.letters())
			}
			if stats.FilesSkipped == 0 {
				t.Error("nothing was named as skipped")
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	var all []byte
	for _, name := range []string{"invictus-cloudtrail", "stratus-detonation"} {
		err := filepath.WalkDir(testcorpus.Path(b, name), func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".json") && !strings.HasSuffix(path, "labels.json") {
				var raw []byte
				raw, err = os.ReadFile(path)
				all = append(append(all, raw...), '\n')
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	var zip bytes.Buffer
	if _, err := io.Copy(&zip, packed(bytes.NewReader(all))); err != nil {
		b.Fatal(err)
	}
	for name, in := range map[string][]byte{"json": all, "gzip": zip.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(all)))
			b.ReportAllocs()
			var events int64
			for b.Loop() {
				stats, err := Read(b.Context(), bytes.NewReader(in), "all.json", Options{}, counter{})
				if err != nil || stats.DeadLetters != 0 {
					b.Fatal(err, stats)
				}
				events += stats.Events
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
