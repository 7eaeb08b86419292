package cli

import (
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// handoffVerb makes a command that says something of a handoff.
func (s *shell) handoffVerb(c *cobra.Command, verb func(h handoff.Handoff, args []string, who string, now time.Time) (handoff.Handoff, error), say func(handoff.Handoff) string) *cobra.Command {
	var (
		form format
		who  order
	)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		who.reason = "-" // what is said is the reason
		if err := who.settle(); err != nil {
			return err
		}
		c, w, err := s.watch("")
		if err != nil {
			return err
		}
		return s.open(ctx, c, func(st *store.Store) error {
			var next handoff.Handoff
			err := st.Update(ctx, func(tx *store.Tx) error {
				h, err := findHandoff(ctx, tx, args[0])
				if err != nil {
					return err
				}
				next, err = app.TurnHandoff(ctx, tx, h.ID, func(h handoff.Handoff) (handoff.Handoff, error) {
					return verb(h, args[1:], personIn(w.People, who.person), s.now())
				}, s.now())
				return err
			})
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(next)
			}
			return s.print("%s", clean(say(next)))
		})
	}
	form.flag(c)
	c.Flags().StringVar(&who.person, "as", "", "your `NAME`, as org.yaml has it (default: the user of this machine)")
	return c
}

func (s *shell) handoffNote() *cobra.Command {
	return s.handoffVerb(&cobra.Command{
		Use: "note ID TEXT", Short: "Add a note for those who come after",
		Long: `Adds a note to a handoff: what the next person should know and no row tells. It can be added before and after the hour,
and is never taken back.`,
		Example: `  jobzero oncall handoff note security-20261223T0900Z "the vendor calls back at ten"`,
		Args:    arguments(cobra.ExactArgs(2)),
	}, func(h handoff.Handoff, args []string, who string, now time.Time) (handoff.Handoff, error) {
		return h.Note(who, args[0], now)
	}, func(h handoff.Handoff) string {
		return "Handoff " + string(h.ID) + " has " + plural(len(h.Notes), "note") + "."
	})
}

func (s *shell) handoffAccept() *cobra.Command {
	return s.handoffVerb(&cobra.Command{
		Use: "accept ID", Short: "Take duty over",
		Long: "Accepts a handoff: from the hour on, or from now where it is over, you are primary. Only who was asked can;\n" +
			"`oncall take` is for everybody else.",
		Example: "  jobzero oncall handoff accept security-20261223T0900Z --as kim",
		Args:    arguments(cobra.ExactArgs(1)),
	}, func(h handoff.Handoff, _ []string, who string, now time.Time) (handoff.Handoff, error) {
		return h.AcceptBy(who, handoff.ByCommand, now)
	}, func(h handoff.Handoff) string {
		from := h.Due
		if h.AcceptedAt.After(from) {
			from = h.AcceptedAt
		}
		return h.AcceptedBy + " is on duty from " + instant(from) + " UTC."
	})
}
