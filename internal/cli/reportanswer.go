package cli

import (
	"strconv"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/report"
	"jobzero/internal/store"
)

func (s *shell) reportReply() *cobra.Command {
	var (
		form format
		who  order
	)
	c := &cobra.Command{
		Use:     "reply REPORT --reason TEXT",
		Short:   "Answer whoever reported it",
		Long:    "Answers whoever sent a report: they see it when they follow it by their code. REPORT is the whole name, which is that of its\nticket too.",
		Example: `  jobzero report reply 01JD7ZAAAAAAAAAAAAAAAAAAAA --reason "The key is changed. Thank you for telling us."`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := who.settle(); err != nil {
				return err
			}
			return s.reporting(cmd.Context(), func(r app.Reports, _ config.Config, people *org.Org) error {
				said, err := r.Reply(cmd.Context(), report.ID(args[0]), personIn(people, who.person), who.reason)
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(said.Replies)
				}
				return s.print("Answered: %s.", said.From())
			})
		},
	}
	form.flag(c)
	who.flags(c)
	return c
}

func (s *shell) reportFile() *cobra.Command {
	c := &cobra.Command{
		Use:   "file REPORT N",
		Short: "Write a file of a report",
		Long: `Writes the bytes of the N-th file of a report to the standard output. It comes from a stranger: its name is not used, and its
kind is what its first bytes are. Open it where it can do no harm.`,
		Example: "  jobzero report file 01JD7ZAAAAAAAAAAAAAAAAAAAA 1 > picture.png",
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return fault.New(fault.Invalid, "N is %q: want 1 for the first file", args[1])
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				_, data, err := app.Reports{Store: st}.File(cmd.Context(), report.ID(args[0]), n)
				if err != nil {
					return err
				}
				_, err = s.out.Write(data)
				return err
			})
		},
	}
	return c
}
