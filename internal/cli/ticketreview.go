package cli

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/rates"
	"jobzero/internal/triage"
)

// reviewing is what a person can say to review.
type reviewing struct {
	sample       int
	since        string
	right, wrong string
	who          order
	form         format
}

func (s *shell) ticketReview() *cobra.Command {
	var o reviewing
	c := &cobra.Command{
		Use:   "review [--sample N] [--since 30d] | --right ID | --wrong ID",
		Short: "Look at closings that no person had a part in, and say whether they were right",
		Long: `Shows some closings of software that nobody has reviewed, each as likely as any other; or keeps what you say of one. What was
closed wrongly is opened again, and no verdict closes the like of it for 30 days. ` + "`jobzero ticket rates`" + ` counts what people say.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
		Example: `  jobzero ticket review --sample 10
  jobzero ticket review --right 4ZQX --as kim --reason "the pipeline's change 1042"
  jobzero ticket review --wrong 4ZQX --as kim --reason "nobody ordered this deployment"`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.right != "" || o.wrong != "" {
				return s.judgeClosing(cmd.Context(), o)
			}
			return s.sampleClosings(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.IntVar(&o.sample, "sample", 10, "how many (`N`) to show, 1000 at most")
	f.StringVar(&o.since, "since", "30d", "only of tickets opened so many days ago or later (`DAYS`, such as 30d)")
	f.StringVar(&o.right, "right", "", "the ticket of this `ID` was closed rightly")
	f.StringVar(&o.wrong, "wrong", "", "the ticket of this `ID` was closed wrongly: open it again")
	f.StringVar(&o.who.person, "as", "", "your `NAME`, as the timeline shows it (default: the user of this machine)")
	f.StringVar(&o.who.reason, "reason", "", "`TEXT` that says why, as the timeline shows it")
	c.MarkFlagsMutuallyExclusive("right", "wrong")
	o.form.flag(c)
	return c
}

// judgeClosing keeps what a person says.
func (s *shell) judgeClosing(ctx context.Context, o reviewing) error {
	if err := o.who.settle(); err != nil {
		return err
	}
	return s.with(ctx, func(st *store.Store) error {
		k, err := view(ctx, st, func(tx *store.Tx) (ticket.Ticket, error) { return findTicket(ctx, tx, o.right+o.wrong) })
		if err != nil {
			return err
		}
		order := triage.Order{Ticket: k.ID, Person: o.who.person, Reason: o.who.reason}
		if err := triage.Review(ctx, triageStore(st), order, o.right != "", s.now()); err != nil {
			return err
		}
		k, err = view(ctx, st, func(tx *store.Tx) (ticket.Ticket, error) { return tx.Ticket(ctx, k.ID) })
		if err != nil {
			return err
		}
		if o.form == formatJSON {
			return s.object(k)
		}
		return s.print("Ticket %s is %s.", k.ID, k.State)
	})
}

// sampleClosings shows some that nobody has reviewed.
func (s *shell) sampleClosings(ctx context.Context, o reviewing) error {
	if o.sample < 1 || o.sample > maxList {
		return fault.New(fault.Invalid, "--sample %d: want 1 to %d", o.sample, maxList)
	}
	since, err := s.daysBack(o.since)
	if err != nil {
		return err
	}
	sample := rates.NewSample(o.sample, rand.IntN)
	if err := s.with(ctx, func(st *store.Store) error {
		_, err := app.Openings(ctx, st, since, sample.Show)
		return err
	}); err != nil {
		return err
	}
	found, all := sample.Cases()
	if o.form == formatJSON {
		return list(s, found)
	}
	if all == 0 {
		return s.print("No closing of software since %s waits for a review.", since.UTC().Format(time.DateOnly))
	}
	t := table{columns: []column{{name: "TICKET"}, {name: "CLOSED"}, {name: "PLAYBOOK", give: 1}, {name: "VERDICT", give: 1}, {name: "RULE", give: 2}, {name: "WHY", give: 3}}}
	for _, c := range found {
		t.add(string(c.Ticket), age(c.Closed, s.now()), orDash(c.Playbook), orDash(c.Closing), c.Rule, c.Reason)
	}
	if err := t.write(s.out); err != nil {
		return err
	}
	return s.print("%d of %s that nobody has reviewed. `jobzero ticket show ID` has what was known of one.", len(found), plural(all, "closing"))
}
