package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func findings(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	want := aFinding("logs")
	do(t, s, func(tx *store.Tx) error {
		if _, ok, err := tx.Finding(t.Context(), want.Fingerprint); ok || err != nil {
			t.Errorf("an unknown finding: %v, %v", ok, err)
		}
		return tx.SaveFinding(t.Context(), want)
	})
	want.Count, want.State, want.Ticket = 2, finding.Done, "T1"
	do(t, s, func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), want) })
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Finding(t.Context(), want.Fingerprint)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("finding (-want +got):\n%s", diff)
		}
		return err
	})
	for i, fresh := range []bool{true, false} {
		do(t, s, func(tx *store.Tx) error {
			added, err := tx.AddSighting(t.Context(), want.Fingerprint, "event-7", noon())
			if added != fresh {
				t.Errorf("sighting, time %d: added %v", i+1, added)
			}
			return err
		})
	}
}

func findingFilters(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	names := map[finding.Fingerprint]string{}
	save := func(name, account, ticket string, sev finding.Severity, age time.Duration) {
		f := aFinding(name)
		f.Account, f.Ticket, f.Severity, f.LastSeen = account, ticket, sev, noon().Add(-age)
		if sev == finding.Low {
			f.State, f.By = finding.Done, "other-rule"
		}
		names[f.Fingerprint] = name
		do(t, s, func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), f) })
	}
	save("a", "111122223333", "T1", finding.High, 3*time.Hour)
	save("b", "111122223333", "T2", finding.Low, 2*time.Hour)
	save("c", "444455556666", "T1", finding.Critical, time.Hour)
	for _, c := range []struct {
		name string
		f    finding.Filter
		want string
	}{
		{"all, newest first", finding.Filter{}, "c b a"},
		{"limit", finding.Filter{Limit: 2}, "c b"},
		{"ticket", finding.Filter{Ticket: "T1"}, "c a"},
		{"ticket and account", finding.Filter{Ticket: "T1", Account: "111122223333"}, "a"},
		{"ticket and severity", finding.Filter{Ticket: "T1", MinSeverity: finding.Critical}, "c"},
		{"state", finding.Filter{State: finding.Done}, "b"},
		{"by", finding.Filter{By: "s3-private"}, "c a"},
		{"severity", finding.Filter{MinSeverity: finding.High}, "c a"},
		{"nothing", finding.Filter{Account: "000000000000"}, ""},
	} {
		look(t, s, func(tx *store.Tx) error {
			list, err := tx.Findings(t.Context(), c.f)
			var got []string
			for _, f := range list {
				got = append(got, names[f.Fingerprint])
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("%s: got %q, want %q", c.name, g, c.want)
			}
			return err
		})
	}
}

// hostileText: an event's author chooses names; neither database may choke on them, and they must be found again.
func hostileText(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for i, evil := range []string{"nul\x00nul", "bad\xff\xfeutf8", strings.Repeat("long€", 20_000), "quote'\"--;%_\\"} {
		f := aFinding(evil)
		f.Resource, f.Principal, f.Account, f.By = nil, evil, evil, evil
		tk := aTicket(ticket.ID("01HOSTILE"+string(rune('A'+i))), evil)
		tk.Subject = f.Subject()
		do(t, s, func(tx *store.Tx) error {
			if err := tx.SaveFinding(t.Context(), f); err != nil {
				return err
			}
			if _, err := tx.AddSighting(t.Context(), f.Fingerprint, evil, noon()); err != nil {
				return err
			}
			e := anEntry(evil)
			e.Data = []byte(`"` + "raw \xff" + `"`)
			return tx.AppendEntry(t.Context(), &tk, e)
		})
		look(t, s, func(tx *store.Tx) error {
			got, ok, err := tx.TicketOf(t.Context(), tk.Subject)
			if !ok || got.ID != tk.ID {
				t.Errorf("case %d: ticket of a hostile subject: %v, %q", i, ok, got.ID)
			}
			list, ferr := tx.Findings(t.Context(), finding.Filter{Account: evil, By: evil})
			if len(list) != 1 {
				t.Errorf("case %d: %d findings", i, len(list))
			}
			if err == nil {
				err = ferr
			}
			return err
		})
	}
	look(t, s, func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) })
}
