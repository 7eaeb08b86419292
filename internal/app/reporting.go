package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
	"jobzero/internal/report"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// How many reports are taken in an hour: of one person, and of all who are not named together, as nothing tells those apart. Those that come
// through the door that is open to everybody are bounded by the settings, and apart from the others.
const (
	reportsOfOne     = 10
	reportsOfUnnamed = 30
	reportHour       = time.Hour
	byReports        = "jobzero/report"
)

// Reports takes in what anybody says is wrong, and tells them what became of it.
type Reports struct {
	Store  *store.Store
	Org    *org.Org
	Policy escalate.Policy // whose clocks its tickets have
	All    int             // that are taken in an hour through the open door
	Now    func() time.Time
}

// Send makes a ticket of what somebody says, and tells whoever answers for it, in one transaction. The code is for the one who said it, and is
// kept nowhere.
func (r Reports) Send(ctx context.Context, s report.Said) (report.Report, report.Code, error) {
	return r.send(ctx, s, nil)
}

// send is Send with something more in the same transaction.
func (r Reports) send(ctx context.Context, s report.Said, also func(*store.Tx, report.Report) error) (report.Report, report.Code, error) {
	now := r.Now()
	said, code, err := report.Make(report.ID(newULID(now)), s, now)
	if err != nil {
		return said, "", err
	}
	owner := r.Org.OwnerOf(resource.Ref{}, nil, "")
	t := ticket.Ticket{
		ID: ticket.ID(said.ID), Subject: said.ID.Subject(), State: ticket.Human, Severity: finding.Medium, Owner: owner, Title: "Report: " + said.Title,
		Reason: "somebody has reported it: a person has to look", Clocks: ticket.Clocks{Detected: now, Opened: now},
	}
	t.Clocks.FixBy = r.fixBy(t)
	said.Version = 1
	err = r.Store.Update(ctx, func(tx *store.Tx) error {
		if err := r.bounded(ctx, tx, said, now); err != nil {
			return err
		}
		if err := tx.SaveReport(ctx, said); err != nil {
			return err
		}
		t := t // the transaction may be tried again
		if err := tx.AppendEntry(ctx, &t, ticket.Entry{At: now, Actor: sayer(said), Kind: "opened", Text: saidIn(said)}); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx, said); err != nil {
				return err
			}
		}
		return r.tell(ctx, tx, said, owner.Person, "sent")
	})
	return said, code, err
}

// sayer is who said it, as timelines name them. Whoever is known by an address alone is none of our people.
func sayer(said report.Report) string {
	if said.Anonymous || strings.Contains(said.Person, "@") {
		return byReports
	}
	return "person/" + said.Person
}

// fixBy is until when a report's ticket has to be settled; zero: the policy has no clock for it.
func (r Reports) fixBy(t ticket.Ticket) time.Time {
	within := r.Policy.FixFor(t.Severity, []finding.Kind{finding.Reported})
	if within == 0 {
		return time.Time{}
	}
	return t.Clocks.Opened.Add(within)
}

// saidIn is what a report says, for its ticket.
func saidIn(r report.Report) string {
	out := []string{fmt.Sprintf("%s reports by %s: %s", r.From(), r.Via, r.Title)}
	if r.Text != "" {
		out = append(out, r.Text)
	}
	for i, f := range r.Files {
		out = append(out, fmt.Sprintf("File %d: %s, %s, %d bytes", i+1, f.Name, f.Kind, f.Size))
	}
	return strings.Join(out, "\n")
}

// bounded refuses more than a person, or all who are not named, may say in an hour.
func (r Reports) bounded(ctx context.Context, tx *store.Tx, said report.Report, now time.Time) error {
	most := reportsOfOne
	switch {
	case said.Open:
		most = r.All
	case said.Person == "":
		most = reportsOfUnnamed
	}
	n, err := tx.CountReports(ctx, said.Person, said.Open, now.Add(-reportHour))
	if err == nil && n >= most {
		return fault.New(fault.Denied, "%d reports came within an hour, more than are taken: try again later, or call the one on duty", n)
	}
	return err
}

// tell queues a message about a report; to nobody where nobody answers for it.
func (r Reports) tell(ctx context.Context, tx *store.Tx, said report.Report, person, occasion string) error {
	if person == "" {
		return nil
	}
	m := notice.Message{
		Occasion: fmt.Sprintf("report %s/%s", said.ID, occasion), Thread: "report " + string(said.ID), Kind: notice.Report, Severity: finding.Medium, Title: said.Title, Text: said.Text,
		Facts:  []notice.Fact{{Name: "From", Text: said.From()}, {Name: "Answer", Text: "jobzero report reply " + string(said.ID)}},
		Ticket: ticket.ID(said.ID), Buttons: []notice.Deed{notice.Acknowledge},
	}
	if len(said.Escalated) > 0 {
		m.Severity = finding.High
	}
	_, err := notify.Send(ctx, tx, m, notice.To{Person: person}, r.Now())
	return err
}

// Follow says what became of a report, to whoever has its code.
func (r Reports) Follow(ctx context.Context, c report.Code) (p report.Progress, err error) {
	err = r.Store.View(ctx, func(tx *store.Tx) error {
		said, err := tx.ReportByCode(ctx, c)
		if err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(said.ID))
		p = said.Progress(t)
		return err
	})
	return p, err
}

// Escalate tells those at the top, because whoever has the code says so. Nobody in between has to agree.
func (r Reports) Escalate(ctx context.Context, c report.Code) (p report.Progress, told []string, err error) {
	now := r.Now()
	err = r.Store.Update(ctx, func(tx *store.Tx) error {
		said, err := tx.ReportByCode(ctx, c)
		if err != nil {
			return err
		}
		if err := said.Escalate(now); err != nil {
			return err
		}
		told = r.top()
		if len(told) == 0 {
			return fault.New(fault.Invalid, "the organisation file names nobody at the top: somebody without a manager, who is another one's")
		}
		said.Version++
		if err := tx.SaveReport(ctx, said); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(said.ID))
		if err != nil {
			return err
		}
		t.Severity = finding.High
		if t.State == ticket.Closed {
			if err := t.Reopen(toTheTop, now); err != nil {
				return err
			}
			if err := t.Move(ticket.Human, toTheTop, now); err != nil {
				return err
			}
		}
		t.Clocks.FixBy = r.fixBy(t)
		e := ticket.Entry{At: now, Actor: byReports, Kind: "escalated", Text: fmt.Sprintf("Whoever reported it has gone to the top: %v", told)}
		if err := tx.AppendEntry(ctx, &t, e); err != nil {
			return err
		}
		for _, person := range told {
			if err := r.tell(ctx, tx, said, person, fmt.Sprintf("escalated %d", len(said.Escalated))); err != nil {
				return err
			}
		}
		p = said.Progress(t)
		return nil
	})
	return p, told, err
}

const toTheTop = "whoever reported it has gone to the top"

// top are those who have no manager and are one.
func (r Reports) top() (out []string) {
	if r.Org == nil {
		return nil
	}
	leads := map[string]bool{}
	for _, p := range r.Org.People {
		leads[p.Manager] = true
	}
	for _, p := range r.Org.People {
		if p.Manager == "" && leads[p.ID] {
			out = append(out, p.ID)
		}
	}
	return out
}

// Reply answers whoever reported it; they see it with their code.
func (r Reports) Reply(ctx context.Context, id report.ID, person, text string) (said report.Report, err error) {
	now := r.Now()
	err = r.Store.Update(ctx, func(tx *store.Tx) error {
		if said, err = tx.Report(ctx, id); err != nil {
			return err
		}
		if err := said.Reply(person, text, now); err != nil {
			return err
		}
		said.Version++
		if err := tx.SaveReport(ctx, said); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(said.ID))
		if err != nil {
			return err
		}
		return tx.AppendEntry(ctx, &t, ticket.Entry{At: now, Actor: "person/" + person, Kind: "answered", Text: "Whoever reported it is told: " + said.Replies[len(said.Replies)-1].Text})
	})
	return said, err
}

// Add notes what whoever has the code says later, and tells whoever answers for it.
func (r Reports) Add(ctx context.Context, c report.Code, text string, files []report.File) (p report.Progress, err error) {
	now := r.Now()
	err = r.Store.Update(ctx, func(tx *store.Tx) error {
		said, err := tx.ReportByCode(ctx, c)
		if err != nil {
			return err
		}
		if err := said.Add(text, files, now); err != nil {
			return err
		}
		said.Version++
		if err := tx.SaveReport(ctx, said); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(said.ID))
		if err != nil {
			return err
		}
		more := said.Replies[len(said.Replies)-1].Text
		if err := tx.AppendEntry(ctx, &t, ticket.Entry{At: now, Actor: sayer(said), Kind: "said", Text: "Whoever reported it says: " + more}); err != nil {
			return err
		}
		p = said.Progress(t)
		said.Text = more
		return r.tell(ctx, tx, said, t.Owner.Person, fmt.Sprintf("said %d", len(said.Replies)))
	})
	return p, err
}

// One gives a report by its ID.
func (r Reports) One(ctx context.Context, id report.ID) (said report.Report, err error) {
	err = r.Store.View(ctx, func(tx *store.Tx) error {
		said, err = tx.Report(ctx, id)
		return err
	})
	return said, err
}

// File gives the n-th file of a report, from 1, with its bytes.
func (r Reports) File(ctx context.Context, id report.ID, n int) (f report.File, data []byte, err error) {
	err = r.Store.View(ctx, func(tx *store.Tx) error {
		said, err := tx.Report(ctx, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(said.Files) {
			return fault.New(fault.NotFound, "report %s has %d files", id, len(said.Files))
		}
		f = said.Files[n-1]
		data, err = tx.ReportFile(ctx, id, f)
		return err
	})
	return f, data, err
}

// reports is what the house takes in.
func (h *House) reports() Reports {
	k := h.knowledge.Load()
	return Reports{h.store, k.Org, k.Escalation, h.config.Report.All, h.clock.Now}
}
