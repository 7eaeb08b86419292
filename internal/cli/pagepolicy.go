package cli

import (
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
)

// pagePolicy shows the policy. It stands where people look for it: with pages, and with who is on duty.
func (s *shell) pagePolicy(group string) *cobra.Command {
	var (
		form format
		file string
		text bool
	)
	c := &cobra.Command{
		Use:   "policy",
		Short: "Show, or check, who is asked and when",
		Long: `Shows the policy of the settings, or the built-in one: which tickets tell whom, one level after the other, until somebody
acknowledges them and when they are not fixed in time. A mistake in it is told with its place, and exits with 2. With
--check it is that file that is read, with the organisation of the settings.`,
		Example: strings.ReplaceAll(`  jobzero GROUP policy
  jobzero GROUP policy --text > escalation.yaml   # to begin from
  jobzero GROUP policy --check escalation.yaml`, "GROUP", group),
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if text && file == "" {
				_, err := s.out.Write([]byte(escalate.DefaultText()))
				return err
			}
			settings, err := s.settings()
			if err != nil {
				return err
			}
			owners, err := loaded(settings.Org, wantOrg, org.Parse)
			if err != nil {
				return err
			}
			if file != "" {
				if _, err := os.Stat(file); err != nil {
					return fault.Path(err, file, "a policy: `jobzero page policy --text` shows one")
				}
				settings.Escalation = file
			}
			p, err := app.Escalation(settings, owners)
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(p)
			}
			return s.policyText(p)
		},
	}
	form.flag(c)
	c.Flags().StringVar(&file, "check", "", "read this `FILE` instead of that of the settings")
	c.Flags().BoolVar(&text, "text", false, "the text of the built-in policy, with what it means")
	return c
}

func (s *shell) policyText(p escalate.Policy) error {
	if err := s.print("Policy %s. Quiet hours %s to %s. Tickets of one account, principal or rule within %s are one page, for %s at the most.\n",
		clean(p.File), p.Quiet.From, p.Quiet.Until, span(p.Group.Within.Of()), span(p.Group.Longest.Of())); err != nil {
		return err
	}
	t := table{columns: []column{{name: "LINE"}, {name: "FOR", give: 1}, {name: "CLOCK"}, {name: "LEVEL"}, {name: "ASKS", give: 3}, {name: "HAVE"}, {name: "QUIET"}, {name: "SNOOZE"}}}
	for _, l := range p.Lines {
		about := join(l.Severities)
		if len(l.Kinds) > 0 {
			about += " of kind " + join(l.Kinds)
		}
		quiet, snooze := "-", "-"
		if l.Quiet {
			quiet = "waits"
		}
		if l.Snooze > 0 {
			snooze = span(l.Snooze.Of())
		}
		if !l.Tells() {
			t.add(l.Name, about, "-", "-", "nobody", "-", "-", "-")
		}
		for i, level := range l.Acknowledge {
			t.add(l.Name, about, "acknowledge", strconv.Itoa(i+1), asks(level), span(level.Within.Of()), quiet, snooze)
		}
		for i, level := range l.Fix.Levels {
			t.add(l.Name, about, "fix in "+span(l.Fix.Within.Of()), strconv.Itoa(i+1), asks(level), span(level.Within.Of()), quiet, snooze)
		}
	}
	return t.write(s.out)
}

func asks(l escalate.Level) string {
	out := make([]string, len(l.Ask))
	for i, w := range l.Ask {
		out[i] = escalate.Describe(w)
	}
	return strings.Join(out, ", ")
}
