package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

func (s *shell) oncallWho() *cobra.Command {
	var (
		form format
		rota string
		at   moment
	)
	c := &cobra.Command{
		Use:   "who [--at TIME] [--rota NAME] [--format table|json]",
		Short: "Say who is on duty",
		Long: `Says who is primary and secondary at a time, since when and until when, and who is next. While a handoff waits to be accepted
the outgoing person is still primary, and until when is not known.`,
		Example: `  jobzero oncall who
  jobzero oncall who --at 2026-12-24T18:00Z
  jobzero oncall who --format json | jq -r .primary.person`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return s.duties(ctx, func(w app.Watch, tx *store.Tx) error {
				now := s.now()
				p, err := s.plan(ctx, w, tx, rota, at.or(now))
				if err != nil {
					return err
				}
				d := p.At(at.or(now))
				if tx != nil {
					if d, err = w.Duty(ctx, tx, rota, at.or(now), now); err != nil {
						return err
					}
				}
				if form == formatJSON {
					return s.object(d)
				}
				return s.showDuty(d)
			})
		},
	}
	form.flag(c)
	rotaFlag(c, &rota)
	c.Flags().Var(&at, "at", "when (`TIME`, such as 2026-12-24T18:00Z; default: now)")
	return c
}

func (s *shell) showDuty(d oncall.Duty) error {
	t := table{columns: []column{{name: "SEAT"}, {name: "PERSON", give: 1}, {name: "SITE", give: 1}, {name: "SINCE (UTC)"}, {name: "UNTIL (UTC)"}}}
	for _, l := range []struct {
		seat string
		h    oncall.Holder
	}{{"primary", d.Primary}, {"secondary", d.Secondary}, {"next", d.Next}} {
		until := instant(l.h.Until)
		if l.h.Until.IsZero() && d.Waiting != nil {
			until = "somebody accepts"
		}
		who := l.h.Person
		if who == "" {
			who = "nobody"
		}
		t.add(l.seat, who, l.h.Site, instant(l.h.Since), until)
	}
	if err := s.print("Rota %s at %s UTC", clean(d.Rota), instant(d.At)); err != nil {
		return err
	}
	if err := t.write(s.out); err != nil || d.Waiting == nil {
		return err
	}
	return s.print("Handoff %s has waited since %s UTC for %s.", d.Waiting.Handoff, instant(d.Waiting.Due), clean(strings.Join(d.Waiting.Asked, ", ")))
}

func (s *shell) oncallSchedule() *cobra.Command {
	var (
		form         format
		rota         string
		from         moment
		days         int
		person, site string
	)
	c := &cobra.Command{
		Use:   "schedule [--from TIME] [--days N] [--rota NAME] [--person NAME] [--site NAME] [--format table|json]",
		Short: "List the shifts to come",
		Long:  "Lists who has which shift, with what was changed: overrides, swaps, takes and leave. All times are UTC.",
		Example: `  jobzero oncall schedule --days 3
  jobzero oncall schedule --days 90 --person kim`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkDays(days); err != nil {
				return err
			}
			ctx := cmd.Context()
			return s.duties(ctx, func(w app.Watch, tx *store.Tx) error {
				begin := from.or(s.now())
				p, err := s.plan(ctx, w, tx, rota, begin)
				if err != nil {
					return err
				}
				if err := wantedIn(p, oncall.Wanted{Person: person, Site: site}); err != nil {
					return err
				}
				all := slices.DeleteFunc(p.Turns(begin, begin.AddDate(0, 0, days)), func(t oncall.Turn) bool {
					return site != "" && t.Site != site || person != "" && t.Primary != person && t.Secondary != person
				})
				if form == formatJSON {
					return list(s, all)
				}
				return s.showTurns(all)
			})
		},
	}
	form.flag(c)
	rotaFlag(c, &rota)
	c.Flags().Var(&from, "from", "from when on (`TIME`, such as 2026-12-24T18:00Z; default: now)")
	c.Flags().IntVar(&days, "days", 7, "how many days (`N`)")
	c.Flags().StringVar(&person, "person", "", "only shifts of this person (`NAME`)")
	c.Flags().StringVar(&site, "site", "", "only shifts of this site (`NAME`)")
	return c
}

func (s *shell) showTurns(all []oncall.Turn) error {
	if len(all) == 0 {
		return s.print("No shifts.")
	}
	t := table{columns: []column{
		{name: "FROM (UTC)"}, {name: "UNTIL (UTC)"}, {name: "SITE", give: 1}, {name: "PRIMARY", give: 1}, {name: "SECONDARY", give: 1}, {name: "NOTE", give: 3},
	}}
	for _, x := range all {
		note := x.Holiday
		if len(x.Changes) > 0 {
			note = strings.TrimPrefix(note+", changed", ", ")
		}
		t.add(minute(x.Start), minute(x.End), x.Site, or(x.Primary, "nobody"), or(x.Secondary, "nobody"), note)
	}
	return t.write(s.out)
}

// checkDays refuses times that make no sense.
func checkDays(days int) error {
	if days < 1 || days > 3660 {
		return fault.New(fault.Invalid, "--days %d: want 1 to 3660", days)
	}
	return nil
}

// wantedIn refuses a site that a rota does not have: nothing would be told of it, as of one that is never on duty.
func wantedIn(p *oncall.Plan, w oncall.Wanted) error {
	if w.Site != "" && !slices.Contains(p.Sites(), w.Site) {
		return fault.New(fault.NotFound, "rota %s has no site %q: it has %s", p.Rota(), w.Site, strings.Join(p.Sites(), ", "))
	}
	return nil
}

func minute(t time.Time) string { return t.UTC().Format("Mon 2006-01-02 15:04") }

func or(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}
