package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
	"jobzero/internal/ticket"
)

const crashURL = "JOBZERO_STORE_CRASH_URL"

// crashing is the child: it writes until it is killed, and prints what the database has promised to keep.
func crashing() bool {
	url := os.Getenv(crashURL)
	if url == "" {
		return false
	}
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stdout, "error", err)
		return true
	}
	for i := range 1_000_000 {
		name := fmt.Sprintf("%s-%d", os.Args[len(os.Args)-1], i)
		err := s.Update(ctx, func(tx *store.Tx) error {
			f := finding.Finding{Fingerprint: finding.Fingerprint(name), Principal: name, Title: name, Severity: finding.High}
			tk := ticket.Start(ticket.ID(name), f, ticket.Owner{}, time.Now())
			for range 3 {
				if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: time.Now(), Text: name}); err != nil {
					return err
				}
			}
			f.Ticket = name
			if err := tx.SaveFinding(ctx, f); err != nil {
				return err
			}
			return tx.Enqueue(ctx, "triage", name, time.Time{})
		})
		if err != nil {
			fmt.Fprintln(os.Stdout, "error", err)
			return true
		}
		fmt.Fprintln(os.Stdout, "kept", name)
		if i%3 == 0 {
			_, _, _ = s.Claim(ctx, flow.Ask{Leg: "triage", Ref: name, Holder: name, Now: time.Now(), Wall: time.Now(), Until: time.Now().Add(time.Hour)})
		}
	}
	return true
}

// TestCrash kills a writer in the middle, again and again: what it was told is kept is there, nothing is there by half.
func TestCrash(t *testing.T) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": fresh, "postgres": testpg.Start} {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			kept := map[string]bool{}
			for round := range 6 {
				for _, k := range killed(t, url, fmt.Sprintf("round%d", round)) {
					kept[k] = true
				}
			}
			if len(kept) < 6 {
				t.Fatalf("the writers got no further than %d", len(kept))
			}
			promised := len(kept)
			check(t, url, kept)
			t.Logf("%d transactions were promised in 6 kills, %d of them lost", promised, len(kept))
		})
	}
}

// killed runs a writer for a while, kills it and says what it was promised.
func killed(t *testing.T, url, name string) (kept []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], name)
	cmd.Env = append(os.Environ(), crashURL+"="+url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var timer *time.Timer
	for lines.Scan() {
		line, ok := strings.CutPrefix(lines.Text(), "kept ")
		if !ok {
			t.Errorf("the writer said: %s", lines.Text())
			continue
		}
		if kept = append(kept, line); timer == nil { // it is under way: let it go on for a random while
			timer = time.AfterFunc(rand.N(200*time.Millisecond), func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // killed, as it should be
	return kept
}

func check(t *testing.T, url string, kept map[string]bool) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, url)
	if err != nil {
		t.Fatalf("open after the kills: %v", err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.ReleaseAll(ctx); err != nil {
		t.Fatal(err)
	}
	due := map[string]bool{}
	hints, err := s.Unsent(ctx, "triage", time.Now(), time.Now(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hints {
		due[h.Ref] = true
	}
	err = s.View(ctx, func(tx *store.Tx) error {
		if err := tx.CheckAudit(ctx); err != nil {
			t.Errorf("audit: %v", err)
		}
		all, err := tx.Tickets(ctx, ticket.Filter{})
		if err != nil {
			return err
		}
		for _, tk := range all {
			_, ok, err := tx.Finding(ctx, finding.Fingerprint(tk.ID))
			if err != nil {
				return err
			}
			if !ok || tk.Entries != 3 || !due[string(tk.ID)] {
				t.Errorf("ticket %s is there by half: finding %v, %d entries, due %v", tk.ID, ok, tk.Entries, due[string(tk.ID)])
			}
			delete(kept, string(tk.ID))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for k := range kept {
		t.Errorf("%s was promised and is lost", k)
	}
}
