package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/config"
	"jobzero/internal/expect"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/inventory"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// thing is a type that nothing built in judges.
const thing resource.Type = "Acme::Shop::Thing"

const thingText = `id: thing-%s
title: A thing is %[1]s
why: Because.
severity: medium
resource: Acme::Shop::Thing
expression: resource.properties.%[1]s == true
`

// anyone is an account that lets everybody in.
type anyone struct{}

// Reader gives nothing that works: the readers here do not call.
func (anyone) Reader(context.Context, string, string) (aws.Config, error) { return aws.Config{}, nil }

// things reads what a test has put there.
type things struct {
	all   map[string]map[string]any // by ID, its properties
	tags  map[string]string         // of all of them
	lists int
	reads []string
}

func (*things) Type() resource.Type { return thing }
func (*things) Needs() []string     { return nil }

// Read gives a thing, gone when it is not there.
func (w *things) Read(_ context.Context, _ aws.Config, ref resource.Ref) (resource.Resource, error) {
	w.reads = append(w.reads, ref.ID)
	props, ok := w.all[ref.ID]
	return resource.Resource{Ref: ref, Properties: props, Related: map[string]any{}, Tags: maps.Clone(w.tags), Gone: !ok}, nil
}

// List names all things.
func (w *things) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	w.lists++
	var out []resource.Ref
	for id := range w.all {
		out = append(out, resource.Ref{Type: thing, Account: account, Region: region, ID: id})
	}
	return out, nil
}

// stall is a house that knows of things only, with its clock and the file of its waivers.
type stall struct {
	*House
	t        testing.TB
	world    *things
	time     *flow.Leap
	waivers  string
	settings config.Config
}

func newStall(t testing.TB, expected ...string) *stall {
	t.Helper()
	dir := t.TempDir()
	s := &stall{t: t, world: &things{all: map[string]map[string]any{}}, time: flow.NewLeap(), waivers: filepath.Join(dir, "waivers.yaml")}
	s.waive()
	for _, e := range expected {
		s.expects(dir, e)
	}
	c := config.Default()
	c.DataDir, c.Listen, c.Sweep.Every, c.Waivers = filepath.Join(dir, "data"), "127.0.0.1:0", time.Hour, s.waivers
	c.Content.Expectations = []string{filepath.Join(dir, "expectations")}
	c.Accounts = []config.Account{{ID: "111122223333", Regions: []string{"eu-central-1"}}}
	s.settings = c
	s.starts()
	return s
}

// expects writes an expectation of things.
func (s *stall) expects(dir, word string) {
	s.t.Helper()
	dir = filepath.Join(dir, "expectations")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, word+".yaml"), fmt.Appendf(nil, thingText, word), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// starts builds the house anew on the same database; one that was there before is killed.
func (s *stall) starts() {
	s.t.Helper()
	if s.House != nil {
		_ = s.Stop(context.WithoutCancel(s.t.Context()))
	}
	h, err := New(s.t.Context(), s.settings, Options{Log: slog.New(slog.DiscardHandler), Clock: s.time})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(s.t.Context())) })
	if h.inventory, err = inventory.New(anyone{}, s.world); err != nil {
		s.t.Fatal(err)
	}
	s.House = h
}

// waive writes the file of waivers.
func (s *stall) waive(all ...string) {
	s.t.Helper()
	if err := os.WriteFile(s.waivers, []byte(strings.Join(all, "")), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// waiver waives thing-good until a day.
func waiver(until time.Time) string {
	return "- expectations: [thing-good]\n  accounts: ['111122223333']\n  reason: a drill\n  owner: shop\n  approved_by: alex\n  expires: " + until.Format(time.DateOnly) + "\n"
}

// looks reads a thing again and does the triage that follows.
func (s *stall) looks(id string) (again time.Time) {
	s.t.Helper()
	s.time.Advance(time.Second)
	again, err := s.reread(s.t.Context(), a(id).Key())
	if err != nil {
		s.t.Fatal(err)
	}
	worked(s.t, s.House)
	return again
}

func a(id string) resource.Ref {
	return resource.Ref{Type: thing, Account: "111122223333", Region: "eu-central-1", ID: id}
}

// reloads loads what people have written.
func (s *stall) reloads() {
	s.t.Helper()
	if err := s.learn(); err != nil {
		s.t.Fatal(err)
	}
}

// found gives a finding, its ticket and the words of its timeline.
func (s *stall) found(fp finding.Fingerprint) (f finding.Finding, tk ticket.Ticket, words string) {
	s.t.Helper()
	err := s.store.View(s.t.Context(), func(tx storeTx) (err error) {
		if f, _, err = tx.Finding(s.t.Context(), fp); err != nil || f.Ticket == "" {
			return err
		}
		if tk, err = tx.Ticket(s.t.Context(), ticket.ID(f.Ticket)); err != nil {
			return err
		}
		lines, err := tx.Timeline(s.t.Context(), tk.ID)
		for _, l := range lines {
			words += l.Kind + ": " + l.Text + "\n"
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return f, tk, words
}

// A waiver settles what is open, keeps it settled until its last day is over, and then it comes back by itself.
func TestAWaiverSettlesUntilItExpires(t *testing.T) {
	s := newStall(t, "good", "safe")
	s.world.all["till"] = map[string]any{"good": false, "safe": true}
	s.looks("till")
	fp := expect.Fingerprint("thing-good", a("till"))
	if f, tk, _ := s.found(fp); f.State != finding.Open || tk.State == ticket.Closed {
		t.Fatalf("before: %s, %s", f.State, tk.State)
	}
	last := s.clock.Now().Add(48 * time.Hour)
	s.waive(waiver(last))
	s.reloads()
	again := s.looks("till")
	end := org.DayOf(last).End()
	if !again.Equal(end) {
		t.Errorf("it is looked at again at %s, want %s", again, end)
	}
	f, tk, words := s.found(fp)
	note := "waived until " + last.Format(time.DateOnly) + " by alex ("
	if f.State != finding.Done || tk.State != ticket.Closed || !strings.Contains(words, "waived: A thing is good: "+note) || !tk.Clocks.Verified.IsZero() {
		t.Errorf("waived: %s, %s, verified %s\n%s", f.State, tk.State, tk.Clocks.Verified, words)
	}
	if again := s.looks("till"); !again.Equal(end) {
		t.Errorf("the second look forgets the end: %s", again)
	}
	s.time.Advance(again.Sub(s.clock.Now()))
	s.looks("till")
	if f, tk, _ := s.found(fp); f.State != finding.Open || tk.State == ticket.Closed || tk.Reopened != 1 || f.Occurred.Before(last.Add(-49*time.Hour)) || !strings.Contains(f.Why, "has expired on") {
		t.Errorf("after its end: %+v, %s", f, tk.State)
	}
}

// An expired waiver that is still wanted is one low finding of its owner, and is over when the waiver is renewed, removed or needless.
func TestAnExpiredWaiverIsItsOwnersBusiness(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*stall){
		"renewed":  func(s *stall) { s.waive(waiver(s.clock.Now().Add(24 * time.Hour))) },
		"removed":  func(s *stall) { s.waive() },
		"needless": func(s *stall) { s.world.all = map[string]map[string]any{"a": {"good": true}} },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStall(t, "good")
			s.world.all = map[string]map[string]any{"a": {"good": false}, "b": {"good": false}}
			s.waive(waiver(s.clock.Now().Add(-48 * time.Hour)))
			s.reloads()
			s.looks("a")
			s.looks("b")
			w := s.knowledge.Load().Waivers.All()[0]
			fp := finding.Print(finding.Expectation, expect.WaiverExpired, w.Ref().Key())
			f, tk, _ := s.found(fp)
			if f.State != finding.Open || f.Count != 2 || f.Severity != finding.Low || tk.Owner.Team != "shop" || !tk.Routine {
				t.Fatalf("%+v\n%+v", f, tk)
			}
			end(s)
			s.reloads()
			s.looks("a")
			if f, _, _ := s.found(fp); f.State != finding.Open {
				t.Error("it is over although one thing wants it still")
			}
			s.looks("b")
			if f, tk, words := s.found(fp); f.State != finding.Done || tk.State != ticket.Closed {
				t.Errorf("%s, %s\n%s", f.State, tk.State, words)
			}
		})
	}
}

// What was never found is not found for being waived.
func TestWhatIsWaivedFromTheBeginningIsNoFinding(t *testing.T) {
	s := newStall(t, "good")
	s.world.all["till"] = map[string]any{"good": false}
	s.waive(waiver(s.clock.Now().Add(24 * time.Hour)))
	s.reloads()
	s.looks("till")
	if f, _, _ := s.found(expect.Fingerprint("thing-good", a("till"))); f.Fingerprint != "" {
		t.Errorf("%+v", f)
	}
}

// A playbook that looks at what was waived a moment ago leaves it alone.
func TestAPlaybookLeavesAloneWhatIsWaived(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	s.world.all["till"] = map[string]any{"good": false}
	s.looks("till")
	f, _, _ := s.found(expect.Fingerprint("thing-good", a("till")))
	for want, text := range map[playbook.Result]string{playbook.StillSo: "", playbook.NoMore: waiver(s.clock.Now())} {
		s.waive(text)
		s.reloads()
		got, err := judge{s.House}.Look(t.Context(), f, playbook.Proof{Expectation: "thing-good"})
		if err != nil || got.Result != want || strings.Contains(got.Text, "waived until") != (text != "") {
			t.Errorf("%q: %s, %s, %v", text, got.Result, got.Text, err)
		}
	}
}
