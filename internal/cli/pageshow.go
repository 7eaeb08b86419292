package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/oncall/escalate"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// mostShown is how many tickets of a storm are shown.
const mostShown = 20

// pageFile is everything about one page.
type pageFile struct {
	escalate.Page
	Calls   []escalate.Call `json:"calls"`
	Of      []ticket.Ticket `json:"ticket_list"`
	Told    []ticket.Entry  `json:"timeline"`
	Intact  bool            `json:"timeline_intact"`
	Broken  string          `json:"timeline_broken,omitempty"`
	Omitted int             `json:"tickets_omitted,omitempty"`
}

func (s *shell) pageShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one page: who was asked when, and what they said",
		Long: `Shows a page with its clocks, everybody who was asked, how far each call came, the tickets that it tells of, and what the
timeline of the first of them says of it.

ID is the whole name of the page, or a beginning or end of it that no other page has.`,
		Example: `  jobzero page show 4ZQX
  jobzero page show 4ZQX --format json | jq -r '.calls[] | [.at, .person, .state] | @tsv'`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error {
				f, err := view(cmd.Context(), st, func(tx *store.Tx) (pageFile, error) { return pageOf(cmd.Context(), tx, args[0]) })
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(f)
				}
				return s.pageText(f)
			})
		},
	}
	form.flag(c)
	return c
}

// pageOf brings together all about a page.
func pageOf(ctx context.Context, tx *store.Tx, name string) (f pageFile, err error) {
	if f.Page, err = findPage(ctx, tx, name); err != nil {
		return f, err
	}
	if f.Calls, err = tx.Calls(ctx, f.ID); err != nil {
		return f, err
	}
	ids, err := tx.TicketsOfPage(ctx, f.ID, mostShown)
	if err != nil {
		return f, err
	}
	f.Of = make([]ticket.Ticket, len(ids))
	for i, id := range ids {
		if f.Of[i], err = tx.Ticket(ctx, id); err != nil {
			return f, err
		}
	}
	f.Omitted = max(f.Tickets-len(ids), 0)
	all, err := tx.Timeline(ctx, f.First)
	if err != nil {
		return f, err
	}
	f.Intact = true
	if err := ticket.Check(all); err != nil {
		f.Intact, f.Broken = false, err.Error()
	}
	f.Told = []ticket.Entry{}
	for _, e := range all {
		if strings.Contains(e.Text, string(f.ID)) {
			f.Told = append(f.Told, e)
		}
	}
	return f, nil
}

func (s *shell) pageText(f pageFile) error {
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s  %s", p.paint("1", string(f.ID)), string(f.State), p.paint(severityColour(string(f.Severity)), string(f.Severity)))
	p.line(0, "%s", f.Title)
	p.gap()
	p.line(0, "Why       %s", f.Why)
	p.line(0, "Policy    line %s, which can be snoozed for %s", f.Line.Name, span(f.Line.Snooze.Of()))
	p.line(0, "Tickets   %d, %d of them open", f.Tickets, f.Open)
	if f.By != "" {
		p.line(0, "With      %s, since %s", f.By, instant(f.Answered))
	}
	p.line(0, "Opened    %s", instant(f.Opened))
	p.line(0, "Next      %s", next(f.Page))
	p.line(0, "Fix by    %s", fixBy(f.FixBy, f.Ended, s.now()))
	if !f.Ended.IsZero() {
		p.line(0, "Resolved  %s", instant(f.Ended))
	}
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Asked"), len(f.Calls))
	for _, c := range f.Calls {
		way := c.Via
		if c.Note != "" {
			way = strings.TrimPrefix(way+", "+c.Note, ", ")
		}
		p.line(2, "%s  %s/%d  %-16s %-10s %s", instant(c.At), string(c.Chain), c.Level+1, c.Person, string(c.State), escalate.Describe(c.Seat))
		if way != "" {
			p.line(4, "%s", way)
		}
	}
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Tickets"), f.Tickets)
	for _, t := range f.Of {
		p.line(2, "%s  %s  %s  %s", string(t.ID), string(t.State), string(t.Severity), t.Title)
	}
	if f.Omitted > 0 {
		p.line(2, "and %d more", f.Omitted)
	}
	p.timeline(f.Told)
	if !f.Intact {
		p.gap()
		p.line(0, "%s", p.paint("1;31", "The timeline is not intact: "+f.Broken))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}
