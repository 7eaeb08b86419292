package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const (
	watchEvery   = 2 * time.Second
	watchMost    = 200    // tickets of one view; more fit no screen
	watchCounted = 10_000 // what is more is only said to be more
)

func (s *shell) ticketWatch() *cobra.Command {
	return &cobra.Command{
		Use:   "watch",
		Short: "Watch tickets as they change, on a terminal",
		Long: `Shows the tickets of the store that ` + "`jobzero serve`" + ` uses, looked at anew every two seconds, until q.

Tab goes from those for people, the worst first, to those at work and to the newest of all; j and k, or the arrows, go from
one to the next, Enter shows its story and Esc goes back. Nothing can be changed from here.`,
		Example: "  jobzero ticket watch\n  jobzero ticket watch --database postgres://jobzero@db.example.com/jobzero",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, is := terminal(s.out); !is {
				return fault.New(fault.Invalid, "this needs a terminal: `jobzero ticket list` writes to anything")
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				w := &watch{shell: s, ctx: cmd.Context(), store: st}
				_, err := tea.NewProgram(w, tea.WithContext(cmd.Context()), tea.WithInput(s.in), tea.WithOutput(s.out)).Run()
				if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && cmd.Context().Err() != nil {
					err = nil // somebody has had enough
				}
				return fault.Wrap(fault.Unavailable, err, "draw on the terminal")
			})
		},
	}
}

// lens is what the tickets are looked at through.
type lens int

const (
	forPeople lens = iota
	atWork
	newest
	lenses
)

func (l lens) String() string { return [...]string{"For people", "At work", "Newest"}[l%lenses] }

// sight is what was seen at one look.
type sight struct {
	of      lens
	tickets []ticket.Ticket
	counts  map[ticket.State]int
	at      time.Time
	err     error
}

// see reads what a lens shows.
func (w *watch) see(of lens) tea.Cmd {
	return func() tea.Msg {
		out := sight{of: of, at: w.shell.now()}
		ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
		defer cancel()
		out.err = w.store.View(ctx, func(tx *store.Tx) (err error) {
			if out.counts, err = tx.CountTickets(ctx, watchCounted); err != nil {
				return err
			}
			out.tickets, err = seen(ctx, tx, of)
			return err
		})
		return out
	}
}

func seen(ctx context.Context, tx *store.Tx, of lens) (out []ticket.Ticket, err error) {
	switch of {
	case forPeople:
		return tx.WorstTickets(ctx, ticket.Human, watchMost)
	case atWork:
		for _, s := range []ticket.State{ticket.Open, ticket.Investigating, ticket.Remediating, ticket.Verifying} {
			some, err := tx.WorstTickets(ctx, s, watchMost)
			if err != nil {
				return nil, err
			}
			out = append(out, some...)
		}
		slices.SortStableFunc(out, func(a, b ticket.Ticket) int { return b.Severity.Rank() - a.Severity.Rank() })
		return out, nil
	default:
		p, err := tx.TicketPage(ctx, ticket.Query{Size: watchMost})
		return p.Tickets, err
	}
}

// tale is the story of one ticket, as lines.
type tale struct {
	id    ticket.ID
	lines []string
	err   error
}

// open reads the story of a ticket.
func (w *watch) open(id ticket.ID) tea.Cmd {
	wide := w.wide
	return func() tea.Msg {
		d, err := view(w.ctx, w.store, func(tx *store.Tx) (dossier, error) { return collect(w.ctx, tx, string(id)) })
		if err != nil {
			return tale{id: id, err: err}
		}
		return tale{id: id, lines: storyLines(d, wide, w.shell.now())}
	}
}
