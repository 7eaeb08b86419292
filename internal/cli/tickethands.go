package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

func (s *shell) ticketAssign() *cobra.Command {
	var to ticket.Owner
	assign := func(ctx context.Context, st triage.Store, o triage.Order, now time.Time) error {
		settings, err := s.settings()
		if err != nil {
			return err
		}
		k, _, err := app.Learn(settings)
		if err != nil {
			return err
		}
		if err := k.Org.MayOwn(to); err != nil {
			return err
		}
		return triage.Assign(ctx, st, o, to, now)
	}
	c := s.ticketOrder(assign, &cobra.Command{
		Use:   "assign ID [--team TEAM] [--to PERSON]",
		Short: "Give a ticket to a team or a person",
		Long: `Gives a ticket to a team, a person, or a person of a team, of the organisation file. A person alone takes it for the team that
has it. Once it is closed and the same comes again, whoever answers for it by the organisation file has it.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
		Example: `  jobzero ticket assign 4ZQX --to kim --reason "she wrote the pipeline"
  jobzero ticket assign 4ZQX --team storefront --reason "the bucket is theirs"`,
	})
	c.Flags().StringVar(&to.Team, "team", "", "`TEAM` of the organisation file")
	c.Flags().StringVar(&to.Person, "to", "", "`PERSON` of the organisation file, by id")
	return c
}

func (s *shell) ticketComment() *cobra.Command {
	return s.ticketOrder(triage.Comment, &cobra.Command{
		Use:   "comment ID",
		Short: "Say something on a ticket",
		Long: `Writes on the timeline of a ticket what you have to say, and changes nothing else of it. Nobody can take it back.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
		Example: `  jobzero ticket comment 4ZQX --reason "the vendor says that this is theirs, and mends it tonight"`,
	})
}
