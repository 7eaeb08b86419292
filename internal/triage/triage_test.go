package triage_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

type owners struct{}

func (owners) OwnerOf(ref resource.Ref, _ map[string]string, _ string) ticket.Owner {
	if ref.Account != "111122223333" {
		return ticket.Owner{}
	}
	return ticket.Owner{Team: "storefront", Via: "account"}
}

// desk is a triager on a real store, at a time that the test sets.
type desk struct {
	t     testing.TB
	store *store.Store
	tri   *triage.Triager
	now   time.Time
	ids   int
}

func newDesk(t testing.TB, dir string) *desk {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(dir, "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d := &desk{t: t, store: db, now: start}
	d.tri = triage.New(triage.Options{
		Store:  store.In(db, func(tx *store.Tx) triage.Tx { return tx }),
		Owners: func() triage.Owners { return owners{} }, Now: func() time.Time { return d.now },
		NewID: func(time.Time) ticket.ID { d.ids++; return ticket.ID(fmt.Sprintf("ticket-%d", d.ids)) },
	})
	return d
}

// sees reports the findings and does the work that follows.
func (d *desk) sees(found ...finding.Finding) {
	d.t.Helper()
	if err := d.tri.Report(d.t.Context(), found, d.now); err != nil {
		d.t.Fatal(err)
	}
	for _, f := range found {
		if _, err := d.tri.Triage(d.t.Context(), string(f.Fingerprint)); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) tickets() (all []ticket.Ticket) {
	d.t.Helper()
	d.view(func(tx *store.Tx) (err error) { all, err = tx.Tickets(d.t.Context(), ticket.Filter{}); return err })
	return all
}

func (d *desk) finding(fp finding.Fingerprint) (f finding.Finding) {
	d.view(func(tx *store.Tx) (err error) { f, _, err = tx.Finding(d.t.Context(), fp); return err })
	return f
}

func (d *desk) timeline(id ticket.ID) (all []ticket.Entry) {
	d.view(func(tx *store.Tx) (err error) { all, err = tx.Timeline(d.t.Context(), id); return err })
	return all
}

func (d *desk) view(do func(*store.Tx) error) {
	d.t.Helper()
	if err := d.store.View(d.t.Context(), do); err != nil {
		d.t.Fatal(err)
	}
}

// change puts ticket and finding into a state, as a playbook would.
func (d *desk) change(f finding.Finding, states ...ticket.State) {
	d.t.Helper()
	err := d.store.Update(d.t.Context(), func(tx *store.Tx) error {
		tk, _, err := tx.TicketOf(d.t.Context(), f.Subject())
		if err != nil {
			return err
		}
		for _, s := range states {
			if err := tk.Move(s, "as the test says", d.now); err != nil {
				return err
			}
		}
		if err := tx.SaveTicket(d.t.Context(), tk); err != nil {
			return err
		}
		return tx.SaveFinding(d.t.Context(), f)
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func about(by, bucket string, severity finding.Severity, at time.Time) finding.Finding {
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: bucket}
	return finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, by, ref.Key()), Kind: finding.Expectation, By: by, Title: by, Severity: severity,
		Account: ref.Account, Resource: &ref, Occurred: at, Detected: at, Sighting: at.String(),
	}
}

func TestFindingsAboutOneThingAreOneTicketWithTheWorstSeverity(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.sees(about("encryption", "orders", finding.Low, start), about("public", "orders", finding.Critical, start.Add(-time.Hour)))
	d.sees(about("public", "invoices", finding.Critical, start))
	all := d.tickets()
	if len(all) != 2 {
		t.Fatalf("want 2 tickets, got %+v", all)
	}
	for _, tk := range all {
		if !strings.HasSuffix(tk.Subject, "orders") {
			continue
		}
		if tk.Severity != finding.Critical || tk.Findings != 2 || tk.Owner.Team != "storefront" || !tk.Clocks.Occurred.Equal(start.Add(-time.Hour)) {
			t.Errorf("got %+v", tk)
		}
	}
}

func TestWhatNobodyOwnsSaysSo(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.High, start)
	f.Account, f.Resource.Account = "999988887777", "999988887777"
	d.sees(f)
	if line := d.timeline(d.tickets()[0].ID)[0]; !strings.Contains(line.Text, "Owner: nobody") {
		t.Errorf("the first line does not say that nobody owns it: %s", line.Text)
	}
}

func TestManySightingsMakeFewLines(t *testing.T) {
	d := newDesk(t, t.TempDir())
	for i := range 1000 {
		d.now = start.Add(time.Duration(i) * time.Second)
		d.sees(about("public", "orders", finding.High, d.now))
	}
	f := d.finding(about("public", "orders", finding.High, start).Fingerprint)
	if lines := d.timeline(d.tickets()[0].ID); f.Count != 1000 || len(lines) > 12 {
		t.Errorf("count %d in %d lines, want 1000 in at most 12", f.Count, len(lines))
	}
}

func TestWhatComesBackReopensAndWhatIsStaleDoesNot(t *testing.T) {
	rule := about("public", "orders", finding.High, start)
	rule.Kind = finding.Rule
	for name, tc := range map[string]struct {
		first  finding.Finding
		second func(finding.Finding) finding.Finding
		open   bool
	}{
		"a read after the repair":         {about("public", "orders", finding.High, start), at(2 * time.Minute), true},
		"a read from before the repair":   {about("public", "orders", finding.High, start), at(30 * time.Second), false},
		"an event after the repair":       {rule, at(2 * time.Minute), true},
		"a late record of what led to it": {rule, at(30 * time.Second), false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, t.TempDir())
			d.sees(tc.first)
			d.now = start.Add(time.Minute)
			settled := d.finding(tc.first.Fingerprint)
			settled.State, settled.Settled = finding.Done, d.now
			d.change(settled, ticket.Investigating, ticket.Closed)
			d.now = start.Add(3 * time.Minute)
			d.sees(tc.second(tc.first))
			tk := d.tickets()[0]
			if got := tk.State == ticket.Open && tk.Reopened == 1; got != tc.open {
				t.Errorf("ticket %s, reopened %d; want reopened: %v", tk.State, tk.Reopened, tc.open)
			}
		})
	}
}

func at(later time.Duration) func(finding.Finding) finding.Finding {
	return func(f finding.Finding) finding.Finding {
		f.Occurred, f.Detected, f.Sighting = start.Add(later), start.Add(later), later.String()
		return f
	}
}

func TestWhatAPersonHasStaysWithThePersonUnlessContended(t *testing.T) {
	for _, contended := range []bool{false, true} {
		d := newDesk(t, t.TempDir())
		f := about("public", "orders", finding.High, start)
		d.sees(f)
		kept := d.finding(f.Fingerprint)
		kept.State = finding.Human
		d.change(kept, ticket.Human)
		if contended {
			tk := d.tickets()[0]
			tk.Contended = true
			if err := d.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) }); err != nil {
				t.Fatal(err)
			}
		}
		d.now = start.Add(time.Hour)
		d.sees(at(time.Hour)(f))
		want := ticket.Human
		if contended {
			want = ticket.Investigating
		}
		if got := d.tickets()[0].State; got != want {
			t.Errorf("contended %v: ticket is %s, want %s", contended, got, want)
		}
	}
}

func TestPersonsCloseAndReopen(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.High, start)
	d.sees(f)
	in := store.In(d.store, func(tx *store.Tx) triage.Tx { return tx })
	o := triage.Order{Ticket: d.tickets()[0].ID, Person: "alex", Reason: "a test bucket"}
	if err := triage.Close(t.Context(), in, o, d.now); err != nil {
		t.Fatal(err)
	}
	if tk := d.tickets()[0]; tk.State != ticket.Closed || d.finding(f.Fingerprint).State != finding.Done {
		t.Errorf("after closing: %+v", tk)
	}
	if err := triage.Reopen(t.Context(), in, o, d.now); err != nil {
		t.Fatal(err)
	}
	if tk := d.tickets()[0]; tk.State != ticket.Open || d.finding(f.Fingerprint).State != finding.Open {
		t.Errorf("after reopening: %+v", tk)
	}
	if err := triage.Reopen(t.Context(), in, o, d.now); err == nil {
		t.Error("an open ticket was reopened")
	}
}

// Whatever the order and however often the same sightings are reported, the result is the same: each counted once, one
// ticket a subject, every timeline a whole chain.
func TestReportsInAnyOrderAndNumber(t *testing.T) {
	d := newDesk(t, t.TempDir()) // one for all rounds: each has buckets of its own
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		reports := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) finding.Finding {
			by := rapid.SampledFrom([]string{"public", "encryption", "logging"}).Draw(r, "by")
			bucket := rapid.SampledFrom([]string{"orders", "invoices"}).Draw(r, "bucket")
			at := start.Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "at")) * time.Minute)
			return about(by, fmt.Sprintf("%s-%d", bucket, round), finding.High, at)
		}), 1, 12).Draw(r, "reports")
		sightings, subjects := map[string]map[string]bool{}, map[string]bool{}
		for _, f := range reports {
			d.sees(f)
			subjects[f.Subject()] = true
			if sightings[string(f.Fingerprint)] == nil {
				sightings[string(f.Fingerprint)] = map[string]bool{}
			}
			sightings[string(f.Fingerprint)][f.Sighting] = true
		}
		for fp, seen := range sightings {
			if f := d.finding(finding.Fingerprint(fp)); f.Count != len(seen) || f.Ticket == "" {
				r.Fatalf("finding %s: count %d for %d sightings, ticket %q", f.By, f.Count, len(seen), f.Ticket)
			}
		}
		tickets := 0
		for _, tk := range d.tickets() {
			if !subjects[tk.Subject] {
				continue
			}
			tickets++
			if err := ticket.Check(d.timeline(tk.ID)); err != nil {
				r.Fatal(err)
			}
		}
		if tickets != len(subjects) {
			r.Fatalf("%d tickets for %d subjects", tickets, len(subjects))
		}
	})
}
