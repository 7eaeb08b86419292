package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/guardrail/replay"
	"jobzero/internal/hunt"
	"jobzero/internal/org"
	"jobzero/internal/policy"
	"jobzero/internal/policy/lint"
	"jobzero/internal/policy/trail"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// pastOptions are what a person can say to guardrails replay.
type pastOptions struct {
	logFlags
	policies   []string
	kind       policy.Kind
	org        string
	orgID      string
	management string
	window     archive.Window
	parallel   int
	letters    string
	failOn     bool
	stats      bool
	form       format
}

func (s *shell) guardrailsReplay() *cobra.Command {
	o := pastOptions{kind: policy.SCP}
	c := &cobra.Command{
		Use:   "replay --policy FILE… [--kind scp|rcp] [--org FILE] [--org-id ID] [--management-account ID] [--since TIME] [--until TIME] PATH|s3://BUCKET/PREFIX…",
		Short: "Say which calls of the past a proposed policy would have denied, and who made them",
		Long: `Reads CloudTrail logs as replay and hunt do and decides each call by the policies. A call is denied, untouched, or undecided:
that is when the answer depends on something that CloudTrail does not record, such as tags of the principal; what it is, is named.

Policies that are named together are taken to be attached together, with the policy of AWS that allows everything beside them;
where one of them has an Allow, what no Allow is about is denied. Exempt, as in AWS, are the management account, service-linked
roles, AWS services (resource control policies do bind those), principals of other organisations (--org says which accounts
are ours), and records that are no calls. Calls that were refused already are exempt too: a policy breaks nothing there.

The groups are told by who was behind the calls, through all roles and sessions in between as far as the logs have them, by action
and statement, with one event as an example. denied + undecided + untouched + exempt are all events.

Calls that CloudTrail does not record are not seen: data events that no trail asks for, and iam:PassRole, which is judged with the
call that passes the role. Exit codes: 0 it ran, 1 --fail-on-denied and something is denied, 2 it could not run.`,
		Example: `  # What would have broken in the last month?
  jobzero guardrails replay --policy scp.json --org org.yaml --since 2026-03-01 s3://example-trail

  # In CI, for a change of a resource control policy
  jobzero guardrails replay --kind rcp --policy rcp.json --org org.yaml --org-id o-a1b2c3d4e5 --fail-on-denied ./AWSLogs`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runPast(cmd.Context(), o, args) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.policies, "policy", nil, "`FILE` of a proposed policy, in JSON; repeatable")
	kinds := []policy.Kind{policy.SCP, policy.RCP}
	f.Var(&choice[policy.Kind]{&o.kind, kinds}, "kind", "what the policies are: "+join(kinds))
	complete(c, "kind", kinds...)
	f.StringVar(&o.org, "org", "", "`FILE` that says which accounts there are")
	f.StringVar(&o.orgID, "org-id", "", "`ID` of the organisation, for aws:PrincipalOrgID")
	f.StringVar(&o.management, "management-account", "", "`ID` of the account that no policy binds")
	f.Var((*timeValue)(&o.window.Since), "since", "events from this time on (RFC 3339 or a date, UTC)")
	f.Var((*timeValue)(&o.window.Until), "until", "events before this time")
	f.StringSliceVar(&o.window.Accounts, "account", nil, "only this account `ID`; repeatable")
	f.StringSliceVar(&o.window.Regions, "region", nil, "only this `REGION`; repeatable")
	f.IntVar(&o.parallel, "parallel", 16, "how many objects of a bucket to fetch at once")
	f.BoolVar(&o.failOn, "fail-on-denied", false, "exit with 1 when a call would have been denied")
	f.BoolVar(&o.stats, "stats", false, "write one JSON object with the figures as the last line of the standard error")
	lettersFlag(c, &o.letters)
	o.logFlags.flags(c)
	o.form.flag(c)
	return c
}

// organisation joins what the options and the settings say.
func (s *shell) organisation(o pastOptions) (trail.Organisation, error) {
	out := trail.Organisation{ID: o.orgID, Management: o.management}
	if o.orgID != "" && !strings.HasPrefix(o.orgID, "o-") {
		return out, fault.New(fault.Invalid, "--org-id %q: want o- and ten to 32 letters", o.orgID)
	}
	if o.management != "" && (len(o.management) != 12 || strings.Trim(o.management, "0123456789") != "") {
		return out, fault.New(fault.Invalid, "--management-account %q: want twelve digits", o.management)
	}
	known, err := loaded(o.org, wantOrg, org.Parse)
	if err != nil || known == nil {
		return out, err
	}
	for _, a := range known.Accounts {
		out.Accounts = append(out.Accounts, a.ID)
	}
	return out, nil
}

// proposed reads the policies and says what is odd about them.
func (s *shell) proposed(o pastOptions) (policy.Set, error) {
	var docs []*policy.Document
	if len(o.policies) == 0 {
		return policy.Set{}, fault.New(fault.Invalid, "name the policy to try with --policy FILE")
	}
	for _, name := range o.policies {
		text, err := readSmall(name, "a file with a policy in JSON, for --policy")
		if err != nil {
			return policy.Set{}, err
		}
		d, odd, err := policy.Parse(name, o.kind, text)
		if err != nil {
			return policy.Set{}, err
		}
		for _, p := range append(odd, lint.Check(d)...) {
			s.complain("jobzero: warning: %s", p)
		}
		docs = append(docs, d)
	}
	return policy.NewSet(docs...), nil
}

func (s *shell) runPast(ctx context.Context, o pastOptions, args []string) error {
	if err := (huntOptions{window: o.window, parallel: o.parallel}).check(); err != nil {
		return err
	}
	set, err := s.proposed(o)
	if err != nil {
		return err
	}
	run := replay.Options{Kind: o.kind, Policies: set, Window: o.window, Now: s.now}
	if run.Organisation, err = s.organisation(o); err != nil {
		return err
	}
	if run.Logs, err = s.logs(o.logFlags); err != nil {
		return err
	}
	kept, err := openLetters(o.letters)
	if err != nil {
		return err
	}
	inputs, end, err := s.inputs(ctx, args, o.window)
	if err != nil {
		return err
	}
	defer end()
	for _, in := range inputs {
		if in.Streams != nil {
			run.Workers = o.parallel
		}
	}
	bar := s.newBar()
	defer bar.close()
	t := &tally{began: s.now(), cpu: cpuTime()}
	to := &telling{tally: t, kept: kept, bar: bar}
	run.Progress, run.Letter, run.Skipped = bar.progress(), to.Letter, to.Skipped
	report, err := replay.Run(ctx, inputs, run)
	bar.close()
	if (fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid)) && report.Stats == (file.Stats{}) {
		return err
	}
	t.read = hunt.Stats{Stats: report.Stats, Duplicates: report.Duplicates, Outside: report.Outside}
	t.end(s.now(), cpuTime())
	return s.concludePast(o, t, report, err)
}

// concludePast shows the groups, sums up and gives the exit code.
func (s *shell) concludePast(o pastOptions, t *tally, r *replay.Report, err error) error {
	stopped := errors.Is(err, context.Canceled)
	if err != nil && !stopped {
		s.complain("jobzero: %s", err)
	}
	if bad := s.showPast(r, o.form); bad != nil {
		return bad
	}
	s.sum(t, stopped, func() { s.sumPast(r) })
	if o.stats {
		if bad := writeJSON(s.err, pastFigures(r, t)); bad != nil {
			return bad
		}
	}
	switch {
	case err != nil:
		return &said{err}
	case o.failOn && r.Denied > 0:
		s.complain("jobzero: %s would have been denied", counted(r.Denied, "call"))
		return &said{&failed{}}
	}
	return nil
}

// showPast writes the groups.
func (s *shell) showPast(r *replay.Report, form format) error {
	if form == formatJSON {
		return list(s, r.Groups)
	}
	t := table{columns: []column{
		{name: "OUTCOME", colour: outcomeColour},
		{name: "BEHIND", give: 2},
		{name: "PRINCIPAL", give: 3},
		{name: "ACTION", give: 1},
		{name: "CALLS"},
		{name: "FIRST"},
		{name: "LAST"},
		{name: "STATEMENT", give: 1},
		{name: "NOT KNOWN", give: 2},
		{name: "EXAMPLE", give: 3},
	}}
	for _, g := range r.Groups {
		behind := g.Root
		if behind == "" {
			behind = "-"
		}
		t.add(string(g.Outcome), behind, g.Principal, g.Action, count(g.Count), stamp(g.First), stamp(g.Last), g.Statement, strings.Join(g.Unknown, ", "), g.Example)
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.write(s.out)
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format("2006-01-02 15:04")
}

func outcomeColour(cell string) string {
	switch policy.Outcome(cell) {
	case policy.Denied:
		return "31"
	case policy.Undecided:
		return "33"
	case policy.Untouched:
	}
	return ""
}

// sumPast says what became of all events.
func (s *shell) sumPast(r *replay.Report) {
	s.complain("%s: %s denied, %s undecided, %s untouched, %s exempt", counted(r.Events, "event"), count(r.Denied), count(r.Undecided), count(r.Untouched), count(r.Exempted()))
	for _, part := range []struct {
		title string
		of    map[string]int64
	}{{"Exempt", r.Exempt}, {"Not known", r.Unknown}} {
		var words []string
		for _, name := range byCount(part.of) {
			words = append(words, fmt.Sprintf("%s %s", count(part.of[name]), name))
		}
		if len(words) > 0 {
			s.complain("%s: %s", part.title, strings.Join(words, ", "))
		}
	}
	if r.Merged > 0 {
		s.complain("%s stand in groups without a principal, because there were too many of them", counted(r.Merged, "call"))
	}
}
