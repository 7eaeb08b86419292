package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/content"
	"jobzero/internal/check"
	"jobzero/internal/config"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
)

// reporting is how check answers.
type reporting string

const (
	reportTable  reporting = "table"
	reportJSON   reporting = "json"
	reportSARIF  reporting = "sarif"
	reportJUnit  reporting = "junit"
	reportGitHub reporting = "github"
)

// What is wanted of files that several commands take.
const (
	wantOrg     = "a file that says which accounts, units and teams there are, for --org"
	wantWaivers = "a file of waivers, for --waivers"
)

// checkOptions are what a person can say to check.
type checkOptions struct {
	dirs    []string
	params  []string
	org     string
	intent  string
	waivers string
	access  []string
	account string
	region  string
	all     bool
	fix     bool
	failOn  finding.Severity
	form    reporting

	baseline, writeBaseline string
}

func (s *shell) check() *cobra.Command {
	o := checkOptions{failOn: finding.Low, form: reportTable}
	c := &cobra.Command{
		Use:   "check [--expectations DIR]… [--waivers FILE] [--param NAME=VALUE]… [--format FORMAT] [--fail-on SEVERITY] PATH…",
		Short: "Hold templates and plans against what is expected, before anything is made",
		Long: `Reads CloudFormation templates (YAML, JSON, SAM), folders of the AWS CDK (cdk.out), folders of Terraform (.tf, .tf.json; without
Terraform) and plans of it (terraform show -json), items, histories and snapshots of AWS Config (also .json.gz) and kept calls of
CloudFormation hooks, and judges every resource in them by the expectations that the live account is judged by. No account and
no network are needed. A folder of Terraform that another one uses as a module is read with that one. In a folder, what is no
infrastructure is passed over and counted; a file that is named and cannot be read is an error.

With --access an expectation can ask what the texts come to together with what is there: who could read a bucket, how far a role
would reach (access.whoCan, access.reach and others: docs/how-to/expectations.md). Without, such questions are undecided.

A verdict is pass, fail, undecided, waived or known. Undecided is what only the making of it will tell, such as a parameter
without a value (--param gives it one): it is counted and shown, and is never a pass. A waiver that has expired waives nothing.

What was wrong before jobzero came need not stop everybody: --write-baseline notes what is not met, and with --baseline that is
known and does not fail. An entry is for an expectation, a resource and a file, not a line; those no longer needed are told.

Exit codes: 0 nothing fails that is at least --fail-on, 1 something does, 2 it could not run or could not read something.`,
		Example: `  # Before a merge
  jobzero check infra/

  # As production will get it
  jobzero check --param Environment=prod --account 111122223333 --region eu-central-1 shop.yaml

  # A folder of Terraform, with the variables that production has
  jobzero check --param env=prod infra/prod

  # What Terraform would make
  terraform show -json plan.out > plan.json && jobzero check plan.json

  # Mend what properties alone can mend, each change proved by a new check
  jobzero check --fix shop.yaml && git diff

  # With what the accounts hold already, as jobzero access collect wrote it
  jobzero check --access ./estate --account 111122223333 shop.yaml

  # From now on only what is new fails
  jobzero check --write-baseline baseline.json infra/
  jobzero check --baseline baseline.json infra/

  # Beside the lines of a pull request, and only what is high or worse stops it
  jobzero check --format github --fail-on high cdk.out`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runGate(cmd.Context(), o, args) },
	}
	o.flags(c)
	return c
}

func (o *checkOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.dirs, "expectations", nil, "`DIR` of expectations, instead of the embedded ones; repeatable")
	f.StringArrayVar(&o.params, "param", nil, "`NAME=VALUE` of a parameter of the templates, or a variable of Terraform; repeatable")
	f.StringVar(&o.org, "org", "", "`FILE` that says which accounts, units and teams there are")
	f.StringVar(&o.intent, "intent", "", "`FILE` that says what is meant to be public")
	f.StringVar(&o.waivers, "waivers", "", "`FILE` that says what need not be met, where, and until when")
	f.StringArrayVar(&o.access, "access", nil, "`PATH` of who there is and what they may do, as jobzero access takes it; repeatable")
	f.StringVar(&o.baseline, "baseline", "", "`FILE` of what was not met before, which does not fail")
	f.StringVar(&o.writeBaseline, "write-baseline", "", "write what is not met into a `FILE` for --baseline, and fail for none of it")
	f.StringVar(&o.account, "account", "", "`ID` of the account that it will be made in")
	f.StringVar(&o.region, "region", "", "`REGION` that it will be made in")
	f.BoolVar(&o.all, "all", false, "show what passes, too")
	f.BoolVar(&o.fix, "fix", false, "write into the templates what makes them meet the expectations, where properties alone do; comments and layout stay")
	severityFlag(c, &o.failOn, "fail-on", "the mildest `SEVERITY` that makes the exit code 1")
	forms := []reporting{reportTable, reportJSON, reportSARIF, reportJUnit, reportGitHub}
	f.Var(&choice[reporting]{&o.form, forms}, "format", "how to answer: "+join(forms))
	complete(c, "format", forms...)
}

func (s *shell) runGate(ctx context.Context, o checkOptions, paths []string) error {
	options, err := s.checking(o)
	if err != nil {
		return err
	}
	var inputs []check.Input
	for _, p := range paths {
		in, err := check.InputOf(p)
		if err != nil {
			return err
		}
		inputs = append(inputs, in)
	}
	if options.Access, err = s.supposed(ctx, o, inputs); err != nil {
		return err
	}
	if o.fix {
		if err := s.fixAll(ctx, inputs, options); err != nil {
			return err
		}
	}
	r, err := check.Run(ctx, inputs, options)
	if err != nil {
		return err
	}
	if err := s.know(r, o); err != nil {
		return err
	}
	if err := s.showReport(r, o); err != nil {
		return err
	}
	s.sumUp(r, o.baseline+o.writeBaseline != "")
	switch fails := r.Fails(o.failOn); {
	case len(r.Unread) > 0:
		return &said{fault.New(fault.Invalid, "%s could not be read", plural(len(r.Unread), "file"))}
	case fails > 0:
		return &said{&failed{fmt.Sprintf("%d not met", fails)}}
	}
	return nil
}

// know takes out what the baseline has, and writes the next one.
func (s *shell) know(r *check.Report, o checkOptions) error {
	before, err := loaded(o.baseline, "a baseline that --write-baseline has written", check.ParseBaseline)
	if err != nil {
		return err
	}
	for _, e := range r.Know(before) {
		s.complain("jobzero: %s: no longer needed: %s of %s in %s", o.baseline, e.Expectation, e.Resource, e.File)
	}
	if o.writeBaseline == "" {
		return nil
	}
	if len(r.Unread) > 0 { // what is wrong in them would be forgotten
		s.complain("jobzero: %s is not written: not all could be read", o.writeBaseline)
		return nil
	}
	var text bytes.Buffer
	if err := r.WriteBaseline(&text); err != nil {
		return err
	}
	after, err := check.ParseBaseline(o.writeBaseline, text.Bytes()) // one that could not be read again is not written
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.writeBaseline, text.Bytes(), 0o644); err != nil { //nolint:gosec // it belongs into the repository, for everybody
		return fault.Wrap(fault.Invalid, err, "write %s", o.writeBaseline)
	}
	r.Know(after)
	return nil
}

// checking joins the settings and the options.
func (s *shell) checking(o checkOptions) (out check.Options, err error) {
	var settings config.Config
	if config.Path(s.options.config) != "" {
		if settings, err = s.settings(); err != nil {
			return out, err
		}
	}
	out = check.Options{Now: s.now()}
	if out.Expectations, err = s.expectations(o.dirs, settings.Content.Expectations); err != nil {
		return out, err
	}
	if out.Org, err = loaded(cmp.Or(o.org, settings.Org), wantOrg, org.Parse); err != nil {
		return out, err
	}
	if out.Intent, err = loaded(cmp.Or(o.intent, settings.Intent), "a file of intent, for --intent", org.ParseIntent); err != nil {
		return out, err
	}
	waivers, err := loaded(cmp.Or(o.waivers, settings.Waivers), wantWaivers, org.ParseWaivers)
	if err != nil {
		return out, err
	}
	if err := out.Org.CheckWaivers(waivers, out.Expectations.IDs()); err != nil {
		return out, err
	}
	out.Waivers = waivers.In(out.Org)
	out.Template.Account, out.Template.Region = o.account, o.region
	out.Template.Parameters, err = parameters(o.params)
	return out, err
}

// loaded reads one file of people; no path means that there is none.
func loaded[T any](path, want string, parse func(string, []byte) (*T, error)) (*T, error) {
	if path == "" {
		return nil, nil
	}
	text, err := readSmall(path, want)
	if err != nil {
		return nil, err
	}
	return parse(path, text)
}

// expectations are those of the folders that were named, or else the embedded ones with those of the settings. The embedded ones,
// which are tested, are read when they are needed; of the others is told at once what is wrong with them.
func (s *shell) expectations(dirs, more []string) (*expect.Set, error) {
	var sets []*expect.Set
	if len(dirs) == 0 {
		embedded, err := expect.Open(content.FS(), "expectations")
		if err != nil {
			return nil, err
		}
		sets, dirs = append(sets, embedded), more
	}
	for _, dir := range dirs {
		fsys, root, err := folder(dir, "a folder of expectations, or one of them")
		if err != nil {
			return nil, err
		}
		found, bad := expect.Load(fsys, root)
		s.warn(dir, bad)
		sets = append(sets, found)
	}
	all := expect.Join(sets...)
	if len(all.IDs()) == 0 {
		return nil, fault.New(fault.Invalid, "there is no expectation in %s: want .yml or .yaml files", strings.Join(dirs, ", "))
	}
	return all, nil
}

func (s *shell) showReport(r *check.Report, o checkOptions) error {
	switch o.form {
	case reportJSON:
		return r.JSON(s.out)
	case reportSARIF:
		return r.SARIF(s.out, buildInfo().Version)
	case reportJUnit:
		return r.JUnit(s.out)
	case reportGitHub:
		return r.GitHub(s.out)
	case reportTable:
	}
	return s.reportTable(s.out, r, o.all)
}

// reportTable shows what fails first, the worst first; what passes only when it is asked for.
func (s *shell) reportTable(w io.Writer, r *check.Report, all bool) error {
	t := table{columns: []column{
		{name: "VERDICT", colour: verdictColour},
		{name: "SEVERITY", colour: severityColour},
		{name: "EXPECTATION", give: 1},
		{name: "RESOURCE", give: 1},
		{name: "PLACE", give: 1},
		{name: "REASON", give: 3},
	}}
	order := []check.Verdict{check.Fail, check.Undecided, check.Known, check.Waived, check.Pass}
	results := slices.Clone(r.Results)
	slices.SortStableFunc(results, func(a, b check.Result) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict)), cmp.Compare(b.Severity.Rank(), a.Severity.Rank()))
	})
	for _, x := range results {
		if x.Verdict != check.Pass || all {
			t.add(string(x.Verdict), string(x.Severity), x.Expectation.ID, x.Name, x.Place.String(), x.Reason)
		}
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.write(w)
}

// verdictColour is red for what fails and yellow for what is not known.
func verdictColour(cell string) string {
	switch check.Verdict(cell) {
	case check.Fail:
		return "31"
	case check.Undecided:
		return "33"
	case check.Pass, check.Waived, check.Known:
	}
	return ""
}

// sumUp says on the standard error what was read and what came of it.
func (s *shell) sumUp(r *check.Report, known bool) {
	for _, err := range r.Unread {
		s.complain("jobzero: %v", err)
	}
	for _, p := range r.Problems {
		s.complain("jobzero: warning: %s: %s", p.Place, p.Why)
	}
	if r.Documents == 0 && len(r.Unread) == 0 {
		s.complain("jobzero: warning: nothing was checked: no template, plan or folder of Terraform was found there")
	}
	other := ""
	if r.Other > 0 {
		other = fmt.Sprintf(", %s passed over", plural(r.Other, "other file"))
	}
	before := ""
	if known {
		before = fmt.Sprintf(", %d known", r.Count(check.Known))
	}
	s.complain("%s in %s%s: %d not met, %d undecided, %d waived, %d met%s", plural(r.Resources, "resource"),
		plural(r.Documents, "document"), other, r.Count(check.Fail), r.Count(check.Undecided), r.Count(check.Waived), r.Count(check.Pass), before)
}
