package flow_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/store"
)

const (
	crashDir   = "JOBZERO_FLOW_CRASH_DIR"
	crashLoad  = 2000 // more than all that is done between the kills
	crashKills = 5
)

// house is a store, the embedded bus and one leg that counts in SQL how often it handled each thing.
type house struct {
	store  *store.Store
	bus    flow.Bus
	engine *flow.Engine
}

func openHouse(ctx context.Context, dir string) (*house, error) {
	s, err := store.Open(ctx, "sqlite://"+filepath.Join(dir, "jobzero.db"))
	if err != nil {
		return nil, err
	}
	bus, err := flow.OpenEmbedded(dir)
	if err != nil {
		return nil, err
	}
	e, err := flow.New(flow.Options{Book: s, Bus: bus, Alone: true, Legs: []flow.Leg{
		flow.Via("count", "things", func(ctx context.Context, ref string) (time.Time, error) {
			if os.Getenv(crashDir) != "" {
				fmt.Fprintln(os.Stdout, "at", ref) // for the parent, who kills us some time later
			}
			return time.Time{}, s.Update(ctx, func(tx *store.Tx) error {
				f, _, err := tx.Finding(ctx, finding.Fingerprint(ref))
				if err != nil {
					return err
				}
				f.Fingerprint = finding.Fingerprint(ref)
				f.Count++
				return tx.SaveFinding(ctx, f)
			})
		}, "counts"),
	}})
	if err != nil {
		return nil, err
	}
	s.OnWork(e.Poke)
	return &house{s, bus, e}, e.Start(ctx)
}

func (h *house) close(ctx context.Context) error {
	if err := h.engine.Stop(ctx); err != nil {
		return err
	}
	if err := h.bus.Close(); err != nil {
		return err
	}
	return h.store.Close()
}

// crashing is the child: it works until it is killed.
func crashing() bool {
	dir := os.Getenv(crashDir)
	if dir == "" {
		return false
	}
	if _, err := openHouse(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stdout, "error:", err)
		return true
	}
	select {}
}

// TestCrash kills a working process again and again; the one after it takes up where it was cut off.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(dir, "jobzero.db"))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		for i := range crashLoad {
			if err := tx.Enqueue(t.Context(), "count", fmt.Sprint("thing-", i), time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var left []int
	for range crashKills {
		workAndDie(t, dir)
		left = append(left, pending(t, s))
		if left[len(left)-1] == 0 {
			t.Fatalf("all of %d things were done before the kills were over, which then killed nobody at work: %v", crashLoad, left)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	waitDone(t, h.store)
	total := 0
	err = h.store.View(t.Context(), func(tx *store.Tx) error {
		list, err := tx.Findings(t.Context(), finding.Filter{})
		for _, f := range list {
			total += f.Count
		}
		if len(list) != crashLoad {
			t.Errorf("%d of %d things were handled", len(list), crashLoad)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if most := crashLoad + crashKills*4; total > most { // a kill can repeat what the four workers held
		t.Errorf("%d handlings, at most %d can be", total, most)
	}
	t.Logf("left after each kill: %v; %d things, %d handlings", left, crashLoad, total)
	if err := h.close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func workAndDie(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	working := false
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "at ") {
			t.Errorf("the child said: %s", lines.Text())
		}
		if !working { // let it go on for a random while
			working = true
			time.AfterFunc(rand.N(300*time.Millisecond), func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // killed, as it should be
}

func pending(t *testing.T, s *store.Store) int {
	t.Helper()
	backlog, err := s.Backlog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, b := range backlog {
		n += b.Pending
	}
	return n
}

func waitDone(t *testing.T, s *store.Store) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for pending(t, s) > 0 {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d things are still pending", pending(t, s))
		}
	}
}
