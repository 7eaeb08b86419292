package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/scope"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
)

// explainOptions are what a person can say to explain.
type explainOptions struct {
	ruling
	named  []string
	kinds  []string // of baselines
	learn  learnOptions
	events []string
	id     string
	form   format
}

func (s *shell) explain() *cobra.Command {
	var o explainOptions
	c := &cobra.Command{
		Use:   "explain {--rule FILE|ID [--rules DIR]… | --baseline KIND|all [PATH…]} --event FILE|- [--event-id ID] [--format table|json]",
		Short: "Say why a rule or baseline fired on an event, or which condition failed",
		Long: `Says what a rule makes of an event, step by step: each part of its condition, and of each line the field, what is wanted and what
is there. It says too when a filter left the event out, when the rule does not count in the event's account (--org), and when it
can never match here.

A rule is a file, or the id, name or title of a built-in one or of one in --rules. Filters of --rules and of the settings apply.
An event file holds one record or many, in any form that replay reads; - is the standard input. Of many records those that fire
are explained, the first five, or the one that comes nearest; --event-id picks one.

A correlation is explained by all records together: group by group what its window held and how far that is from the condition.

` + explainBaselineHelp + `

Exit codes: 0 it was explained, whatever the verdict, 2 it could not be.`,
		Example: `  # Why is my rule quiet?
  jobzero explain --rule my.yml --event record.json

  # Which condition failed for this event?
  jobzero explain --rule console-login-without-mfa --event ./AWSLogs --event-id 8f7e5a3c-0000-4000-8000-000000000001

  # What is unusual about this event, after a month of logs?
  jobzero explain --baseline all --event record.json ./AWSLogs

  # Is it a new network, for the serve that runs with these settings?
  jobzero explain --baseline network --event record.json --config jobzero.yaml`,
		Args: arguments(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(o.kinds) > 0 {
				return s.runExplainBaseline(cmd.Context(), o, args)
			}
			return s.runExplain(cmd.Context(), o, args)
		},
	}
	o.flags(c)
	f := c.Flags()
	f.StringArrayVar(&o.named, "rule", nil, "the rule: a `FILE`, or the id, name or title of a loaded one; repeatable")
	f.StringArrayVar(&o.kinds, "baseline", nil, "explain this `KIND` of baseline in place of a rule, or all; repeatable")
	complete(c, "baseline", append(baseline.Kinds(), allKinds)...)
	o.learn.tuning(f, "--baseline")
	f.StringArrayVar(&o.events, "event", nil, "`FILE` or folder of records, or - for the standard input; repeatable")
	f.StringVar(&o.id, "event-id", "", "explain the record with this eventID (`ID`)")
	o.form.flag(c)
	return c
}

func (s *shell) runExplain(ctx context.Context, o explainOptions, args []string) error {
	switch {
	case len(o.named) == 0 || len(o.events) == 0:
		return &misused{"jobzero explain", fault.New(fault.Invalid, "name a rule with --rule (or --baseline) and its events with --event")}
	case len(args) > 0 || len(o.learn.maps) > 0:
		return &misused{"jobzero explain", fault.New(fault.Invalid, "logs to learn from and --locations are for --baseline; the events of --rule come with --event")}
	}
	set, err := s.picked(o.named, o.ruling)
	if err != nil {
		return err
	}
	if len(set.Rules) == 0 {
		return fault.New(fault.Invalid, "no rule could be loaded from what was named")
	}
	var scopes *scope.Scopes
	if set.org != nil {
		scopes = scope.New(set.Set, set.org)
	}
	many, bad := explain.NewMany(set.Set, scopes, o.id)
	s.warn("", bad)
	if many == nil {
		return bad[len(bad)-1]
	}
	x := &explaining{Many: many}
	if err := s.readEvents(ctx, o.events, set.logs, x); err != nil {
		return err
	}
	for _, d := range x.unread {
		s.complain("jobzero: warning: %s", d)
	}
	switch {
	case x.Events() == 0:
		return fault.New(fault.Invalid, "there is no CloudTrail record in what --event names: want one JSON record, or {\"Records\": […]}")
	case o.id != "" && !x.Met():
		return fault.New(fault.NotFound, "none of the %s has the eventID %s", plural(x.Events(), "record"), o.id)
	}
	return s.showAccounts(x.Accounts(), x.Events(), o.form)
}

// readEvents reads the files, folders and the standard input that --event names.
func (s *shell) readEvents(ctx context.Context, names []string, known logs.Options, to file.Sink) error {
	var paths []string
	for _, name := range names {
		if name != "-" {
			paths = append(paths, name)
			continue
		}
		if _, err := file.Read(ctx, s.in, "standard input", file.Options{Now: s.now, Logs: known}, to); err != nil {
			return err
		}
	}
	if len(paths) == 0 {
		return nil
	}
	_, err := file.Walk(ctx, paths, file.Options{Now: s.now, Logs: known}, to)
	return err
}

// explainedUnread is how many of the things that could not be read are named.
const explainedUnread = 5

// explaining takes events, and notes what could not be read of them.
type explaining struct {
	*explain.Many
	unread []string
}

// DeadLetter takes what could not be read.
func (x *explaining) DeadLetter(d source.DeadLetter) error {
	if len(x.unread) < explainedUnread {
		x.unread = append(x.unread, d.Origin.String()+": "+d.Reason)
	}
	return nil
}

// Skipped takes what was no log.
func (x *explaining) Skipped(path, reason string) {
	if len(x.unread) < explainedUnread {
		x.unread = append(x.unread, path+": "+reason)
	}
}
