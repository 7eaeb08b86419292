package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

func (s *shell) oncallFeed() *cobra.Command {
	var (
		rota string
		w    oncall.Wanted
		days int
		from moment
	)
	c := &cobra.Command{
		Use:   "feed [--person NAME] [--site NAME] [--days N] [--rota NAME]",
		Short: "Write the shifts as a calendar (iCalendar)",
		Long: `Writes the shifts of a person, of a site or of everybody as a calendar of RFC 5545, for any program that reads them. All times are
instants of UTC, which each reader shows by the clock of whoever looks.`,
		Example: `  jobzero oncall feed --person kim > kim.ics
  jobzero oncall feed --site Dublin --days 365 > dublin.ics`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkDays(days); err != nil {
				return err
			}
			ctx := cmd.Context()
			return s.duties(ctx, func(a app.Watch, tx *store.Tx) error {
				begin := from.or(s.now())
				p, err := s.plan(ctx, a, tx, rota, begin)
				if err != nil {
					return err
				}
				if err := wantedIn(p, w); err != nil {
					return err
				}
				_, err = s.out.Write([]byte(p.Feed(w, begin, begin.AddDate(0, 0, days), s.now())))
				return err
			})
		},
	}
	rotaFlag(c, &rota)
	c.Flags().StringVar(&w.Person, "person", "", "only shifts of this person (`NAME`)")
	c.Flags().StringVar(&w.Site, "site", "", "only shifts of this site (`NAME`)")
	c.Flags().IntVar(&days, "days", 90, "how many days (`N`)")
	c.Flags().Var(&from, "from", "from when on (`TIME`; default: now)")
	return c
}
