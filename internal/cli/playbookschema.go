package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/app"
)

func (s *shell) playbookSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Show the language of playbooks as a JSON schema",
		Long: `Shows the language of playbooks as a JSON schema (draft 2020-12), for editors that complete and check while one writes. It
knows the form: keys, kinds of values, words to choose from, and the actions that there are. What conditions ask, and
whether what is named is loaded, is the business of jobzero playbook check.`,
		Example: `  jobzero playbook schema > playbook.schema.json`,
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			text, err := app.PlaybookSchema()
			if err != nil {
				return err
			}
			_, err = s.out.Write(text)
			return err
		},
	}
}
