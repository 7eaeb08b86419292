package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// screenOf is a watch on a store with some tickets, as it is when the screen has been measured and it has looked once.
func screenOf(t *testing.T, n int) *watch {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	at := time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		for i := range n {
			ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("bucket-%02d", i)}
			f := finding.Finding{Kind: finding.Expectation, By: "s3-private", Title: "Bucket is public \x1b[2J", Severity: finding.High, Account: ref.Account, Resource: &ref, Occurred: at}
			k := ticket.Start(ticket.ID(fmt.Sprintf("01T%02d", i)), f, ticket.Owner{Team: "web"}, at)
			k.State = ticket.Human
			if err := tx.AppendEntry(t.Context(), &k, ticket.Entry{At: at, Actor: "jobzero/triage", Kind: "opened", Text: "It was opened."}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{shell: &shell{out: &bytes.Buffer{}, now: func() time.Time { return at.Add(time.Hour) }}, ctx: t.Context(), store: st}
	w.Update(tea.WindowSizeMsg{Width: 90, Height: 12})
	w.Update(w.see(w.of)())
	return w
}

func (w *watch) shown() string { return w.View().Content }

// pointed is the line of the ticket that is pointed at.
func (w *watch) pointed() string {
	for l := range strings.Lines(w.shown()) {
		if strings.HasPrefix(l, ">") {
			return l
		}
	}
	return ""
}

func TestWatchShowsWhatChangesAndFitsItsScreen(t *testing.T) {
	t.Parallel()
	w := screenOf(t, 30)
	if !strings.Contains(w.shown(), "30 human") || !strings.Contains(w.pointed(), "bucket-00") || strings.Contains(w.shown(), "\x1b[2J") {
		t.Errorf("the first look:\n%s", w.shown())
	}
	for range 40 {
		w.key("j")
	}
	if !strings.Contains(w.pointed(), "bucket-29") {
		t.Errorf("at the end: %q", w.pointed())
	}
	w.key("k")
	w.key("pgup")
	if !strings.Contains(w.pointed(), "bucket-21") {
		t.Errorf("a page before: %q", w.pointed())
	}
	for i, l := range strings.Split(w.shown(), "\n") {
		if i >= 12 || len([]rune(l)) > 90 {
			t.Errorf("line %d does not fit: %q", i, l)
		}
	}
	w.Update(w.key("tab")())
	if !strings.Contains(w.shown(), "[At work]") || !strings.Contains(w.shown(), "No tickets.") {
		t.Errorf("at work:\n%s", w.shown())
	}
	w.Update(w.see(forPeople)()) // a look that was under way, at what is not shown any more
	if !strings.Contains(w.shown(), "No tickets.") {
		t.Error("a late look is shown as what it is not")
	}
}

func TestWatchTellsTheStoryOfATicket(t *testing.T) {
	t.Parallel()
	w := screenOf(t, 3)
	w.key("j")
	w.Update(w.key("enter")())
	if !strings.Contains(w.shown(), "01T01  human") {
		t.Errorf("the story:\n%s", w.shown())
	}
	for range 60 {
		w.key("j")
	}
	if !strings.Contains(w.shown(), "--full") { // the last line of a story
		t.Errorf("its end:\n%s", w.shown())
	}
	w.key("esc")
	if !strings.Contains(w.pointed(), "bucket-01") {
		t.Errorf("back at the list:\n%s", w.shown())
	}
}

func TestWatchSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	w := screenOf(t, 1)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	w.Update(w.see(w.of)())
	if !strings.Contains(w.shown(), "Not known: ") {
		t.Errorf("without a database:\n%s", w.shown())
	}
}
