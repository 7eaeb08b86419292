package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// almanac is a house with playbooks that begin by themselves, and its clock.
type almanac struct {
	*testing.T
	house *House
	books string
	data  string
	clock *dials
}

const (
	tidyBook = "id: tidy\ntitle: Tidy up\nwhy: Weekly.\nwhen: {schedule: \"30 6 * * 1\"}\nsteps: [{id: look, manual: {do: Look around.}}]\n"
	tellBook = "id: tell\ntitle: Tell the owner\nwhy: People have it now.\nwhen: {tickets: [human]}\nsteps: [{id: tell, manual: {do: Call the owner.}}]\n"
)

// anAlmanac opens a house on Friday the 20th of November 2026, at nine.
func anAlmanac(t *testing.T, books ...string) *almanac {
	t.Helper()
	w := &almanac{T: t, books: t.TempDir(), data: t.TempDir(), clock: &dials{time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}}
	for _, text := range books {
		w.write(text)
	}
	w.open()
	return w
}

func (w *almanac) write(text string) {
	w.Helper()
	id, _, _ := strings.Cut(strings.TrimPrefix(text, "id: "), "\n")
	if err := os.WriteFile(filepath.Join(w.books, id+".yml"), []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// open starts the house as after a restart: what was in memory is gone.
func (w *almanac) open() {
	w.Helper()
	if w.house != nil {
		if err := w.house.Stop(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
	c := config.Default()
	c.DataDir, c.Listen, c.Content.Playbooks = w.data, "127.0.0.1:0", []string{w.books}
	c.Playbooks.Mode = playbook.Enforce
	h, err := New(w.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: w.clock})
	if err != nil {
		w.Fatal(err)
	}
	w.house = h
	w.Cleanup(func() { _ = h.Stop(context.WithoutCancel(w.Context())) })
	if err := h.planSchedules(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// work does what is due of a leg. Each thing is done twice, as it is when the process dies before it has said that it was done.
func (w *almanac) work(leg string, handle flow.Handle) (n int) {
	w.Helper()
	hints, err := w.house.store.Unsent(w.Context(), leg, w.clock.now, w.clock.now, 100)
	if err != nil {
		w.Fatal(err)
	}
	for _, hint := range hints {
		ask := flow.Ask{Leg: leg, Ref: hint.Ref, Holder: "test", Now: w.clock.now, Wall: w.clock.now, Until: w.clock.now.Add(time.Minute)}
		c, ok, err := w.house.store.Claim(w.Context(), ask)
		if err != nil || !ok {
			w.Fatalf("claim %s: %v, %v", hint.Ref, ok, err)
		}
		for range 2 {
			if _, err := handle(w.Context(), hint.Ref); err != nil {
				w.Fatal(err)
			}
		}
		if _, err := w.house.store.Finish(w.Context(), c, flow.Outcome{End: flow.Settle}); err != nil {
			w.Fatal(err)
		}
		n++
	}
	return n
}

// pass lets the time go on to an hour of a day of November 2026.
func (w *almanac) pass(day, hour, minute int) {
	w.clock.now = time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

func (w *almanac) asked() (out []finding.Finding) {
	w.Helper()
	if err := w.house.store.View(w.Context(), func(tx storeTx) error {
		all, err := tx.Findings(w.Context(), finding.Filter{})
		for _, f := range all {
			if f.Kind == finding.Asked {
				out = append(out, f)
			}
		}
		return err
	}); err != nil {
		w.Fatal(err)
	}
	slices.SortFunc(out, func(a, b finding.Finding) int { return a.Occurred.Compare(b.Occurred) })
	return out
}

func TestEachDueTimeIsAskedForOnce(t *testing.T) {
	w := anAlmanac(t, tidyBook)
	do := func() int { return w.work(legSchedule, w.house.schedule) }
	if n := do(); n != 0 || len(w.asked()) != 0 {
		t.Errorf("asked %d times before it is due", n)
	}
	w.pass(23, 6, 29)
	if n := do(); n != 0 {
		t.Error("asked a minute too early")
	}
	w.pass(23, 6, 30)
	w.open() // a restart just then
	if n := do(); n != 1 {
		t.Errorf("asked %d times when it was due", n)
	}
	w.open()
	w.pass(29, 23, 0)
	if n := do(); n != 0 || len(w.asked()) != 1 {
		t.Errorf("asked %d times between, findings %d", n, len(w.asked()))
	}
	w.pass(30, 6, 31)
	do()
	got := w.asked()
	if len(got) != 2 || got[0].Ticket == "" || got[0].Ticket != got[1].Ticket {
		t.Fatalf("want two findings on one ticket, got %+v", got)
	}
	for i, want := range []string{"2026-11-23T06:30:00Z", "2026-11-30T06:30:00Z"} {
		if f := got[i]; !strings.Contains(f.Why, want) || f.Occurred.Format(time.RFC3339) != want || f.By != "jobzero/asked/tidy" || f.Asker != "" {
			t.Errorf("finding %d: %+v, want %s", i, f, want)
		}
	}
}

// TestWhatWasMissedIsMadeUpForOnce: nobody was there for three Mondays.
func TestWhatWasMissedIsMadeUpForOnce(t *testing.T) {
	w := anAlmanac(t, tidyBook)
	w.clock.now = time.Date(2026, 12, 9, 12, 0, 0, 0, time.UTC)
	w.open()
	for range 3 {
		w.work(legSchedule, w.house.schedule)
	}
	got := w.asked()
	if len(got) != 1 || !strings.Contains(got[0].Why, "due at 2026-11-23T06:30:00Z; 389h30m late") {
		t.Errorf("got %+v", got)
	}
	w.clock.now = time.Date(2026, 12, 14, 6, 30, 0, 0, time.UTC)
	if w.work(legSchedule, w.house.schedule); len(w.asked()) != 2 {
		t.Error("the schedule does not go on")
	}
}

// TestAChangedScheduleDoesNotAskForItsOldTimes goes on with the new ones.
func TestAChangedScheduleDoesNotAskForItsOldTimes(t *testing.T) {
	w := anAlmanac(t, tidyBook)
	w.write(strings.Replace(tidyBook, "30 6 * * 1", "0 7 * * 2", 1))
	w.open()
	w.pass(23, 6, 30)
	if w.work(legSchedule, w.house.schedule); len(w.asked()) != 0 {
		t.Error("asked for at the old time")
	}
	w.pass(24, 7, 0)
	if w.work(legSchedule, w.house.schedule); len(w.asked()) != 1 {
		t.Error("not asked for at the new time")
	}
	w.write(strings.Replace(tidyBook, "schedule: \"30 6 * * 1\"", "hand: true", 1))
	w.open()
	w.clock.now = w.clock.now.AddDate(0, 0, 7)
	if w.work(legSchedule, w.house.schedule); len(w.asked()) != 1 {
		t.Error("asked for though it has no schedule any more")
	}
	if err := w.house.poisoned(t.Context(), legSchedule, "tidy@never", nil); err != nil {
		t.Error(err)
	}
}

func (w *almanac) move(id ticket.ID, to ticket.State) {
	w.Helper()
	if err := w.house.store.Update(w.Context(), func(tx storeTx) error {
		tk, err := tx.Ticket(w.Context(), id)
		if err != nil {
			return err
		}
		if err := tk.Move(to, "so", w.clock.now); err != nil {
			return err
		}
		return tx.AppendEntry(w.Context(), &tk, ticket.Entry{At: w.clock.now, Kind: "state", Text: string(to)})
	}); err != nil {
		w.Fatal(err)
	}
}

// someTicket is a ticket about a bucket that nobody asked for.
func (w *almanac) someTicket() ticket.ID {
	w.Helper()
	ref := effect.Target{}.Ref
	ref.Type, ref.Account, ref.ID = "AWS::S3::Bucket", shop, "orders"
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, "e", ref.Key()), Kind: finding.Expectation, By: "e", Title: "Bucket is public", Severity: finding.High,
		Account: shop, Resource: &ref, Occurred: w.clock.now, Detected: w.clock.now, Sighting: "1",
	}
	if err := w.house.triager.Judged(w.Context(), triage.Judgement{Wrong: []finding.Finding{f}}, w.clock.now); err != nil {
		w.Fatal(err)
	}
	var id ticket.ID
	if err := w.house.store.View(w.Context(), func(tx storeTx) error {
		tk, _, err := tx.TicketOf(w.Context(), ref.Key())
		id = tk.ID
		return err
	}); err != nil {
		w.Fatal(err)
	}
	return id
}

func TestAStateOfATicketBeginsAPlaybookOnATicketOfItsOwn(t *testing.T) {
	w := anAlmanac(t, tellBook)
	do := func() int { return w.work(store.TicketsLeg, w.house.cameInto) }
	id := w.someTicket()
	w.move(id, ticket.Investigating)
	if n := do(); n != 0 {
		t.Errorf("woken %d times for a state that begins nothing", n)
	}
	w.move(id, ticket.Human)
	w.open() // a restart before it was seen
	if n := do(); n != 1 {
		t.Errorf("woken %d times", n)
	}
	got := w.asked()
	if len(got) != 1 || got[0].Ticket == string(id) || got[0].Resource != nil || !strings.Contains(got[0].Why, "ticket "+string(id)+" came to be human: Bucket is public") {
		t.Fatalf("got %+v", got)
	}
	w.move(ticket.ID(got[0].Ticket), ticket.Human) // the one that was made so
	w.move(id, ticket.Investigating)
	w.move(id, ticket.Human)
	do()
	got = w.asked()
	if len(got) != 2 || got[0].Ticket != got[1].Ticket {
		t.Errorf("the second time: %+v", got)
	}
	if do() != 0 {
		t.Error("woken again")
	}
}
