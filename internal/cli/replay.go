package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/source/file"
)

func (s *shell) replay() *cobra.Command {
	var o reading
	c := &cobra.Command{
		Use:   "replay [--rules DIR]… [--format table|json|ocsf] [--stats] [--profile] [--dead-letters DIR] PATH…",
		Short: "Read CloudTrail logs and say what happened in them",
		Long: `Reads CloudTrail logs from files and folders and judges each event by Sigma rules. Findings go to the standard output as they
are made; nothing is kept between runs.

A PATH is a file or a folder: .json, .json.gz, .jsonl, .zip, in any layout. JSON that is not CloudTrail is skipped and named.
What cannot be read becomes a dead letter: it is counted, named and, with --dead-letters, kept; the next record goes on.

With --rules only the rules of those folders count, and none of the embedded ones. A rule that does not load is a warning.
With a file of settings its rules, placeholders, mappings and scopes count too; scopes only where the organisation is known.

Exit codes: 0 it ran, 1 --fail-on found something, 2 it could not run.`,
		Example: `  # What happened?
  jobzero replay ./AWSLogs

  # Only what matters, as JSON for other programs
  jobzero replay --format json ./AWSLogs | jq 'select(.severity == "critical")'

  # With your own rules, in CI
  jobzero replay --rules ./rules --fail-on high --stats --dead-letters ./unread logs.zip`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runReplay(cmd.Context(), o, args) },
	}
	o.flags(c)
	return c
}

// runReplay reads, judges and writes, and says at the end what it did.
func (s *shell) runReplay(ctx context.Context, o reading, paths []string) error {
	set, err := s.rules(o.ruling)
	if err != nil {
		return err
	}
	return s.read(ctx, o, work{rules: set, inputs: file.Paths(paths...)})
}
