package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
)

func (s *shell) stopEnforcing() *cobra.Command {
	var off bool
	c := &cobra.Command{
		Use:   "stop-enforcing",
		Short: "Stop every change to the world, at once",
		Long: `Puts the kill switch on: no playbook changes anything in any account until it is let go of, however often jobzero is
started anew. Detection, expectations and tickets go on. The switch is kept in the store, so a running serve sees it before
its next call; it works before the first serve too. What takes rights away goes on: an undo that a person asks for, and the
end of break-glass.`,
		Example: `  jobzero stop-enforcing --reason "we do not understand what it is doing to the shop"
  jobzero stop-enforcing --off --reason "understood, the intent file was wrong"`,
	}
	s.brake(c, func() bool { return !off })
	c.Flags().BoolVar(&off, "off", false, "let go of the kill switch, as resume-enforcing does")
	return c
}

func (s *shell) resumeEnforcing() *cobra.Command {
	c := &cobra.Command{
		Use:   "resume-enforcing",
		Short: "Let go of the kill switch",
		Long:  "Lets go of the kill switch that stop-enforcing put on. What was held goes on where the settings say enforce.",
		Example: `  jobzero resume-enforcing --reason "understood, the intent file was wrong"
  jobzero resume-enforcing --as mia --reason "drill is over"`,
	}
	s.brake(c, func() bool { return false })
	return c
}

// brake makes a command that works the kill switch.
func (s *shell) brake(c *cobra.Command, on func() bool) {
	var (
		form format
		who  order
	)
	c.Args = arguments(cobra.NoArgs)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := who.settle(); err != nil {
			return err
		}
		settings, err := s.settings()
		if err != nil {
			return err
		}
		return s.open(cmd.Context(), settings, func(st *store.Store) error {
			b, err := pull(cmd.Context(), st, on(), playbook.Order{Person: who.person, Reason: who.reason}, s.now())
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(b)
			}
			if b.On {
				return s.print("Enforcing is stopped. `jobzero resume-enforcing` lets go again.")
			}
			return s.print("Enforcing goes on where the settings say so.")
		})
	}
	form.flag(c)
	who.flags(c)
}

func pull(ctx context.Context, st *store.Store, on bool, o playbook.Order, now time.Time) (effect.Brake, error) {
	verb := playbook.ResumeEnforcing
	if on {
		verb = playbook.StopEnforcing
	}
	if err := verb(ctx, playbookStore(st), o, now); err != nil {
		return effect.Brake{}, err
	}
	return view(ctx, st, func(tx *store.Tx) (effect.Brake, error) { return tx.Brake(ctx, playbook.EnforcementBrake) })
}
