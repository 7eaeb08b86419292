package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
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
	x, bad := newExplaining(set, o)
	s.warn("", bad)
	if x == nil {
		return bad[len(bad)-1]
	}
	if err := s.readEvents(ctx, o.events, set.logs, x); err != nil {
		return err
	}
	for _, d := range x.unread {
		s.complain("jobzero: warning: %s", d)
	}
	switch {
	case x.events == 0:
		return fault.New(fault.Invalid, "there is no CloudTrail record in what --event names: want one JSON record, or {\"Records\": […]}")
	case o.id != "" && !x.met:
		return fault.New(fault.NotFound, "none of the %s has the eventID %s", plural(x.events, "record"), o.id)
	}
	return s.showAccounts(x.accounts(), x.events, o.form)
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

// The limits of what is explained.
const (
	explainedFirings = 5
	explainedUnread  = 5
)

// explaining takes events and keeps what is worth explaining.
type explaining struct {
	id     string
	scopes *scope.Scopes
	rules  []*explained
	watch  *explain.Watch // nil: there is no correlation
	events int
	met    bool // the event that was asked for
	unread []string
}

// explained is one rule with the events that it fired on, and the one that came nearest.
type explained struct {
	rule    *sigma.Compiled
	engine  detect.Engine
	fired   []explain.Account
	more    int
	nearest *explain.Account
	near    float64
}

func newExplaining(set ruleset, o explainOptions) (*explaining, []error) {
	x := &explaining{id: o.id}
	if set.org != nil {
		x.scopes = scope.New(set.Set, set.org)
	}
	var bad []error
	if len(set.Correlations) > 0 && o.id == "" {
		if x.watch, bad = explain.NewWatch(set.Set); x.watch == nil {
			return nil, bad
		}
	}
	watched := map[string]bool{} // a correlation's rules are explained with it, unless one event is asked about
	for _, c := range set.Correlations {
		for _, from := range c.Sources {
			watched[fromID(from)] = true
		}
	}
	for _, r := range set.Rules {
		if x.watch == nil || !watched[r.ID] {
			x.rules = append(x.rules, &explained{rule: r, engine: sigma.NewEngine([]*sigma.Compiled{r}), near: -1})
		}
	}
	return x, bad
}

func fromID(s *sigma.Source) string {
	if s.Rule != nil {
		return s.Rule.ID
	}
	return s.Correlation.ID
}

// Event takes one record.
func (x *explaining) Event(e *event.Event) error {
	x.events++
	if x.id != "" && string(e.ID) != x.id {
		return nil
	}
	x.met = true
	if x.watch != nil {
		x.watch.Take(e)
	}
	for _, r := range x.rules {
		if err := r.take(e, x.scopes); err != nil {
			return fmt.Errorf("explain event %s: %w", e.ID, err)
		}
	}
	return nil
}

func (r *explained) take(e *event.Event, scopes *scope.Scopes) error {
	fires := len(r.engine.Detect(e.Record())) > 0
	if fires && len(r.fired) >= explainedFirings {
		r.more++
		return nil
	}
	a, err := explain.Of(r.rule, e, scopes)
	if err != nil {
		return err
	}
	if a.Verdict == explain.Fired {
		r.fired = append(r.fired, a)
	} else if near := a.Condition.Near(); near > r.near {
		r.near, r.nearest = near, &a
	}
	return nil
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

// accounts are what is to be said. Other judges of events add theirs here.
func (x *explaining) accounts() []explain.Account {
	var out []explain.Account
	if x.watch != nil {
		out = x.watch.End()
	}
	for _, r := range x.rules {
		switch {
		case len(r.fired) > 0:
			if r.more > 0 {
				last := &r.fired[len(r.fired)-1]
				last.Why += fmt.Sprintf(" (and it fired on %s more)", plural(r.more, "event"))
			}
			out = append(out, r.fired...)
		case r.nearest != nil:
			out = append(out, *r.nearest)
		}
	}
	return slices.Clip(out)
}
