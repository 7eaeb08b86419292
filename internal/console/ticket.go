package console

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// ticketPage is one ticket as a story.
type ticketPage struct {
	ticket.Ticket
	Moments   []moment // of its clocks, in their order
	Findings  []finding.Finding
	Timeline  []ticket.Entry
	Earlier   int // entries of the timeline that are not shown
	Runs      []playbook.Run
	Effects   []effect.Effect
	Inquiries []playbook.Inquiry
	Related   []ticket.Ticket
	Asks      []question
	Reviews   []ticket.Review
	Report    *report.Report // nil: nobody has reported it
	Broken    string         // why the timeline is not to be trusted
	CanClose  bool
	CanOpen   bool
	Undoable  map[string]bool
	May       rights
}

// moment is one of a ticket's clocks.
type moment struct {
	Name  string
	At    string
	After string // the time since it occurred
	Is    bool
}

const (
	mostEntries  = 200
	mostEvidence = 50
	mostRelated  = 6
)

func (c *Console) ticket(v visit) (page, error) {
	out := ticketPage{Undoable: map[string]bool{}}
	err := c.Reader.View(v.Context(), func(tx Tx) error { return out.read(v.Context(), tx, ticket.ID(v.PathValue("id"))) })
	if err != nil {
		return page{}, err
	}
	if out.Report, err = c.reportOf(v.Context(), out.Ticket); err != nil {
		return page{}, err
	}
	out.May = rightsOf(v.visitor, out.Owner.Team)
	out.sum()
	return page{name: "ticket", title: string(out.Severity) + ": " + first(out.Title), here: "/tickets", content: out}, nil
}

// read brings together all about a ticket.
func (p *ticketPage) read(ctx context.Context, tx Tx, id ticket.ID) (err error) {
	if p.Ticket, err = tx.Ticket(ctx, id); err != nil {
		return err
	}
	if p.Findings, err = tx.Findings(ctx, finding.Filter{Ticket: string(id), Limit: mostEvidence}); err != nil {
		return err
	}
	if p.Timeline, err = tx.Timeline(ctx, id); err != nil {
		return err
	}
	if p.Effects, err = tx.Effects(ctx, effect.Filter{Ticket: string(id), Limit: mostEvidence}); err != nil {
		return err
	}
	if p.Inquiries, err = tx.InquiriesOf(ctx, id); err != nil {
		return err
	}
	if p.Runs, err = tx.RunsOf(ctx, id); err != nil {
		return err
	}
	if p.Reviews, err = tx.Reviews(ctx, id); err != nil {
		return err
	}
	return p.relate(ctx, tx)
}

// relate looks for what is near: the ticket that holds what can wait about the same, or what cannot, and those that an inquiry has come upon.
func (p *ticketPage) relate(ctx context.Context, tx Tx) error {
	twin, ok := strings.CutSuffix(p.Subject, ticket.Routine(""))
	if !ok {
		twin = ticket.Routine(p.Subject)
	}
	k, ok, err := tx.TicketOf(ctx, twin)
	if err != nil {
		return err
	}
	if ok {
		p.Related = append(p.Related, k)
	}
	for _, q := range p.Inquiries {
		for _, l := range q.Links() {
			id, ok := strings.CutPrefix(l, "ticket/")
			if !ok || id == string(p.ID) || len(p.Related) == mostRelated || slices.ContainsFunc(p.Related, func(k ticket.Ticket) bool { return string(k.ID) == id }) {
				continue
			}
			if k, err = tx.Ticket(ctx, ticket.ID(id)); fault.Is(err, fault.NotFound) {
				continue
			} else if err != nil {
				return err
			}
			p.Related = append(p.Related, k)
		}
	}
	return nil
}

// sum works out what the page says of what was read.
func (p *ticketPage) sum() {
	if err := cmp.Or(ticket.Check(p.Timeline), playbook.Vouched(p.Inquiries, p.Timeline)); err != nil {
		p.Broken = err.Error()
	}
	if n := len(p.Timeline); n > mostEntries {
		p.Earlier, p.Timeline = n-mostEntries, p.Timeline[n-mostEntries:]
	}
	slices.Reverse(p.Effects) // the first begun first
	p.Moments = moments(p.Clocks)
	for _, r := range p.Runs {
		for _, s := range r.Steps {
			if r.State == playbook.Running && (s.State == playbook.StepAsking || s.State == playbook.StepTasked) {
				p.Asks = append(p.Asks, question{r, s})
			}
		}
	}
	for _, e := range p.Effects {
		p.Undoable[e.Key] = e.State == effect.Done && e.Plan.Undo != effect.None && (p.State == ticket.Closed || p.State == ticket.Human)
	}
	p.CanClose = p.State != ticket.Closed
	p.CanOpen = p.State == ticket.Closed || p.State == ticket.Human && p.Report == nil
}

// moments are the clocks of a ticket with how long each took.
func moments(c ticket.Clocks) (out []moment) {
	for _, k := range []struct {
		name string
		at   time.Time
	}{{"occurred", c.Occurred}, {"detected", c.Detected}, {"opened", c.Opened}, {"contained", c.Contained}, {"verified", c.Verified}, {"closed", c.Closed}} {
		m := moment{Name: k.name, Is: !k.at.IsZero(), At: at(k.at)}
		if m.Is && !c.Occurred.IsZero() && k.name != "occurred" {
			m.After = "+" + span(k.at.Sub(c.Occurred))
		}
		out = append(out, m)
	}
	return out
}
