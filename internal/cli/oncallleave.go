package cli

import (
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

func (s *shell) oncallLeave() *cobra.Command {
	var (
		a           amending
		from, until moment
	)
	c := &cobra.Command{
		Use:   "leave PERSON --from DAY --until DAY --reason TEXT",
		Short: "Say that somebody is away",
		Long: `Says that a person is away from one day to another, both included, by the clock of his site. Others have his shifts, and
all other shifts stay as they are. It is refused where too few would be left, or while he is on duty.`,
		Example: `  jobzero oncall leave kim --from 2026-12-24 --until 2027-01-02 --reason "agreed in October"`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.change(ctx, &a, func(w app.Watch, tx *store.Tx, now time.Time) (oncall.Change, error) {
				who, o := personIn(w.People, args[0]), a.order(w, now)
				return w.Wish(ctx, tx, oncall.Wish{Kind: oncall.Away, Person: who, From: from.Time, Until: until.Time}, o)
			})
		},
	}
	a.form.flag(c)
	a.who.flags(c)
	c.Flags().Var(&from, "from", "the first `DAY`, such as 2026-12-24")
	c.Flags().Var(&until, "until", "the last `DAY`")
	for _, name := range []string{"from", "until"} {
		_ = c.MarkFlagRequired(name)
	}
	return c
}

func (s *shell) oncallChanges() *cobra.Command {
	var (
		form format
		rota string
		from moment
	)
	c := &cobra.Command{
		Use:   "changes [--from TIME] [--rota NAME] [--format table|json]",
		Short: "List what was changed in rotas",
		Long: `Lists overrides, swaps, takes, leave and withdrawals that are not over: what they say, who made them, when and why. A
later one counts over an earlier one.`,
		Example: `  jobzero oncall changes
  jobzero oncall changes --from 2026-01-01 --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return s.duties(ctx, func(_ app.Watch, tx *store.Tx) error {
				var all []oncall.Change
				if tx != nil {
					var err error
					if all, err = tx.Changes(ctx, rota, from.or(s.now())); err != nil {
						return err
					}
				}
				if form == formatJSON {
					return list(s, all)
				}
				return s.showChanges(all)
			})
		},
	}
	form.flag(c)
	c.Flags().StringVar(&rota, "rota", "", "only those of the rota of this `NAME`, and leave")
	c.Flags().Var(&from, "from", "those that are not over at this `TIME` (default: now)")
	return c
}

func (s *shell) showChanges(all []oncall.Change) error {
	if len(all) == 0 {
		return s.print("No changes.")
	}
	t := table{columns: []column{
		{name: "CHANGE"}, {name: "KIND"}, {name: "ROTA", give: 1}, {name: "SEAT"}, {name: "PERSON", give: 1}, {name: "FROM (UTC)"}, {name: "UNTIL (UTC)"}, {name: "BY", give: 1}, {name: "WHY", give: 3},
	}}
	for _, c := range all {
		for _, x := range c.Spans {
			t.add(c.ID, string(c.Kind), or(c.Rota, "all"), or(string(x.Seat), "-"), x.Person, minute(x.From), minute(x.Until), c.By, c.Why)
		}
	}
	return t.write(s.out)
}
