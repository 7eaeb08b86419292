package crash

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
	"jobzero/internal/ticket"
)

const (
	waves       = 5   // of findings about the same things
	backlogPeak = 400 // MB that the worker may have had at the most
)

// What came while nobody was at work is done when somebody is: each finding once, those about one thing in the order in which they came,
// and the memory does not grow with how many there are. `make backlog` asks for 100,000.
func TestABacklogDoesNotHoldItsWork(t *testing.T) {
	if raceDetector {
		t.Skip("it measures memory, which the race detector changes: `make memory` runs it without, as CI does")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the memory of another process is read from /proc, which only Linux has")
	}
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		url := "sqlite://" + filepath.Join(dir, "jobzero.db")
		drain(t, child{Database: url, Dir: dir, Witness: "http://127.0.0.1:1", Silent: true}, 2000)
	})
	t.Run("postgres", func(t *testing.T) {
		drain(t, child{Database: testpg.Start(t), Dir: t.TempDir(), Witness: "http://127.0.0.1:1", Silent: true}, 500)
	})
}

// drain writes findings down, starts a worker and waits until it has nothing left to do.
func drain(t *testing.T, as child, otherwise int) {
	t.Helper()
	runtime.LockOSThread() // children end when the thread ends that started them
	things := number("JOBZERO_BACKLOG", otherwise) / waves
	s, err := store.Open(t.Context(), as.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	l := &load{t: t, store: s, runs: things}
	began := time.Now()
	for wave := range waves {
		l.wave(wave)
	}
	wrote := time.Since(began)
	w := &process{t: t, name: "the worker", as: as}
	began = time.Now()
	w.start()
	l.drained(time.Minute + time.Duration(things)*waves*20*time.Millisecond)
	took, peak := time.Since(began), w.peak()
	w.stop()
	unpoisoned(w)
	l.inOrder()
	n := float64(things * waves)
	t.Logf("%.0f findings about %d things, written at %.0f a second, drained in %s: %.0f findings a second, and %.0f lines of timelines; the worker had %d MB at the most",
		n, things, n/wrote.Seconds(), took.Round(time.Millisecond), n/took.Seconds(), float64(l.lines())/took.Seconds(), peak>>20)
	if peak > backlogPeak<<20 {
		t.Errorf("the worker had %d MB of memory, more than %d", peak>>20, backlogPeak)
	}
}

// wave writes one finding about each thing down.
func (l *load) wave(wave int) {
	l.t.Helper()
	const batch = 1000
	tr := newTriager(l.store)
	var some []finding.Finding
	for n := range l.runs {
		ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("thing-%05d", n)}
		by := fmt.Sprintf("wave-%d", wave)
		some = append(some, finding.Finding{
			Fingerprint: finding.Print(finding.Rule, by, ref.Key()), Kind: finding.Rule, By: by, Title: by, Severity: finding.High,
			Account: ref.Account, Resource: &ref, Occurred: time.Now(), Detected: time.Now(), Sighting: "1",
		})
		if len(some) == batch || n == l.runs-1 {
			if err := tr.Report(l.t.Context(), some, time.Now()); err != nil {
				l.t.Fatal(err)
			}
			some = nil
		}
	}
}

// drained waits until nothing is left to do.
func (l *load) drained(most time.Duration) {
	l.t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); {
		if _, pending, err := l.over(l.t.Context()); err != nil {
			l.t.Fatal(err)
		} else if pending == 0 {
			return
		}
		pause(l.t, time.Second) // to count a backlog takes long
	}
	l.t.Fatalf("it is not drained after %s", most)
}

// inOrder sees that each thing has one ticket, with a person, on which its findings came in their order, each once.
func (l *load) inOrder() {
	l.t.Helper()
	ctx := l.t.Context()
	for n := range l.runs {
		ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("thing-%05d", n)}
		err := l.store.View(ctx, func(tx *store.Tx) error {
			tk, _, err := tx.TicketOf(ctx, ref.Key())
			if err != nil {
				return err
			}
			lines, err := tx.Timeline(ctx, tk.ID)
			if err != nil {
				return err
			}
			next := 0
			for _, e := range lines {
				if e.Kind != "opened" && e.Kind != "joined" {
					continue
				}
				if want := fmt.Sprintf("wave-%d", next); !strings.HasPrefix(e.Text, want) {
					l.t.Errorf("%s: %q came where %s should have", ref.ID, e.Text, want)
				}
				next++
			}
			if next != waves || tk.State != ticket.Human {
				l.t.Errorf("%s: %d of %d findings are on its ticket, which is %s", ref.ID, next, waves, tk.State)
			}
			return nil
		})
		if err != nil {
			l.t.Fatal(err)
		}
	}
	if err := l.store.View(ctx, func(tx *store.Tx) error { return tx.CheckAudit(ctx) }); err != nil {
		l.t.Errorf("the chain of the tickets: %v", err)
	}
}

// lines counts the lines of all timelines.
func (l *load) lines() (n int64) {
	err := l.store.View(l.t.Context(), func(tx *store.Tx) error {
		last, err := tx.LastLink(l.t.Context())
		n = last.Seq
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return n
}

// peak is the most memory that the process has had, what it maps of its own file among it.
func (p *process) peak() (most int) {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, ok := bytes.Cut(text, []byte("VmHWM:"))
	if _, err := fmt.Sscanf(string(rest), "%d kB", &most); err != nil || !ok {
		p.t.Fatalf("the status of the process has no VmHWM: %v", err)
	}
	return most << 10
}
