package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/postincident"
	"jobzero/internal/triage"
)

func (s *shell) review() *cobra.Command {
	return group("review", "Learn from what happened",
		"A review is made from what was written down while it happened. People add what made it possible and who will change what;\nnobody is blamed.",
		"  jobzero review incident 4ZQX\n  jobzero review keep lessons.yaml --reason \"reviewed with shop\"",
		s.reviewIncident(), s.reviewKeep())
}

func (s *shell) reviewIncident() *cobra.Command {
	var (
		form     format
		template bool
	)
	c := &cobra.Command{
		Use:   "incident ID [--template]",
		Short: "Write the review of a ticket, from its timeline",
		Long: `Writes what happened on a ticket as Markdown: how long each part took, and every entry of the timeline. Persons are numbered:
who it was teaches nobody anything. What people have learnt is in it once they have kept it; --template gives the text for
that to fill in.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
		Example: `  jobzero review incident 4ZQX > review.md
  jobzero review incident 4ZQX --template > lessons.yaml
  jobzero review incident 4ZQX --format json | jq .account.spans`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := s.reviewOf(cmd.Context(), args[0])
			switch {
			case err != nil:
				return err
			case template:
				_, err := io.WriteString(s.out, postincident.Template(string(r.Account.Ticket)))
				return err
			case form == formatJSON:
				return s.object(r)
			}
			return r.Markdown(s.out)
		},
	}
	form.flag(c)
	c.Flags().BoolVar(&template, "template", false, "write a text of lessons to fill in instead")
	return c
}

// reviewOf makes the review of a ticket from what the store has.
func (s *shell) reviewOf(ctx context.Context, name string) (r postincident.Review, err error) {
	return r, s.with(ctx, func(st *store.Store) error {
		tk, entries, err := timelineOf(ctx, st, name)
		if err != nil {
			return err
		}
		r.Account = postincident.Tell(tk, entries)
		r.Lessons, err = app.LessonsOf(entries)
		return err
	})
}

func timelineOf(ctx context.Context, st *store.Store, name string) (tk ticket.Ticket, entries []ticket.Entry, err error) {
	err = st.View(ctx, func(tx *store.Tx) (err error) {
		if tk, err = findTicket(ctx, tx, name); err != nil {
			return err
		}
		entries, err = tx.Timeline(ctx, tk.ID)
		return err
	})
	return tk, entries, err
}

// lessonsKept is what became of lessons that were kept.
type lessonsKept struct {
	Ticket  ticket.ID       `json:"ticket"`
	Actions []ticket.Ticket `json:"actions"`
}

func (s *shell) reviewKeep() *cobra.Command {
	var (
		form format
		who  order
	)
	c := &cobra.Command{
		Use:   "keep FILE",
		Short: "Keep what was learnt from an incident, and make a ticket of each thing to do",
		Long: `Holds a text of lessons against the rules of a review, writes it on the ticket's timeline for ever, and makes a ticket of each
action, with its owner. A review names at least two things that made the incident possible, and nobody but as the owner of an
action; words that judge people are refused, with what to write instead. To keep the same text twice is to keep it once.`,
		Example: `  jobzero review incident 4ZQX --template > lessons.yaml
  jobzero review keep lessons.yaml --as kim --reason "reviewed with shop on Monday"`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := who.settle(); err != nil {
				return err
			}
			return s.keepLessons(cmd.Context(), args[0], who, form)
		},
	}
	form.flag(c)
	who.flags(c)
	return c
}

func (s *shell) keepLessons(ctx context.Context, file string, who order, form format) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "read the lessons")
	}
	name, err := postincident.TicketOf(file, text)
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	k, _, err := app.Learn(settings)
	if err != nil {
		return err
	}
	return s.with(ctx, func(st *store.Store) error {
		tk, entries, err := timelineOf(ctx, st, name)
		if err != nil {
			return err
		}
		l, err := postincident.Read(file, text, app.KnownTo(k.Org, entries, s.now()))
		if err != nil {
			return err
		}
		l.Ticket = string(tk.ID)
		o := triage.Order{Ticket: tk.ID, Person: who.person, Reason: who.reason}
		made, err := app.NewAsker(st, k, s.now).KeepLessons(ctx, l, o, s.now())
		if err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(lessonsKept{tk.ID, made})
		}
		if err := s.print("Kept on ticket %s. To do:", tk.ID); err != nil {
			return err
		}
		return s.ticketTable(made)
	})
}
