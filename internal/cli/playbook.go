package cli

import "github.com/spf13/cobra"

func (s *shell) playbook() *cobra.Command {
	return group("playbook", "Exchange playbooks with others",
		"A playbook is what settles a finding: guards that have to hold, and steps.",
		"  jobzero playbook import incident.json -o playbooks/\n  jobzero playbook export close-public-bucket",
		s.playbookImport(), s.playbookExport())
}
