package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/fault"
)

func (s *shell) playbookTest() *cobra.Command {
	var (
		form    format
		verbose bool
	)
	c := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run the .test files beside playbooks",
		Long: `Runs the .test files that stand beside playbooks, with the same director that serve runs, a clock of the case's own, and actions
and people that the case plays; without a PATH those of the built-in playbooks. A PATH is a folder, with all below it, or a
single playbook or .test file. It is "jobzero test" for playbooks alone; what a .test file says is in docs/how-to.

Exit code 1 means that a case does not hold.`,
		Example: `  jobzero playbook test
  jobzero playbook test ./playbooks
  jobzero playbook test playbooks/contain-user.yml --verbose`,
		RunE: func(cmd *cobra.Command, args []string) error {
			settings, err := s.settings()
			if err != nil {
				return err
			}
			all, err := runTests(cmd.Context(), trial{books: bookTrial(settings), only: "playbook"}, args)
			if err != nil {
				return err
			}
			return s.showTests(all, form, verbose)
		},
	}
	form.flag(c)
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "list the cases that hold, too")
	return c
}

// foreign says that a .test file is for something else than what was asked for.
func (o trial) foreign(kind, name string) error {
	if o.only == "" || o.only == kind {
		return nil
	}
	return fault.New(fault.Invalid, "%s is beside no %s: `jobzero test` runs the tests of everything", name, o.only)
}
