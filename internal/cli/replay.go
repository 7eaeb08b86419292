package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/hunt"
	"jobzero/internal/source/file"
)

func (s *shell) replay() *cobra.Command {
	var o reading
	var learn learnOptions
	c := &cobra.Command{
		Use:   "replay [--rules DIR]… [--format table|json|ocsf] [--stats] [--profile] [--dead-letters DIR] [--baselines] [--lineage] [--intel PATH]… PATH…",
		Short: "Read the logs that AWS writes and say what happened in them",
		Long: `Reads logs from files and folders and judges each event by the Sigma rules for its log. Findings go to the standard output as
they are made; nothing is kept between runs.

A PATH is a file or a folder: .json, .json.gz, .jsonl, .log, .log.gz, .zip, in any layout. Known by their content and name are
CloudTrail, VPC flow logs, queries of the Route 53 resolver, access logs of S3, CloudFront, API Gateway and application load
balancers, AWS WAF, audit logs of EKS, and what CloudWatch Logs sends to subscribers. All else is skipped and named.
What cannot be read becomes a dead letter: it is counted, named and, with --dead-letters, kept; the next record goes on.

Flow logs of a format of your own need --flow-format where no header line names their fields. What a log group holds is known
for the names that AWS chooses; --log-group says it for others, and where the parts of an event stand in an application's own
JSON. The settings say both as logs.

With --rules only the rules of those folders count, and none of the embedded ones. A rule that does not load is a warning.
With a file of settings its rules, placeholders, mappings and scopes count too; scopes only where the organisation is known.

Rules may ask who is at the root of an event, through all roles and sessions in between: lineage.root, .kind, .account,
.name, .key, .strength, .hops and .chain. They are judged at the end, when all sessions are known, and their findings say who
it was. With --lineage every finding does; then everything is read twice, first for the sessions.

With --intel events are matched with threat intelligence too: a STIX 2.1 bundle, an event or a feed folder of MISP, a CSV with
type and value, or a list of one indicator a line. An indicator counts at the time of the event. Names, URLs and hashes in the
parameters of calls are looked at with --intel-deep.

` + learnHelp + `

Exit codes: 0 it ran, 1 --fail-on found something, 2 it could not run.`,
		Example: `  # What happened?
  jobzero replay ./AWSLogs

  # Flow logs that came by way of CloudWatch Logs
  jobzero replay --log-group '/vpc/*=aws/vpcflow' ./stream

  # An application's log, with rules of your own for product shop, service orders
  jobzero replay --rules ./rules --log-group '/shop/*=shop/orders,name=event.action,time=at' ./stream

  # Only what matters, as JSON for other programs
  jobzero replay --format json ./AWSLogs | jq 'select(.severity == "critical")'

  # With your own rules, in CI
  jobzero replay --rules ./rules --fail-on high --stats --dead-letters ./unread logs.zip`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runReplay(cmd.Context(), o, learn, args) },
	}
	o.flags(c)
	learn.flags(c)
	return c
}

// runReplay reads, judges and writes, and says at the end what it did.
func (s *shell) runReplay(ctx context.Context, o reading, learn learnOptions, paths []string) error {
	set, err := s.rules(o.ruling)
	if err != nil {
		return err
	}
	learnt, err := learn.baselines()
	if err != nil {
		return err
	}
	return s.read(ctx, o, work{rules: set, inputs: file.Paths(paths...), hunt: hunt.Options{Learn: learnt}})
}
