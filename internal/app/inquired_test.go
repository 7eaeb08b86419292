package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const toolOrg = `
accounts: [{id: "111122223333", name: shop-prod}]
teams: [{name: platform}, {name: shop}]
tools:
  - name: deploy-pipeline
    principals: ["arn:aws:iam::*:role/deploy-pipeline"]
    actions: ["lambda:UpdateFunctionCode*"]
    accounts: [shop-prod]
    owner: platform
default: shop
`

// inquiring is a house with an organisation's file, at which findings of a pipeline's calls come in.
type inquiring struct {
	*testing.T
	*House
	clock *dials
	n     int
}

func inquires(t *testing.T, mode verdict.Mode) *inquiring {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "org.yaml")
	if err := os.WriteFile(file, []byte(toolOrg), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.DataDir, c.Listen, c.Org, c.Verdicts.Mode = dir, "127.0.0.1:0", file, mode
	clock := &dials{monday.Add(72 * time.Hour)}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	s := &inquiring{t, h, clock, 0}
	if err := h.detect(t.Context(), "q", []*event.Event{s.call("anna", "ListBuckets")}); err != nil { // so that there is a ledger
		t.Fatal(err)
	}
	folds(t, h)
	return s
}

// call is a call of a session of a role; who it says that it is counts for nothing.
func (s *inquiring) call(role, name string) *event.Event {
	s.n++
	return parsed(s.T, fmt.Sprintf(`{"eventID":"e-%d","eventTime":%q,"eventName":%q,"eventSource":"lambda.amazonaws.com","awsRegion":"eu-central-1",
"sourceIPAddress":"198.51.100.7","userAgent":"deploy-pipeline/1.0","recipientAccountId":"111122223333","eventType":"AwsApiCall",
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/%[4]s/build-1","accountId":"111122223333","accessKeyId":"ASIAIOSFODNN7EXAMPLE",
"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/%[4]s","accountId":"111122223333","userName":%[4]q}}}}`,
		s.n, s.clock.now.Format(time.RFC3339), name, role))
}

// found reports what a rule says about a call, and takes its ticket as far as it goes.
func (s *inquiring) found(role, name string) ticket.Ticket {
	s.Helper()
	e := s.call(role, name)
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Rule, "code-changed", role), Kind: finding.Rule, By: "code-changed", Title: "Code was changed", Severity: finding.High,
		Account: e.Account, Principal: e.Actor.Principal(), Occurred: e.Time, Detected: e.Time, Sighting: string(e.ID),
		Evidence: []finding.Evidence{{Kind: "event", At: e.Time, Text: "a call", Data: json.RawMessage(e.Raw)}},
	}
	if err := s.triager.Report(s.Context(), []finding.Finding{f}, s.clock.now); err != nil {
		s.Fatal(err)
	}
	if _, err := s.triager.Triage(s.Context(), string(f.Fingerprint)); err != nil {
		s.Fatal(err)
	}
	return s.advance(f.Fingerprint)
}

func (s *inquiring) advance(fp finding.Fingerprint) (tk ticket.Ticket) {
	s.Helper()
	look := func() {
		if err := s.store.View(s.Context(), func(tx *store.Tx) error {
			f, _, err := tx.Finding(s.Context(), fp)
			if err == nil {
				tk, err = tx.Ticket(s.Context(), ticket.ID(f.Ticket))
			}
			return err
		}); err != nil {
			s.Fatal(err)
		}
	}
	look()
	if _, err := s.director.Advance(s.Context(), string(tk.ID)); err != nil {
		s.Fatal(err)
	}
	look()
	return tk
}

// lines are the lines of inquiries on a ticket.
func (s *inquiring) lines(id ticket.ID) (out []string) {
	s.Helper()
	if err := s.store.View(s.Context(), func(tx *store.Tx) error {
		all, err := tx.Timeline(s.Context(), id)
		for _, e := range all {
			if e.Kind == "inquiry" {
				out = append(out, e.Text+" "+string(e.Data))
			}
		}
		return err
	}); err != nil {
		s.Fatal(err)
	}
	return out
}

func (s *inquiring) wants(tk ticket.Ticket, state ticket.State, lines int, words ...string) {
	s.Helper()
	all := s.lines(tk.ID)
	if tk.State != state || len(all) != lines {
		s.Fatalf("ticket is %s (%s), with %d lines of inquiries, want %s with %d:\n%s", tk.State, tk.Reason, len(all), state, lines, strings.Join(all, "\n"))
	}
	for _, w := range words {
		if !strings.Contains(all[len(all)-1], w) {
			s.Errorf("the last line has no %q:\n%s", w, all[len(all)-1])
		}
	}
}

// vouched checks that the rows of inquiries are those that the timeline tells of, and that one that is edited is seen.
func (s *inquiring) vouched(id ticket.ID) {
	s.Helper()
	if err := s.store.View(s.Context(), func(tx *store.Tx) error {
		all, err := tx.InquiriesOf(s.Context(), id)
		if err != nil {
			return err
		}
		entries, err := tx.Timeline(s.Context(), id)
		if err != nil {
			return err
		}
		if err := playbook.Vouched(all, entries); err != nil || len(all) != 2 {
			s.Errorf("%d inquiries: %v", len(all), err)
		}
		all[0].Facts["tools"] = playbook.Gathered{Text: "edited"}
		if playbook.Vouched(all, entries) == nil {
			s.Error("edited facts are not seen")
		}
		return nil
	}); err != nil {
		s.Fatal(err)
	}
}

const work = "UpdateFunctionCode20150331v2"

// TestPlanModeSaysWhatWouldBeClosed: nothing is closed, everything is said once, and a person has the ticket.
func TestPlanModeSaysWhatWouldBeClosed(t *testing.T) {
	s := inquires(t, verdict.Plan)
	tk := s.found("deploy-pipeline", work)
	s.wants(tk, ticket.Human, 1, "Believed: known-tool (likely), by known-tool", "verdicts.mode is plan", "Not known: ", "event/e-2", `"would":true`, "tools: deploy-pipeline, and this is what it is there to do")
	s.wants(s.advance(finding.Print(finding.Rule, "code-changed", "deploy-pipeline")), ticket.Human, 1)
}

// TestAVerdictClosesAndIsRemembered: the like of it is closed without anything being read, until a person opens one again.
func TestAVerdictClosesAndIsRemembered(t *testing.T) {
	s := inquires(t, verdict.Enforce)
	tk := s.found("deploy-pipeline", work)
	s.wants(tk, ticket.Closed, 1, "Closed by it", "activity: ")
	if !strings.Contains(tk.Reason, "closed by a verdict: known-tool (likely)") {
		t.Errorf("closed because %s", tk.Reason)
	}
	s.clock.now = s.clock.now.Add(time.Hour)
	again := s.found("deploy-pipeline", work)
	s.wants(again, ticket.Closed, 2, "nothing was read again", "Closed by it")
	if again.ID != tk.ID || again.Reopened != 1 || strings.Contains(s.lines(tk.ID)[1], "activity: ") {
		t.Errorf("%+v", again)
	}
	s.vouched(tk.ID)
	in := store.In(s.store, func(tx *store.Tx) triage.Tx { return tx })
	if err := triage.Reopen(t.Context(), in, triage.Order{Ticket: tk.ID, Person: "kim", Reason: "this was not planned"}, s.clock.now); err != nil {
		t.Fatal(err)
	}
	s.wants(s.advance(finding.Print(finding.Rule, "code-changed", "deploy-pipeline")), ticket.Human, 3, "Not closed: a person has opened ticket")
	if err := triage.Close(t.Context(), in, triage.Order{Ticket: tk.ID, Person: "kim", Reason: "looked at"}, s.clock.now); err != nil {
		t.Fatal(err)
	}
	s.clock.now = s.clock.now.Add(time.Hour)
	s.wants(s.found("deploy-pipeline", work), ticket.Human, 4, "Not closed: a person has opened ticket")
}

// TestWhatDoesNotClose: another call of the tool, another principal, a brake, and what was seen twice before anybody looked.
func TestWhatDoesNotClose(t *testing.T) {
	s := inquires(t, verdict.Enforce)
	s.wants(s.found("deploy-pipeline", "AddPermission"), ticket.Human, 1, "suspicious (likely), by tool-out-of-bounds")
	s.wants(s.found("builder", work), ticket.Human, 1, "no verdict applies")

	s = inquires(t, verdict.Enforce)
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetBrake(t.Context(), effect.Brake{Name: playbook.EnforcementBrake, On: true, By: "kim", Reason: "an incident", At: s.clock.now})
	}); err != nil {
		t.Fatal(err)
	}
	s.wants(s.found("deploy-pipeline", work), ticket.Human, 1, "Not closed: enforcement is stopped by kim")
}

// TestAChangeThatIsSeenTwiceIsNotClosed: only the first record is in the finding, and nobody has looked at the other.
func TestAChangeThatIsSeenTwiceIsNotClosed(t *testing.T) {
	s := inquires(t, verdict.Enforce)
	var fs []finding.Finding
	for range 2 {
		e := s.call("deploy-pipeline", work)
		fs = append(fs, finding.Finding{
			Fingerprint: finding.Print(finding.Rule, "code-changed", "x"), Kind: finding.Rule, By: "code-changed", Title: "Code was changed", Severity: finding.High,
			Account: e.Account, Principal: e.Actor.Principal(), Occurred: e.Time, Detected: e.Time, Sighting: string(e.ID),
			Evidence: []finding.Evidence{{Kind: "event", At: e.Time, Data: json.RawMessage(e.Raw)}},
		})
	}
	if err := s.triager.Report(t.Context(), fs, s.clock.now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.triager.Triage(t.Context(), string(fs[0].Fingerprint)); err != nil {
		t.Fatal(err)
	}
	s.wants(s.advance(fs[0].Fingerprint), ticket.Human, 1, "it was seen 2 times")
}
