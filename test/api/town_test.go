package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/app"
	"jobzero/internal/auth"
	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/playbook"
	"jobzero/internal/report"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// people has one for each role; olga is in the team whose ticket there is.
const people = `people:
  - {id: rita, name: Rita Example, email: rita@example.com}
  - {id: vic, name: Vic Example, email: vic@example.com}
  - {id: olga, name: Olga Example, email: olga@example.com}
  - {id: rex, name: Rex Example, email: rex@example.com}
  - {id: apu, name: Apu Example, email: apu@example.com}
  - {id: ada, name: Ada Example, email: ada@example.com}
teams:
  - {name: shop, lead: olga, members: [olga]}
`

// visitors are who tries, in the order of the tables: nobody, one of each role, and a token with all scopes.
var visitors = []string{"nobody", "rita", "vic", "olga", "rex", "apu", "ada", "token"}

type town struct {
	t     testing.TB
	at    string
	dir   string
	store *store.Store
	house *app.House
	log   *lines
	token string
	name  string // of the session's cookie
	*http.Client
}

type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps what is logged.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// settle runs a house with tickets of the shop and of the bank, a run that asks, a finding and a dead letter.
func settle(t testing.TB) *town { return settleWith(t, func(*config.Config) {}) }

// settleWith is that with other settings.
func settleWith(t testing.TB, set func(*config.Config)) *town {
	t.Helper()
	dir := t.TempDir()
	c := config.Default()
	c.DataDir, c.Listen, c.Org = dir, "127.0.0.1:0", filepath.Join(dir, "org.yaml")
	if err := os.WriteFile(c.Org, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	give := func(r auth.Role, who ...string) auth.Grant { return auth.Grant{Role: r, People: who} }
	c.Auth.Roles = []auth.Grant{give(auth.Viewer, "vic"), give(auth.Responder, "rex"), give(auth.Approver, "apu"), give(auth.Admin, "ada")}
	set(&c)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, name: "jobzero", dir: dir, log: &lines{}, Client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	h, err := app.New(t.Context(), c, app.Options{Log: slog.New(slog.NewTextHandler(w.log, nil)), Roles: []string{"upkeep", "changes", "subscription"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.house, w.at = h, "http://"+h.Address().String()
	if w.store, err = store.Open(t.Context(), c.DatabaseURL().Reveal()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.CloseIdleConnections()
		_ = w.store.Close()
		if err := h.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w.fill()
	return w
}

func (w *town) do(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// fill puts in what there is to ask for.
func (w *town) fill() {
	w.t.Helper()
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, team := range []string{"shop", "bank"} {
		w.do(func(tx *store.Tx) error { return w.trouble(tx, team, now) })
	}
	for _, who := range visitors[1:7] {
		w.do(func(tx *store.Tx) error {
			v := auth.Visit{Hash: sum("session of " + who), Who: who, Name: who, Kind: auth.Person, Began: now, Seen: now, Ends: now.Add(time.Hour)}
			return tx.SaveVisit(w.t.Context(), v)
		})
	}
	t, secret, err := auth.NewToken(auth.Token{Name: "all", Scopes: auth.Scopes(), Ends: now.Add(time.Hour)}, "01TOKEN", now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.token = secret.Reveal()
	w.do(func(tx *store.Tx) error {
		if err := tx.SaveToken(w.t.Context(), t); err != nil {
			return err
		}
		l := event.Letter{ID: "01LETTER", Reason: "no JSON", Bytes: []byte("{"), Size: 1, At: now, State: event.Dead}
		return tx.AddLetter(w.t.Context(), l)
	})
}

// trouble is a ticket of a team with a finding and a run that waits for people.
func (w *town) trouble(tx *store.Tx, team string, now time.Time) error {
	ctx := w.t.Context()
	f := finding.Finding{
		Fingerprint: finding.Fingerprint("finding-of-" + team), Kind: finding.Rule, By: "a-rule", Title: "Something in the " + team, Severity: finding.High,
		Account: "111122223333", Principal: "arn:aws:iam::111122223333:user/" + team, Occurred: now, Detected: now, Sighting: "e1", State: finding.Open,
		Ticket: "01TICKET-" + team, Count: 1, LastSeen: now,
	}
	k := ticket.Start(ticket.ID(f.Ticket), f, ticket.Owner{Team: team}, now)
	r := playbook.Run{
		ID: "01RUN-" + team, Ticket: k.ID, Finding: f.Fingerprint, Playbook: "a-playbook", Mode: playbook.PlanOnly, State: playbook.Running, Started: now,
		Steps: []playbook.Step{
			{ID: "ask", State: playbook.StepAsking, Ask: &playbook.Ask{Of: "may it?", Need: 3, Until: now.Add(time.Hour)}},
			{ID: "task", State: playbook.StepTasked},
		},
	}
	for _, err := range []error{
		tx.SaveFinding(ctx, f), tx.AppendEntry(ctx, &k, ticket.Entry{At: now, Actor: "jobzero/triage", Kind: "opened", Text: f.Title}), tx.SaveRun(ctx, r),
		tx.SetBrake(ctx, effect.Brake{Name: playbook.EnforcementBrake}), paged(ctx, tx, team, k, f, now),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// ticketOf is the ticket of a report, as somebody has it.
func (w *town) ticketOf(r report.Report, now time.Time) {
	w.t.Helper()
	k := ticket.Ticket{
		ID: ticket.ID(r.ID), Subject: r.ID.Subject(), State: ticket.Human, Severity: finding.Medium, Title: "Report: " + r.Title,
		Clocks: ticket.Clocks{Detected: now, Opened: now},
	}
	w.do(func(tx *store.Tx) error {
		return tx.AppendEntry(w.t.Context(), &k, ticket.Entry{At: now, Actor: "jobzero/report", Kind: "opened", Text: r.Title})
	})
}

// paged has people asked about a ticket of a team.
func paged(ctx context.Context, tx *store.Tx, team string, k ticket.Ticket, f finding.Finding, now time.Time) error {
	policy, err := escalate.Default()
	if err != nil {
		return err
	}
	p, _ := escalate.Open(escalate.ID("01PAGE-"+team), escalate.CaseOf(k, []finding.Finding{f}, "nobody knows it"), policy, now)
	p.Version = 1
	if err := tx.SavePage(ctx, p); err != nil {
		return err
	}
	return tx.JoinPage(ctx, p.ID, k.ID, nil, now)
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// reply is what was answered.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
}

// ask asks as one of the visitors. More are pairs of header and value.
func (w *town) ask(who, method, path, body string, more ...string) reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.at+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	switch who {
	case "nobody":
	case "token":
		req.Header.Set("Authorization", "Bearer "+w.token)
	default:
		req.AddCookie(&http.Cookie{Name: w.name, Value: "session of " + who})
	}
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	return w.send(req)
}

func (w *town) send(req *http.Request) reply {
	w.t.Helper()
	res, err := w.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, text}
}
