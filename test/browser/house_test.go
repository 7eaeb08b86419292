package browser_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
	"jobzero/test/browser/seed"
)

const organisation = `
accounts:
  - {id: "111122223333", name: shop, owner: storefront}
teams:
  - {name: storefront, lead: ana}
people:
  - {id: ana, name: Ana Example, email: ana@example.com}
`

const waived = `
- expectations: [account-has-security-contact]
  accounts: ["111122223333"]
  reason: The old export is read by a partner until their move is done.
  owner: storefront
  approved_by: ana
  expires: 2027-01-31
`

// house is the real house with a made-up half year behind it, on a real socket.
type house struct {
	*app.House
	url      string
	settings config.Config
}

// open fills a database and opens a house on it. None of the road's legs is at work, so that what is looked at stays as it is.
func open(tb testing.TB, database string, size seed.Size) *house {
	tb.Helper()
	dir := tb.TempDir()
	c := config.Default()
	c.DataDir, c.Listen, c.Console.Person = dir, "127.0.0.1:0", "ana"
	if database != "" {
		c.Database = telemetry.Secret(database)
	}
	for name, text := range map[string]string{"org.yaml": organisation, "waivers.yaml": waived} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	c.Archive.Places = []string{logs(tb, dir)}
	c.Org, c.Waivers = filepath.Join(dir, "org.yaml"), filepath.Join(dir, "waivers.yaml")
	fill(tb, c, size)
	fillDuty(tb, c)
	h, err := app.New(tb.Context(), c, app.Options{Log: slog.New(slog.DiscardHandler), Version: "test", Roles: []string{"upkeep"}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := h.Stop(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("stop: %v", err)
		}
	})
	if err := h.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return &house{h, "http://" + h.Address().String(), c}
}

// logs is an archive: a month in which more and more people sign in with a password alone.
func logs(tb testing.TB, dir string) string {
	tb.Helper()
	var b strings.Builder
	now, n := time.Now(), 0
	for day := range 28 {
		for range day / 3 {
			n++
			b.WriteString(seed.Login(now.AddDate(0, 0, day-28).Add(time.Duration(n)*time.Minute), n) + "\n")
		}
	}
	folder := filepath.Join(dir, "archive")
	if err := os.Mkdir(folder, 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "records.jsonl"), []byte(b.String()), 0o600); err != nil {
		tb.Fatal(err)
	}
	return folder
}

func fill(tb testing.TB, c config.Config, size seed.Size) {
	tb.Helper()
	k, _, err := app.Learn(c)
	if err != nil {
		tb.Fatal(err)
	}
	content := seed.Content{Expectations: k.Expectations.IDs()}
	for _, r := range k.Rules {
		content.Rules = append(content.Rules, r.ID)
	}
	for _, d := range k.Playbooks {
		if slices.Contains(seed.Playbooks(), d.ID) {
			content.Playbooks = append(content.Playbooks, d)
		}
	}
	st, err := store.Open(tb.Context(), c.DatabaseURL().Reveal())
	if err != nil {
		tb.Fatal(err)
	}
	began := time.Now()
	if err := seed.Fill(tb.Context(), st, size, content, time.Now().UTC()); err != nil {
		tb.Fatal(err)
	}
	tb.Logf("made up %d tickets and %d findings in %s", size.Tickets, size.Findings, time.Since(began).Round(time.Second))
	if err := st.Close(); err != nil {
		tb.Fatal(err)
	}
}

// visited is a page to look at.
type visited struct{ name, path string }

// pages are all that there are, with a thing for each that is about one.
func pages(tb testing.TB, c config.Config) []visited {
	tb.Helper()
	st, err := store.Open(tb.Context(), c.DatabaseURL().Reveal())
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	all := []visited{
		{"now", "/"},
		{"tickets", "/tickets"},
		{"tickets-filtered", "/tickets?state=human&severity=high&text=bucket"},
		{"tickets-none", "/tickets?text=nothinglikeit"},
		{"findings", "/findings"},
		{"detections", "/detections"},
		{"explain-asked", "/detections/" + seed.Rule + "/explain"},
		{"forecast", "/detections/" + seed.Rule + "/forecast"},
		{"expectations", "/expectations"},
		{"playbooks", "/playbooks"},
		{"playbook", "/playbooks/close-public-bucket"},
		{"runs", "/runs"},
		{"inventory", "/inventory"},
		{"inventory-failing", "/inventory?failing=1"},
		{"deadletters", "/deadletters"},
		{"road", "/road"},
		{"oncall", "/oncall"},
		{"keys", "/keys"},
		{"report", "/report"},
		{"report-follow", "/report/follow"},
		{"nowhere", "/nowhere"},
		{"wrong", "/tickets?older=soon"},
	}
	all = append(all, dutyPages()...)
	err = st.View(tb.Context(), func(tx *store.Tx) error {
		for state, name := range map[ticket.State]string{ticket.Human: "ticket-human", ticket.Closed: "ticket"} {
			p, err := tx.TicketPage(tb.Context(), ticket.Query{States: []ticket.State{state}, Size: 1})
			if err != nil || len(p.Tickets) == 0 {
				return fault.New(fault.NotFound, "no ticket is %s: %v", state, err)
			}
			all = append(all, visited{name, "/tickets/" + string(p.Tickets[0].ID)})
		}
		for _, state := range []playbook.RunState{playbook.Settled, playbook.Running} {
			p, err := tx.RunPage(tb.Context(), playbook.RunQuery{States: []playbook.RunState{state}, Size: 100})
			if err != nil || len(p.Runs) == 0 {
				return fault.New(fault.NotFound, "no run is %s: %v", state, err)
			}
			all = append(all, visited{"run-" + string(state), "/runs/" + p.Runs[0].ID})
			for _, r := range p.Runs {
				if r.Steps[0].State == playbook.StepAsking {
					all = append(all, visited{"run-asking", "/runs/" + r.ID}, visited{"ticket-asking", "/tickets/" + string(r.Ticket)})
					break
				}
			}
		}
		f, err := tx.FindingPage(tb.Context(), finding.Query{Size: 100})
		for _, x := range f.Findings {
			if x.Kind == finding.Rule && x.Ticket != "" {
				all = append(all, visited{"finding", "/findings/" + string(x.Fingerprint)}, visited{"detection", "/detections/" + x.By},
					visited{"explain", "/detections/" + x.By + "/explain?finding=" + string(x.Fingerprint)})
				break
			}
		}
		for _, x := range f.Findings {
			if x.Kind == finding.Expectation {
				all = append(all, visited{"expectation", "/expectations/" + x.By})
				break
			}
		}
		p, letters := tx.LetterPage(tb.Context(), event.LetterQuery{State: event.Dead, Size: 1})
		if letters != nil || len(p.Letters) == 0 {
			return fault.New(fault.NotFound, "no dead letter: %v", letters)
		}
		all = append(all, visited{"deadletter", "/deadletters/" + p.Letters[0].ID})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
