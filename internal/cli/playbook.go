package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

func (s *shell) playbook() *cobra.Command {
	return group("playbook", "See, check and run playbooks, and answer what they ask",
		"A playbook is what settles a finding: guards that have to hold, and steps. A run of it is carried out by a running serve, is\non record step by step, and can be paused, cancelled and taken back. It changes nothing where its mode is plan.",
		"  jobzero playbook list\n  jobzero playbook check ./playbooks\n  jobzero playbook test ./playbooks\n  jobzero playbook show close-public-bucket\n  jobzero playbook runs --state running",
		s.playbookCheck(), s.playbookTest(), s.playbookList(), s.playbookShow(), s.playbookGraph(), s.playbookSchema(),
		s.playbookRun(), s.playbookRuns(), s.playbookImport(), s.playbookExport(),
		s.playbookPause(), s.playbookResume(), s.playbookCancel(), s.playbookUndo(),
		s.playbookApprove(), s.playbookDeny(), s.playbookDone(), s.playbookFailed())
}

// playbooksInForce are those that serve with the same settings would use. What does not load is told as a warning.
func (s *shell) playbooksInForce() ([]book.Definition, error) {
	settings, err := s.settings()
	if err != nil {
		return nil, err
	}
	all, bad := app.Playbooks(settings)
	s.warn("", bad)
	slices.SortFunc(all, func(a, b book.Definition) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// onePlaybook finds a playbook by its ID, or a beginning or end of it.
func onePlaybook(all []book.Definition, name string) (book.Definition, error) {
	id, err := pick("playbook", name, names(all, func(d book.Definition) string { return d.ID }))
	if err != nil {
		return book.Definition{}, err
	}
	at := slices.IndexFunc(all, func(d book.Definition) bool { return d.ID == id })
	if at < 0 {
		return book.Definition{}, fault.New(fault.Internal, "playbook %s was there a moment ago", id)
	}
	return all[at], nil
}

// completePlaybooks lets the shell complete the ID of a playbook.
func (s *shell) completePlaybooks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	all, err := s.playbooksInForce()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return names(all, func(d book.Definition) string { return d.ID + "\t" + d.Title }), cobra.ShellCompDirectiveNoFileComp
}
