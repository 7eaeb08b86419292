// Package storetest is what every database must do to be jobzero's store.
//
// It is: one conformance suite, run on SQLite and on PostgreSQL.
// It takes: functions that give the address of a fresh database, empty or with the tables made already.
// It gives: a failing test where the two would differ.
// Next door: store.
package storetest

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// Fresh gives the address of a database of the test's own that lives as long as it.
type Fresh func(t testing.TB) string

// part is one test of the suite.
type part struct {
	name string
	run  func(*testing.T, Fresh)
}

// Run runs the whole suite. A ready database has all tables and nothing in them: to make them for each test would take longer than the tests.
func Run(t *testing.T, empty, ready Fresh) {
	t.Helper()
	t.Run("migrate at once", func(t *testing.T) { migrateAtOnce(t, empty) })
	for _, c := range slices.Concat(kept(), met(), duties(), worked()) {
		t.Run(c.name, func(t *testing.T) { c.run(t, ready) })
	}
}

// kept are the tests of what is kept.
func kept() []part {
	return []part{
		{"findings", findings},
		{"finding filters", findingFilters},
		{"hostile text", hostileText},
		{"tickets", tickets},
		{"ticket filters", ticketFilters},
		{"timeline", timeline},
		{"stale ticket", staleTicket},
		{"audit", audit},
		{"audit of many pages", auditPages},
		{"audit of rows", auditRows},
		{"rows of before", adopted},
		{"runs", runs},
		{"runs by their playbook", runsOf},
		{"older runs", olderRuns},
		{"states of tickets that are watched", watchedTickets},
		{"effects", effects},
		{"brakes", brakes},
		{"letters", letters},
		{"sightings are forgotten", forgetSightings},
		{"unread", unread},
		{"what resources came to", standings},
		{"scores and sweeps", scored},
		{"touches", touches},
		{"windows of correlations", windows},
		{"marks of sources", marks},
		{"heard", heard},
		{"events and their ways", sights},
		{"what S3 lacks", gaps},
		{"tallies of days", tallies},
		{"voices", voices},
		{"pulses and outages", pulses},
		{"both ways at once", parallelSights},
		{"sessions", sessions},
		{"what was run back", backruns},
		{"parts of a run", backrunParts},
		{"hits of a run", backrunHits},
		{"habits of baselines", habits},
		{"who did what", deeds},
		{"what waits for the ledger", sheaves},
		{"people", people},
		{"groups of people", circles},
		{"uses of break-glass", glasses},
		{"first runs of playbooks", canaries},
		{"fleets", fleets},
		{"inquiries", inquiries},
		{"verdicts that are remembered", memories},
		{"reviews of closings", reviews},
		{"events of break-glass", glassEvents},
		{"all or nothing", allOrNothing},
		{"view", view},
		{"poke", poke},
		{"parallel entries", parallelEntries},
		{"parallel tickets of one subject", parallelSubject},
		{"two processes", twoProcesses},
		{"newer schema", newerSchema},
	}
}

// met are the tests of what people look at, are told and have said.
func met() []part {
	return []part{
		{"what people are told", deliveries},
		{"reports", reports},
		{"subscriptions", subscriptions},
		{"pages", pages},
		{"tickets of pages", pageTickets},
		{"calls of pages", pageCalls},
		{"tickets that need a page", needPage},
		{"visits, links and tokens", visits},
		{"answers that are given again", replies},
		{"views that are kept", savedViews},
		{"pages of tickets", ticketPages},
		{"the worst tickets", worstTickets},
		{"tickets by state, up to a bound", countedTickets},
		{"words of older tickets", olderWords},
		{"pages of findings", findingPages},
		{"pages of runs", runPages},
		{"pages of dead letters", letterPages},
		{"pages of what resources came to", standingPages},
	}
}

// worked are the tests of what is to be done.
func worked() []part {
	return []part{
		{"enqueue", enqueue},
		{"claim", claim},
		{"one holder", oneHolder},
		{"marks while others claim", marksAndClaims},
		{"lost lease", lostLease},
		{"ends", ends},
		{"slots", slots},
		{"hints", hints},
		{"release all", releaseAll},
		{"prune", prune},
		{"backlog", backlog},
		{"what waits for a leg", waiting},
		{"leader", leader},
		{"no wake-up is lost", noLostWakeup},
	}
}

// open opens a store and closes it at the test's end.
func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), url)
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

// raw opens the database behind the store's back, as somebody would who wants to edit it unseen.
func raw(tb testing.TB, url string) *sql.DB {
	tb.Helper()
	driver, address := "pgx", url
	if file, ok := strings.CutPrefix(url, "sqlite://"); ok {
		driver, address = "sqlite", "file:"+file+"?_busy_timeout=10000"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		tb.Fatalf("open behind the store's back: %v", err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(tb testing.TB, db *sql.DB, statement string) {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), statement); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// do runs f in a transaction that must commit.
func do(tb testing.TB, s *store.Store, f func(*store.Tx) error) {
	tb.Helper()
	if err := s.Update(tb.Context(), f); err != nil {
		tb.Fatalf("update: %v", err)
	}
}

// look runs f in a view that must succeed.
func look(tb testing.TB, s *store.Store, f func(*store.Tx) error) {
	tb.Helper()
	if err := s.View(tb.Context(), f); err != nil {
		tb.Fatalf("view: %v", err)
	}
}

// noon is when everything happens here, in microseconds, which is what the databases keep.
func noon() time.Time { return time.Date(2030, 4, 5, 12, 0, 0, 123456000, time.UTC) }

func bucket(name string) resource.Ref {
	return resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: name}
}

func aFinding(name string) finding.Finding {
	ref := bucket(name)
	return finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, "s3-private", ref.Key()), Kind: finding.Expectation, By: "s3-private",
		Title: "Bucket is public", Severity: finding.High, Account: ref.Account, Resource: &ref,
		Occurred: noon().Add(-time.Minute), Detected: noon(), Sighting: "event-1",
		Evidence: []finding.Evidence{{Kind: "event", At: noon(), Text: "PutBucketPolicy", Data: []byte(`{"a":1}`)}},
		State:    finding.Open, Count: 1, LastSeen: noon(),
	}
}

func aTicket(id ticket.ID, name string) ticket.Ticket {
	return ticket.Start(id, aFinding(name), ticket.Owner{Team: "storage", Person: "ada", Via: "account"}, noon())
}

func anEntry(text string) ticket.Entry {
	return ticket.Entry{At: noon(), Actor: "jobzero/triage", Kind: "note", Text: text, Data: []byte(`{"html":"<b>&"}`)}
}
