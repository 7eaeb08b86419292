package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

func (s *shell) ticket() *cobra.Command {
	return group("ticket", "See and settle tickets",
		"A ticket is what must be settled: findings about one subject, with an owner, clocks and a timeline that cannot be edited unseen.",
		"  jobzero ticket list --state human\n  jobzero ticket show 01JD7Z",
		s.ticketList(), s.ticketShow(), s.ticketWatch(), s.ticketRates(), s.ticketReview(),
		s.ticketOrder(triage.Close, &cobra.Command{
			Use:   "close ID",
			Short: "Close a ticket",
			Long: `Closes a ticket because you say so. Its findings count as settled; should a later read show that one of them still holds,
the ticket opens again. Whoever reported what it is about, where it is a report's, reads why you close it.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
			Example: `  jobzero ticket close 4ZQX --reason "the bucket belongs to a drill"`,
		}),
		s.ticketOrder(triage.Reopen, &cobra.Command{
			Use:   "reopen ID",
			Short: "Give a ticket back to the software",
			Long: `Opens a ticket again that is closed or with a person: its findings are looked at afresh and playbooks may settle them.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
			Example: `  jobzero ticket reopen 4ZQX --reason "the role is there now, try again"`,
		}),
		s.ticketAssign(), s.ticketComment(),
	)
}

func (s *shell) ticketList() *cobra.Command {
	var (
		form   format
		filter ticket.Filter
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List tickets, newest first",
		Long:  "Lists the tickets of the store that `jobzero serve` with the same settings uses, newest first.",
		Example: `  jobzero ticket list
  jobzero ticket list --state human --severity high
  jobzero ticket list --format json | jq -r 'select(.state != "closed") | .id'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]ticket.Ticket, error) {
					return tx.Tickets(cmd.Context(), filter)
				})
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "tickets")
				if form == formatJSON {
					return list(s, found)
				}
				return s.ticketTable(found)
			})
		},
	}
	form.flag(c)
	wordsFlag(c, &filter.States, "state", "only in this state, repeatable", ticket.States())
	severityFlag(c, &filter.MinSeverity, "severity", "at least this severe")
	c.Flags().StringVar(&filter.Account, "account", "", "only of this `ACCOUNT`")
	c.Flags().StringVar(&filter.Owner, "owner", "", "only of this team or person (`NAME`)")
	limit(c, &filter.Limit, "tickets")
	return c
}

func (s *shell) ticketTable(found []ticket.Ticket) error {
	if len(found) == 0 {
		return s.print("No tickets.")
	}
	t := table{columns: []column{
		{name: "TICKET"},
		{name: "STATE", colour: stateColour},
		{name: "SEVERITY", colour: severityColour},
		{name: "TITLE", give: 3},
		{name: "SUBJECT", give: 3},
		{name: "OWNER", give: 1},
		{name: "OPENED"},
		{name: "TOOK"},
		{name: "LATE"},
	}}
	for _, k := range found {
		took := "-"
		if !k.Clocks.Closed.IsZero() {
			took = span(k.Clocks.Closed.Sub(k.Clocks.Opened))
		}
		t.add(string(k.ID), string(k.State), string(k.Severity), k.Title, about(k), owner(k.Owner), age(k.Clocks.Opened, s.now()), took, late(k, s.now()))
	}
	return t.write(s.out)
}

// late is by how much a ticket is, or was when it was closed, open for longer than it may be.
func late(k ticket.Ticket, now time.Time) string {
	if l := k.Late(now); l > 0 {
		return span(l)
	}
	return "-"
}

// about is the subject of a ticket in few words.
func about(k ticket.Ticket) string {
	if k.Resource != nil {
		return k.Resource.ID + " in " + k.Account
	}
	return who(subjectPrincipal(k.Subject)) + " in " + k.Account
}

// ticketOrder makes a command that asks something of a ticket.
func (s *shell) ticketOrder(verb func(context.Context, triage.Store, triage.Order, time.Time) error, c *cobra.Command) *cobra.Command {
	var (
		form format
		who  order
	)
	c.Args = arguments(cobra.ExactArgs(1))
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := who.settle(); err != nil {
			return err
		}
		ctx := cmd.Context()
		return s.with(ctx, func(st *store.Store) error {
			k, err := view(ctx, st, func(tx *store.Tx) (ticket.Ticket, error) { return findTicket(ctx, tx, args[0]) })
			if err != nil {
				return err
			}
			o := triage.Order{Ticket: k.ID, Person: who.person, Reason: who.reason}
			if err := verb(ctx, triageStore(st), o, s.now()); err != nil {
				return err
			}
			k, err = view(ctx, st, func(tx *store.Tx) (ticket.Ticket, error) { return tx.Ticket(ctx, k.ID) })
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(k)
			}
			return s.print("Ticket %s is %s.", k.ID, k.State)
		})
	}
	form.flag(c)
	who.flags(c)
	return c
}

// findTicket finds a ticket by its name, or a beginning or end of it.
func findTicket(ctx context.Context, tx *store.Tx, name string) (ticket.Ticket, error) {
	all, err := tx.Tickets(ctx, ticket.Filter{Limit: maxList})
	if err != nil {
		return ticket.Ticket{}, err
	}
	id, err := pick("ticket", name, names(all, func(k ticket.Ticket) string { return string(k.ID) }))
	if err != nil {
		return ticket.Ticket{}, err
	}
	return tx.Ticket(ctx, ticket.ID(id))
}
