package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"

	"jobzero/internal/expect/standing"
)

// listed puts tickets into a store, one a minute, and gives them with the newest first.
func listed(t *testing.T, s *store.Store, n int) []ticket.Ticket {
	t.Helper()
	out := make([]ticket.Ticket, n)
	severities := []finding.Severity{finding.Low, finding.Medium, finding.High, finding.Critical}
	do(t, s, func(tx *store.Tx) error {
		for i := range n {
			at := noon().Add(time.Duration(i) * time.Minute)
			k := aTicket(ticket.ID(ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String()), fmt.Sprintf("bucket-%03d", i))
			k.State, k.Severity = ticket.States()[i%len(ticket.States())], severities[i%len(severities)]
			k.Account, k.Owner = []string{"111122223333", "444455556666"}[i%2], ticket.Owner{Team: []string{"storage", "shop", "web"}[i%3]}
			k.Title = []string{"Bucket is 100% public", "Key_leaked", "Port open"}[i%3]
			if err := tx.SaveTicket(t.Context(), k); err != nil {
				return err
			}
			out[n-1-i] = k
		}
		return nil
	})
	return out
}

// ticketPages holds what pages say, put one behind the other, against a plain walk through all tickets.
func ticketPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	all := listed(t, s, 60)
	rapid.Check(t, func(r *rapid.T) {
		q := ticket.Query{
			States:   rapid.SliceOf(rapid.SampledFrom(ticket.States())).Draw(r, "states"),
			Account:  rapid.SampledFrom([]string{"", "", "111122223333", "999988887777"}).Draw(r, "account"),
			Owner:    rapid.SampledFrom([]string{"", "", "shop", "nobody"}).Draw(r, "owner"),
			Severity: rapid.SampledFrom([]finding.Severity{"", finding.Low, finding.High}).Draw(r, "severity"),
			Text:     rapid.SampledFrom([]string{"", "", "PUBLIC", "100% p", "key_l", "%", "bucket-01", "!"}).Draw(r, "text"),
			Size:     rapid.IntRange(1, 70).Draw(r, "size"),
		}
		if rapid.Bool().Draw(r, "since") {
			q.Since = noon().Add(time.Duration(rapid.IntRange(-5, 70).Draw(r, "from")) * time.Minute)
		}
		if rapid.Bool().Draw(r, "until") {
			q.Until = noon().Add(time.Duration(rapid.IntRange(-5, 70).Draw(r, "to")) * time.Minute)
		}
		var want, got []string
		for _, k := range all {
			if wanted(q, k) {
				want = append(want, string(k.ID))
			}
		}
		for pages := 0; pages == 0 || q.After != ""; pages++ {
			look(t, s, func(tx *store.Tx) error {
				p, err := tx.TicketPage(t.Context(), q)
				if len(p.Tickets) > q.Size || p.Cut {
					r.Fatalf("a page of %d has %d, cut: %v", q.Size, len(p.Tickets), p.Cut)
				}
				for _, k := range p.Tickets {
					got = append(got, string(k.ID))
				}
				q.After = p.Next
				return err
			})
		}
		if !slices.Equal(want, got) {
			r.Fatalf("%+v\nwant %v\ngot  %v", q, want, got)
		}
	})
}

func wanted(q ticket.Query, k ticket.Ticket) bool {
	opened, err := ulid.ParseStrict(string(k.ID))
	at := ulid.Time(opened.Time())
	return err == nil && (len(q.States) == 0 || slices.Contains(q.States, k.State)) && (q.Account == "" || q.Account == k.Account) &&
		(q.Owner == "" || q.Owner == k.Owner.Team) && k.Severity.Rank() >= q.Severity.Rank() &&
		strings.Contains(strings.ToLower(k.Title+" "+k.Subject), strings.ToLower(q.Text)) &&
		(q.Since.IsZero() || !at.Before(q.Since.Truncate(time.Millisecond))) && (q.Until.IsZero() || at.Before(q.Until.Truncate(time.Millisecond)))
}

func worstTickets(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	all := listed(t, s, 24)
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.WorstTickets(t.Context(), ticket.Human, 3)
		if len(got) != 3 {
			t.Fatalf("got %d", len(got))
		}
		for i, k := range got {
			if k.State != ticket.Human || i > 0 && (got[i-1].Severity.Rank() < k.Severity.Rank() || got[i-1].Severity == k.Severity && got[i-1].ID > k.ID) {
				t.Errorf("%d: %s %s %s", i, k.ID, k.State, k.Severity)
			}
		}
		for _, k := range all {
			if k.State == ticket.Human && k.Severity.Rank() > got[0].Severity.Rank() {
				t.Errorf("%s is worse than the first", k.ID)
			}
		}
		return err
	})
}

// olderWords: tickets from before the column are found by their words as soon as the store is open.
func olderWords(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	listed(t, s, 250)
	exec(t, raw(t, url), "update ticket set words = ''")
	look(t, open(t, url), func(tx *store.Tx) error {
		p, err := tx.TicketPage(t.Context(), ticket.Query{Text: "bucket-249"})
		if len(p.Tickets) != 1 {
			t.Errorf("found %d", len(p.Tickets))
		}
		return err
	})
}

func findingPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	var all []finding.Finding
	do(t, s, func(tx *store.Tx) error {
		for i := range 40 {
			f := aFinding(fmt.Sprintf("b-%02d", i))
			f.State = []finding.State{finding.Open, finding.Human, finding.Done}[i%3]
			f.By, f.Account = []string{"s3-private", "s3-logs"}[i%2], []string{"111122223333", "444455556666"}[i%4/2]
			f.LastSeen = noon().Add(time.Duration(i/3) * time.Minute) // some at the same time
			all = append(all, f)
			if err := tx.SaveFinding(t.Context(), f); err != nil {
				return err
			}
		}
		return nil
	})
	foundPages(t, s, all)
	look(t, s, func(tx *store.Tx) error {
		if _, err := tx.FindingPage(t.Context(), finding.Query{After: "nonsense"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a place that is none: %v", err)
		}
		n, err := tx.CountFindings(t.Context(), finding.Open, 5)
		if n != 5 {
			t.Errorf("counted %d up to 5", n)
		}
		return err
	})
}

// foundPages asks in some ways, a few at a time, and wants each of those that fit once, the last seen first.
func foundPages(t *testing.T, s *store.Store, all []finding.Finding) {
	t.Helper()
	slices.SortFunc(all, func(a, b finding.Finding) int {
		if c := b.LastSeen.Compare(a.LastSeen); c != 0 {
			return c
		}
		return strings.Compare(string(b.Fingerprint), string(a.Fingerprint))
	})
	for _, q := range []finding.Query{
		{},
		{Size: 7},
		{State: finding.Open, Size: 3},
		{By: "s3-logs", Size: 4},
		{Account: "444455556666", Size: 4},
		{By: "s3-logs", Account: "444455556666", State: finding.Done, Size: 2},
		{Severity: finding.Critical},
		{By: "none"},
	} {
		var want, got []string
		for _, f := range all {
			if (q.State == "" || q.State == f.State) && (q.By == "" || q.By == f.By) && (q.Account == "" || q.Account == f.Account) && f.Severity.Rank() >= q.Severity.Rank() {
				want = append(want, string(f.Fingerprint))
			}
		}
		name := fmt.Sprintf("%+v", q)
		for more := true; more; more = q.After != "" {
			look(t, s, func(tx *store.Tx) error {
				p, err := tx.FindingPage(t.Context(), q)
				for _, f := range p.Findings {
					got = append(got, string(f.Fingerprint))
				}
				q.After = p.Next
				return err
			})
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s\nwant %v\ngot  %v", name, want, got)
		}
	}
}

func runPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	var want []string
	do(t, s, func(tx *store.Tx) error {
		for i := range 30 {
			r := playbook.Run{
				ID: fmt.Sprintf("01R%02d", i), Ticket: "01A", Playbook: []string{"close", "turn"}[i%2],
				State: playbook.RunStates()[i%8], Started: noon().Add(time.Duration(i/2) * time.Minute),
			}
			if r.Playbook == "turn" {
				want = append([]string{r.ID}, want...)
			}
			if err := tx.SaveRun(t.Context(), r); err != nil {
				return err
			}
		}
		return nil
	})
	var got []string
	q := playbook.RunQuery{Playbook: "turn", Size: 4}
	for more := true; more; more = q.After != "" {
		look(t, s, func(tx *store.Tx) error {
			p, err := tx.RunPage(t.Context(), q)
			for _, r := range p.Runs {
				got = append(got, r.ID)
			}
			q.After = p.Next
			return err
		})
	}
	if !slices.Equal(want, got) {
		t.Errorf("want %v\ngot  %v", want, got)
	}
}

func letterPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for i := range 9 {
			l := event.Letter{ID: fmt.Sprintf("01L%02d", i), Reason: "cut", Bytes: []byte{byte(i)}, Size: 1, At: noon(), State: event.Dead}
			if i%3 == 0 {
				l.State = event.Replayed
			}
			if err := tx.AddLetter(t.Context(), l); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		p, err := tx.LetterPage(t.Context(), event.LetterQuery{State: event.Dead, After: "01L08", Size: 2})
		if err != nil {
			return err
		}
		if len(p.Letters) != 2 || p.Letters[0].ID != "01L07" || p.Letters[1].ID != "01L05" || p.Next != "01L05" {
			t.Errorf("%+v", p)
		}
		n, err := tx.CountLetters(t.Context(), event.Dead, 100)
		if n != 6 {
			t.Errorf("counted %d", n)
		}
		return err
	})
}

func standingPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for i := range 8 {
			ref := bucket(fmt.Sprintf("b%d", i))
			if i >= 6 {
				ref.Type = resource.Trail
			}
			row := standing.Row{Ref: ref, ReadAt: noon(), Passing: []string{"a"}}
			if i%2 == 0 {
				row.Failing = []string{"b"}
			}
			if err := tx.SaveStanding(t.Context(), row); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		of      resource.Ref
		failing bool
		want    int
	}{
		{resource.Ref{Account: "111122223333"}, false, 8},
		{resource.Ref{Account: "111122223333"}, true, 4},
		{resource.Ref{Account: "111122223333", Type: resource.Bucket}, false, 6},
		{resource.Ref{Account: "111122223333", Type: resource.Trail}, true, 1},
		{resource.Ref{Account: "444455556666"}, false, 0},
	} {
		look(t, s, func(tx *store.Tx) error {
			got, after := 0, ""
			for {
				rows, last, err := tx.StandingPage(t.Context(), c.of, c.failing, after, 3)
				if err != nil {
					return err
				}
				if got += len(rows); len(rows) < 3 {
					break
				}
				after = last
			}
			if got != c.want {
				t.Errorf("%v failing %v: got %d, want %d", c.of, c.failing, got, c.want)
			}
			return nil
		})
	}
}

func countedTickets(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	listed(t, s, 24)
	look(t, s, func(tx *store.Tx) error {
		for bound, want := range map[int]int{3: 3, 100: 4} {
			n, err := tx.CountTickets(t.Context(), bound)
			if err != nil {
				return err
			}
			for _, state := range ticket.States() {
				if n[state] != want {
					t.Errorf("up to %d: %d are %s, want %d", bound, n[state], state, want)
				}
			}
		}
		return nil
	})
}
