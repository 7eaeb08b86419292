package triage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// stolen is a key that was found in a strange hand, and its ticket.
func stolen(t *testing.T) (*desk, resource.Ref) {
	t.Helper()
	d := newDesk(t, t.TempDir())
	key := resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIAIOSFODNN7EXAMPLE"}
	f := about("leaked", "", finding.Critical, start)
	f.Kind, f.Resource, f.Credential = finding.Rule, &key, &key
	d.sees(f)
	return d, key
}

// did is what a rule says of who did something with a key.
func did(by string, key resource.Ref, after time.Duration) finding.Finding {
	f := about(by, "", finding.High, start.Add(after))
	f.Kind, f.Resource, f.Principal, f.Credential = finding.Rule, nil, "arn:aws:iam::111122223333:user/kim", &key
	f.Fingerprint, f.Sighting = finding.Print(finding.Rule, by, f.Principal, key.ID), by+after.String()
	return f
}

// contains has the key off and the ticket closed.
func (d *desk) contains(key resource.Ref, at time.Time) (tk ticket.Ticket) {
	d.t.Helper()
	d.now = at
	d.writes(func(tx *store.Tx) error {
		var err error
		if tk, _, err = tx.TicketOf(d.t.Context(), key.Key()); err != nil {
			return err
		}
		all, err := tx.Findings(d.t.Context(), finding.Filter{Ticket: string(tk.ID)})
		for _, f := range all {
			f.State, f.Settled = finding.Done, at
			if err == nil {
				err = tx.SaveFinding(d.t.Context(), f)
			}
		}
		tk.Clocks.Contained = at
		return errors.Join(err, tk.Move(ticket.Investigating, "", at), tk.Move(ticket.Closed, "", at), tx.SaveTicket(d.t.Context(), tk))
	})
	return tk
}

func TestAStolenKeyIsOneStory(t *testing.T) {
	d, key := stolen(t)
	d.sees(did("roles listed", key, time.Minute), did("user made", key, 2*time.Minute))
	other := resource.Ref{Type: resource.AccessKey, Account: key.Account, ID: "AKIAOTHER"}
	d.sees(did("roles listed elsewhere", other, time.Minute))
	if all := d.tickets(); len(all) != 2 || all[0].Findings+all[1].Findings != 4 {
		t.Fatalf("want one ticket of three and one of another key's user, got %+v", all)
	}
}

// Who only looked around before the key was off is told and changes nothing; who changed something opens the ticket again, however late it is told.
func TestWhatIsToldLateOfAStolenKey(t *testing.T) {
	d, key := stolen(t)
	id := d.contains(key, start.Add(10*time.Minute)).ID
	d.now = start.Add(25 * time.Minute)
	looked := did("roles listed", key, 5*time.Minute)
	looked.ReadOnly = true
	d.sees(looked)
	tk := d.tickets()[0]
	if tk.ID != id || tk.State != ticket.Closed || tk.Reopened != 0 || tk.Findings != 2 {
		t.Fatalf("looking around: %+v", tk)
	}
	lines := d.timeline(id)
	if last := lines[len(lines)-1]; last.Kind != "joined" || !strings.Contains(last.Text, "told late") {
		t.Errorf("it is not on the timeline: %+v", last)
	}
	d.sees(did("user made", key, 6*time.Minute))
	if all := d.tickets(); len(all) != 1 || all[0].State != ticket.Open || all[0].Reopened != 1 {
		t.Errorf("a change: %+v", all)
	}
}

// A look around after the key was off is no late word, and a week later it is no more the same story.
func TestWhatIsNotLate(t *testing.T) {
	d, key := stolen(t)
	id := d.contains(key, start.Add(10*time.Minute)).ID
	d.now = start.Add(25 * time.Minute)
	looked := did("roles listed", key, 15*time.Minute)
	looked.ReadOnly = true
	d.sees(looked)
	if tk := d.tickets()[0]; tk.ID != id || tk.State != ticket.Open {
		t.Errorf("after it was off: %+v", tk)
	}
	d, key = stolen(t)
	d.contains(key, start.Add(10*time.Minute))
	d.now = start.Add(7 * 24 * time.Hour)
	d.sees(did("roles listed", key, 7*24*time.Hour))
	if all := d.tickets(); len(all) != 2 {
		t.Errorf("a week later: %+v", all)
	}
}
