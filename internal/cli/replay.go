package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/detect"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/intel"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/source/file"
)

// replayOptions are what a person can say to replay.
type replayOptions struct {
	rules   []string
	form    format
	stats   bool
	letters string
	lineage bool
	intel   []string
	deep    bool
	failOn  finding.Severity
}

func (s *shell) replay() *cobra.Command {
	var o replayOptions
	c := &cobra.Command{
		Use:   "replay [--rules DIR]… [--format table|json|ocsf] [--stats] [--dead-letters DIR] [--lineage] [--intel PATH]… PATH…",
		Short: "Read CloudTrail logs and say what happened in them",
		Long: `Reads CloudTrail logs from files and folders and judges each event by Sigma rules. Findings go to the standard output as they
are made; nothing is kept between runs.

A PATH is a file or a folder: .json, .json.gz, .jsonl, .zip, in any layout. JSON that is not CloudTrail is skipped and named.
What cannot be read becomes a dead letter: it is counted, named and, with --dead-letters, kept; the next record goes on.

With --rules only the rules of those folders count, and none of the embedded ones. A rule that does not load is a warning.

Rules may ask who is at the root of an event, through all roles and sessions in between: lineage.root, .kind, .account,
.name, .key, .strength, .hops and .chain. They are judged at the end, when all sessions are known, and their findings say who
it was. With --lineage every finding does; then everything is read twice, first for the sessions.

With --intel events are matched with threat intelligence too: a STIX 2.1 bundle, an event or a feed folder of MISP, a CSV with
type and value, or a list of one indicator a line. An indicator counts at the time of the event. Names, URLs and hashes in the
parameters of calls are looked at with --intel-deep.

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
	f := c.Flags()
	f.StringArrayVar(&o.rules, "rules", nil, "folder `DIR` of Sigma rules, with all below it; repeatable; replaces the embedded ones")
	o.form.flag(c, formatOCSF)
	f.BoolVar(&o.stats, "stats", false, "write one JSON object with the figures as the last line of the standard error")
	f.StringVar(&o.letters, "dead-letters", "", "folder `DIR` to keep what could not be read in, made when it does not exist")
	f.BoolVar(&o.lineage, "lineage", false, "say with every finding who is behind it; reads everything twice")
	f.StringArrayVar(&o.intel, "intel", nil, "file or feed folder at `PATH` with threat intelligence; repeatable")
	f.BoolVar(&o.deep, "intel-deep", false, "look for indicators in the parameters and answers of calls too, which takes longer")
	severityFlag(c, &o.failOn, "fail-on", "exit with 1 when a finding is at least this severe")
	for _, dir := range []string{"rules", "dead-letters"} {
		if err := c.MarkFlagDirname(dir); err != nil {
			panic(err) // the flag was made above
		}
	}
	return c
}

// runReplay reads, judges and writes, and says at the end what it did.
func (s *shell) runReplay(ctx context.Context, o replayOptions, paths []string) error {
	t := &tally{began: s.now(), cpu: cpuTime(), severities: map[finding.Severity]int{}}
	set, err := s.rules(o.rules)
	if err != nil {
		return err
	}
	b, engine := newBehind(set, o.lineage)
	known, bad, err := app.Indicators(o.intel, intel.Options{Deep: o.deep})
	s.warn("", bad)
	if err != nil {
		return err
	}
	if known != nil {
		engine = detect.Join(engine, known)
	}
	followed, bad := follow.New(set, chainOptions(b.graph))
	s.warn("", bad)
	if followed == nil {
		return bad[len(bad)-1]
	}
	var kept *letters // nil: they are only counted
	if o.letters != "" {
		if kept, err = openLetters(o.letters); err != nil {
			return err
		}
	}
	err = s.read(ctx, replaying{engine: engine, follow: followed, tally: t, kept: kept, behind: b}, o, paths)
	if fault.Is(err, fault.NotFound) && t.file == (file.Stats{}) {
		return err // nothing was read: there is nothing to sum up
	}
	t.end(s.now(), cpuTime())
	if err != nil && !errors.Is(err, context.Canceled) {
		s.complain("jobzero: %s", err)
	}
	if o.form == formatTable {
		s.sum(t, errors.Is(err, context.Canceled))
	} else if errors.Is(err, context.Canceled) {
		s.complain("jobzero: stopped before the end")
	}
	n := t.atLeast(o.failOn)
	if n > 0 {
		s.complain("jobzero: %s at or above %s", plural(n, "finding"), o.failOn)
	}
	if o.stats {
		if bad := writeJSON(s.err, t.stats()); bad != nil {
			return bad
		}
	}
	switch { // what there is to say was said above: the figures stay the last line
	case err != nil:
		return &said{err}
	case n > 0:
		return &said{&failed{}}
	}
	return nil
}
