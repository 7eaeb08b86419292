package cli

import (
	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

func (s *shell) notifyTest() *cobra.Command {
	var (
		form     format
		to       notice.To
		severity string
	)
	c := &cobra.Command{
		Use:   "test [--person PERSON] [--channel CHANNEL]",
		Short: "Tell somebody that this is a test, and say what came of it",
		Long: `Sends a message that says it is a test: to a person by each channel that reaches them, to a person by one channel, or to a
channel that several read. It sends at once, needs no running serve, has no buttons and keeps no delivery.

What a channel says is that it took the message; whether it came, only the person can say.

Exit code 1 means that a channel did not take it.`,
		Example: `  jobzero notify test --person kim
  jobzero notify test --person kim --channel sms --severity critical
  jobzero notify test --channel security --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == (notice.To{}) {
				return &misused{cmd.CommandPath(), fault.New(fault.Invalid, "say --person, --channel or both")}
			}
			how, err := finding.ParseSeverity(severity)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "--severity")
			}
			return s.tryChannels(cmd, form, to, how)
		},
	}
	form.flag(c)
	c.Flags().StringVar(&to.Person, "person", "", "`PERSON` of the organisation file")
	c.Flags().StringVar(&to.Channel, "channel", "", "`CHANNEL`: email, slack, sms, pagerduty, or one of the settings")
	levels := names(finding.Severities(), func(x finding.Severity) string { return string(x) })
	c.Flags().StringVar(&severity, "severity", string(finding.Low), "`SEVERITY` of the message: "+join(levels))
	complete(c, "severity", levels...)
	return c
}

func (s *shell) tryChannels(cmd *cobra.Command, form format, to notice.To, severity finding.Severity) error {
	ctx := cmd.Context()
	settings, err := s.settings()
	if err != nil {
		return err
	}
	k, _, err := app.Learn(settings)
	if err != nil {
		return err
	}
	way, err := awsorg.New(ctx, settings.AWS)
	if err != nil {
		return err
	}
	defer way.Close()
	m := notice.Message{
		Occasion: "test " + ulid.Make().String(), Kind: notice.Page, Severity: severity, Title: "This is a test of jobzero",
		Text: "Somebody tries whether this reaches you. There is nothing to do.",
	}
	tried, err := notify.Try(ctx, k.Ways(app.Channels(settings, way)), m, to, s.now())
	if err != nil {
		return err
	}
	if form == formatJSON {
		err = list(s, tried)
	} else {
		err = s.triedTable(tried)
	}
	if err != nil {
		return err
	}
	lost := 0
	for _, t := range tried {
		if t.Tried && !t.Taken {
			lost++
		}
	}
	switch {
	case lost > 0:
		return &failed{plural(lost, "channel") + " did not take it"}
	case !tried[0].Tried:
		return &failed{"no channel reaches " + to.String()}
	}
	return nil
}

func (s *shell) triedTable(tried []notify.Tried) error {
	t := table{columns: []column{{name: "CHANNEL"}, {name: "TAKEN", colour: stateColour}, {name: "ADDRESS"}, {name: "WHY", give: 1}}}
	for _, x := range tried {
		word := "not tried"
		switch {
		case x.Taken:
			word = "done"
		case x.Tried:
			word = "failed"
		}
		t.add(x.Channel, word, x.Address, x.Why)
	}
	return t.write(s.out)
}
