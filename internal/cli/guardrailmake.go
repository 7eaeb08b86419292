package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/guardrail"
)

// makeOptions are what those who make guardrails have in common.
type makeOptions struct {
	dirs      []string
	ids       []string
	out       string
	exempt    []string
	gentle    bool
	baseline  bool
	perimeter guardrail.Perimeter
	form      format
}

func (o *makeOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.dirs, "expectations", nil, "`DIR` of expectations, instead of the embedded ones; repeatable")
	f.StringSliceVar(&o.ids, "id", nil, "only this `EXPECTATION`; repeatable")
	f.StringVarP(&o.out, "out", "o", "", "`DIR` to write the files into, made when it does not exist; without it they are not written")
	o.form.flag(c)
}

// exemptFlag is for policies of an organisation.
func (o *makeOptions) exemptFlag(c *cobra.Command) {
	c.Flags().StringSliceVar(&o.exempt, "target-principals-exempt", nil, "`ARN` of a principal that nothing is denied to, * for anything in it; repeatable")
}

const makeLong = `

The table has each expectation, what is prevented of it (whole, part or nothing), by what, what is left open and why.
In JSON it is one object a line, with what is refused beside. --out writes the files.`

func (s *shell) guardrailsSCP() *cobra.Command {
	var o makeOptions
	c := &cobra.Command{
		Use:   "scp [--expectations DIR]… [--id EXPECTATION]… [--target-principals-exempt ARN]… [--gentle] [--baseline] [--out DIR]",
		Short: "Write service control policies that refuse what expectations refuse",
		Long: `Asks each expectation which values of which properties it refuses whatever else a resource says, and writes Deny statements for
the calls whose condition keys tell these values. What no call tells cannot be prevented by a policy: it is said, and why.

Statements that also refuse what is right are marked: a freeze denies a call that has no condition key as a whole. --gentle leaves
these out, and those that stop what runs. Service-linked roles and the management account are never bound.

A policy has at most 5,120 characters and a target five policies, one of which allows everything: four are made at most, what is
for the worst first; what does not fit is named. Try them with guardrails replay before you attach them.` + makeLong,
		Example: `  jobzero guardrails scp --out guardrails/ --target-principals-exempt 'arn:aws:iam::*:role/break-glass'
  jobzero guardrails scp --id ebs-volume-encrypted --id rds-instance-encrypted --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return s.runMake(o, func(g guardrail.Options) (guardrail.Made, error) { return guardrail.SCP(g) })
		},
	}
	o.flags(c)
	o.exemptFlag(c)
	f := c.Flags()
	f.BoolVar(&o.gentle, "gentle", false, "leave out what also refuses what is right, or stops what runs")
	f.BoolVar(&o.baseline, "baseline", false, "add what no expectation says: leaving the organisation, the root user, users and keys")
	return c
}

func (s *shell) guardrailsRCP() *cobra.Command {
	var o makeOptions
	c := &cobra.Command{
		Use:   "rcp --org-id ID [--expectations DIR]… [--id EXPECTATION]… [--trusted-account ID]… [--public-resource ARN]… [--out DIR]",
		Short: "Write resource control policies that take away what wrong resource policies give",
		Long: `Writes statements for the expectations about policies of resources: where they want nobody from outside, a perimeter of the
organisation for principals, and one for AWS services that act for others; where they want encrypted calls, a Deny of all others.
That a wrong policy is written is not prevented; what it would give is denied.

What is meant for everybody has to be named with --public-resource, or it is closed: websites, downloads, images of containers.` + makeLong,
		Example: `  jobzero guardrails rcp --org-id o-a1b2c3d4e5 --public-resource 'arn:aws:s3:::example-downloads/*' --out guardrails/`,
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return s.runMake(o, func(g guardrail.Options) (guardrail.Made, error) { return guardrail.RCP(g, o.perimeter) })
		},
	}
	o.flags(c)
	o.exemptFlag(c)
	f := c.Flags()
	f.StringVar(&o.perimeter.Organisation, "org-id", "", "`ID` of the organisation, o- and ten to 32 letters")
	f.StringSliceVar(&o.perimeter.Accounts, "trusted-account", nil, "`ID` of an account of others that is let in; repeatable")
	f.StringSliceVar(&o.perimeter.Resources, "public-resource", nil, "`ARN` of what is meant for everybody, * for anything in it; repeatable")
	return c
}

func (s *shell) guardrailsGuard() *cobra.Command {
	var o makeOptions
	c := &cobra.Command{
		Use:   "guard [--expectations DIR]… [--id EXPECTATION]… [--out DIR]",
		Short: "Write rules of CloudFormation Guard that say what expectations say",
		Long: `Writes a rule for each expectation that is simple enough for Guard. Rules give the verdicts of the expectations on properties that
are written out. What only deployment will tell, such as a parameter, is undecided to an expectation; to Guard it is a failure.` + makeLong,
		Example: `  jobzero guardrails guard --out rules/ && cfn-guard validate --rules rules/expectations.guard --data template.yaml`,
		Args:    arguments(cobra.NoArgs),
		RunE:    func(*cobra.Command, []string) error { return s.runMake(o, guardrail.GuardFile) },
	}
	o.flags(c)
	return c
}

func (s *shell) guardrailsConfig() *cobra.Command {
	var o makeOptions
	c := &cobra.Command{
		Use:   "config [--expectations DIR]… [--id EXPECTATION]… [--out DIR]",
		Short: "Write a conformance pack of AWS Config whose rules say what expectations say",
		Long: `Writes a conformance pack of AWS's managed rules, for the expectations that one says the same as. Config detects; it prevents
nothing. A pack has at most 130 rules and 51,200 bytes; what is for the worst comes first.` + makeLong,
		Example: `  jobzero guardrails config --out packs/
  aws configservice put-conformance-pack --conformance-pack-name jobzero --template-body file://packs/conformance-pack.yaml`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return s.runMake(o, guardrail.ConfigFile) },
	}
	o.flags(c)
	return c
}

// runMake makes guardrails, shows what they cover and writes the files.
func (s *shell) runMake(o makeOptions, build func(guardrail.Options) (guardrail.Made, error)) error {
	var settings config.Config
	var err error
	if config.Path(s.options.config) != "" {
		if settings, err = s.settings(); err != nil {
			return err
		}
	}
	set, err := s.expectations(o.dirs, settings.Content.Expectations)
	if err != nil {
		return err
	}
	list, err := chosen(set, o.ids)
	if err != nil {
		return err
	}
	for _, a := range o.exempt {
		if !strings.HasPrefix(a, "arn:") || strings.Count(a, ":") < 5 {
			return fault.New(fault.Invalid, "--target-principals-exempt %q: want the ARN of a role or user", a)
		}
	}
	m, err := build(guardrail.Options{Expectations: list, Exempt: o.exempt, Gentle: o.gentle, Baseline: o.baseline, Now: s.now()})
	if err != nil {
		return err
	}
	if err := s.showMade(m, o.form); err != nil {
		return err
	}
	return s.writeFiles(m, o.out)
}

// chosen are the expectations that were named, or all.
func chosen(set *expect.Set, ids []string) ([]*expect.Expectation, error) {
	if len(ids) == 0 {
		return set.All(), nil
	}
	var out []*expect.Expectation
	for _, id := range ids {
		e, ok := set.One(id)
		if !ok {
			return nil, fault.New(fault.Invalid, "--id %s: there is no such expectation", id)
		}
		out = append(out, e)
	}
	return out, nil
}

// showMade says what is prevented of each expectation: the most first, then the worst.
func (s *shell) showMade(m guardrail.Made, form format) error {
	rows := slices.Clone(m.Coverage)
	order := []guardrail.Extent{guardrail.Whole, guardrail.Part, guardrail.Nothing}
	slices.SortStableFunc(rows, func(a, b guardrail.Coverage) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Extent), slices.Index(order, b.Extent)), cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), cmp.Compare(a.Expectation, b.Expectation))
	})
	if form == formatJSON {
		return list(s, rows)
	}
	t := table{columns: []column{
		{name: "SEVERITY", colour: severityColour},
		{name: "EXPECTATION", give: 1},
		{name: m.Verb},
		{name: "BY", give: 2},
		{name: "LEFT OPEN, OR WHY NOT", give: 3},
	}}
	for _, c := range rows {
		words := append(slices.Clone(c.Leaves), c.Why)
		for _, cost := range c.Costs {
			words = append(words, "refuses too: "+cost)
		}
		rest := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "; ")
		t.add(string(c.Severity), c.Expectation, string(c.Extent), strings.Join(c.Statements, ", "), rest)
	}
	return t.write(s.out)
}

// writeFiles writes what was made, and says how large it is.
func (s *shell) writeFiles(m guardrail.Made, dir string) error {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return fault.Wrap(fault.Invalid, err, "--out")
		}
	}
	counts := map[guardrail.Extent]int{}
	for _, c := range m.Coverage {
		counts[c.Extent]++
	}
	s.complain("%s: %d as a whole, %d in part, %d not", plural(len(m.Coverage), "expectation"), counts[guardrail.Whole], counts[guardrail.Part], counts[guardrail.Nothing])
	for _, f := range m.Files {
		name := f.Name
		if dir != "" {
			name = filepath.Join(dir, f.Name)
			if err := os.WriteFile(name, f.Text, 0o644); err != nil { //nolint:gosec // policies are for everybody to read
				return fault.Wrap(fault.Unavailable, err, "write %s", name)
			}
		}
		s.complain("%s: %s", name, f.Measure())
	}
	for _, st := range m.LeftOut {
		s.complain("jobzero: warning: no room for %s (%s), for %s", st.Sid, st.Severity, strings.Join(st.For, ", "))
	}
	if len(m.Files) == 0 {
		s.complain("%s", fmt.Sprintf("nothing was made: none of it can be said in %s", m.Language))
	}
	return nil
}
