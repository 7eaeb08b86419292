package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/org"
	"jobzero/internal/report"
)

func (s *shell) reportAdd() *cobra.Command {
	var (
		form  format
		text  string
		files []string
	)
	c := &cobra.Command{
		Use:   "add CODE [--text TEXT] [--file FILE]",
		Short: "Say more about your report, or answer",
		Long: `Adds words or files to the report of a code. Whoever answers for it is told. Your shell may keep the command in its history:
"--text -" reads the text from the standard input.`,
		Example: "  jobzero report add 3K7Q-8R2M-0ZXA-9T4B-VW6C-1D5E-FG --text \"It is still there.\" --file picture.png",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			code, err := report.ParseCode(args[0])
			if err != nil {
				return err
			}
			return s.addToReport(cmd.Context(), code, text, files, form)
		},
	}
	form.flag(c)
	c.Flags().StringVar(&text, "text", "", "what there is to say (`TEXT`); - reads it from the standard input")
	c.Flags().StringArrayVar(&files, "file", nil, "a `FILE` beside it; may be repeated")
	return c
}

func (s *shell) addToReport(ctx context.Context, code report.Code, text string, names []string, form format) error {
	text, files, err := s.saidWith(text, names)
	if err != nil {
		return err
	}
	return s.reporting(ctx, func(r app.Reports, _ config.Config, _ *org.Org) error {
		p, err := r.Add(ctx, code, text, files)
		if err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(p)
		}
		return s.print("Noted. Whoever answers for it is told.")
	})
}
