package cli

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/org/burndown"
)

// humansOptions are what can be asked of people's access.
type humansOptions struct {
	folding
	by   burndown.By
	goal string
	org  string
}

func (s *shell) accessHumans() *cobra.Command {
	var o humansOptions
	c := &cobra.Command{
		Use:   "humans [PATH…] [--ledger FILE|--from-store] [--by team|person|account|day] [--goal FILE] [--format table|json]",
		Short: "Say which people touched data, and how far teams are from none",
		Long: `Lists, by day, which people read or wrote what is stored: objects, items, secrets, parameters, messages, what a key decrypts,
not the settings of what they are stored in. An IAM user counts as a person: no record tells a person from a program that has
the person's key. Uses of which nobody knows who was behind them are counted at the end: they may have been people.

--by adds up: sessions (one person in one principal in one account on one day), those with a call in the console, shells on
machines, reads and writes. A session is of the team that owns the account, a read of the team that owns what was read: only
who owns a system can make it run without people. Who owns what is said in --org FILE; what nobody owns is "unknown".

--goal FILE holds the last period of each team against its goal, which falls from a number at its start to one at its end. The
trend is against the period before, where the ledger has all of it. The file has, in YAML:

` + indented(burndown.Example()) + `
` + folded,
		Example: `  jobzero access humans --from-store --since 2026-03-01
  jobzero access humans --ledger use.ledger --by team --org org.yaml
  jobzero access humans --ledger use.ledger --goal zero.yaml --format json | jq -r 'select(.reads.over > 0) | .team'
  jobzero access humans ./AWSLogs --format json | jq -r .root.id | sort | uniq -c`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.runHumans(cmd.Context(), o, args) },
	}
	o.flags(c)
	f := c.Flags()
	f.Var(&choice[burndown.By]{&o.by, burndown.Ways()}, "by", "add up by this: "+join(burndown.Ways()))
	complete(c, "by", burndown.Ways()...)
	f.StringVar(&o.goal, "goal", "", "hold teams against the goals in this `FILE`")
	f.StringVar(&o.org, "org", "", "`FILE` that says who owns what (default: that of the settings)")
	return c
}

// indented is a text as a part of a longer one.
func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

func (s *shell) runHumans(ctx context.Context, o humansOptions, logs []string) error {
	if o.goal != "" && o.by != "" && o.by != burndown.ByTeam {
		return fault.New(fault.Invalid, "--goal is by team: leave --by %s out", o.by)
	}
	goals, owners, err := s.goals(o)
	if err != nil {
		return err
	}
	v, _, err := s.view(ctx, o.folding, "", logs)
	if err != nil {
		return err
	}
	if o.by == "" && o.goal == "" {
		return s.humansByDay(v, o.form)
	}
	all := burndown.Of(v, owners)
	if owners == nil {
		s.complain("Nobody said who owns what: name the file with --org, or in the settings")
	}
	if goals != nil {
		last := all.Last
		if !o.window.Until.IsZero() {
			last = o.window.Until.Add(-time.Second).UTC().Truncate(24 * time.Hour)
		}
		err = s.showProgress(all.Against(goals, last), o.form)
	} else {
		err = s.showHumans(all, o.by, o.form)
	}
	s.complain("Uses of data by nobody knows whom, who may have been people: %s", count(int64(all.Unknown)))
	return err
}

// goals reads what the command goes by.
func (s *shell) goals(o humansOptions) (*burndown.Goals, *org.Org, error) {
	var settings config.Config
	var err error
	if config.Path(s.options.config) != "" {
		if settings, err = s.settings(); err != nil {
			return nil, nil, err
		}
	}
	owners, err := loaded(cmp.Or(o.org, settings.Org), wantOrg, org.Parse)
	if err != nil {
		return nil, nil, err
	}
	g, err := loaded(o.goal, "a file of goals, for --goal", burndown.ParseGoals)
	if err != nil || g == nil {
		return nil, owners, err
	}
	return g, owners, g.Check(o.goal, owners)
}
