package cli

import (
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

func (s *shell) oncallWithdraw() *cobra.Command {
	var a amending
	c := &cobra.Command{
		Use:   "withdraw CHANGE --reason TEXT",
		Short: "Take a change of a rota back",
		Long: `Has an override, a swap, a take or leave count no more from now on: what it said of the time before has been. CHANGE is its
whole name, as oncall changes shows it, or a beginning or end of it that no other has. It is refused where it would
leave a seat empty, as any change.`,
		Example: `  jobzero oncall withdraw 01JD7ZC0000000000000000001 --reason "the train is on time"`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.change(ctx, &a, func(w app.Watch, tx *store.Tx, now time.Time) (oncall.Change, error) {
				all, err := tx.Changes(ctx, "", now)
				if err != nil {
					return oncall.Change{}, err
				}
				id, err := pick("change", args[0], names(all, func(c oncall.Change) string { return c.ID }))
				if fault.Is(err, fault.NotFound) {
					err = fault.New(fault.NotFound, "there is no change %q that is not over: `jobzero oncall changes` shows them", args[0])
				}
				if err != nil {
					return oncall.Change{}, err
				}
				return w.Wish(ctx, tx, oncall.Wish{Kind: oncall.Withdrawal, Change: id}, a.order(w, now))
			})
		},
	}
	a.form.flag(c)
	a.who.flags(c)
	return c
}
