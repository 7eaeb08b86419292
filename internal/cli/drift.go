package cli

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/awsorg"
	"jobzero/internal/check"
	"jobzero/internal/config"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/stack"
)

// drifting is what a person can say to drift.
type drifting struct {
	accounts []string
	regions  []string
	stacks   []string
	template string
	params   []string
	all      bool
	form     format
}

func (s *shell) drift() *cobra.Command {
	var o drifting
	c := &cobra.Command{
		Use:   "drift [--account ID]… [--region REGION]… [--stack NAME]… [--template FILE] [--format table|json]",
		Short: "Say what is not any more as its template said",
		Long: `Reads the template, the parameters and the resources of every CloudFormation stack, reads live what was made, and says what is
not as the template says: changed, missing, added by hand, gone. CloudFormation's own detection of drift is not asked.

What a template does not say is no drift: AWS fills in defaults. More than it says counts in lists and maps that it wrote out,
such as rules, statements and tags. What cannot be compared, such as a password, is counted and never taken for the same: --all
names it.

The accounts and regions are those of the settings, or those that are named. With --template, a text of yours is held against what
is there: a template against the resources of one --stack, or without --stack a template, or a plan of Terraform, against the
resources whose names it gives.

Exit codes: 0 nothing differs, 1 something does, 2 it could not run or could not read something.`,
		Example: `  # All stacks of all accounts of the settings
  jobzero drift

  # One stack, with what could not be compared
  jobzero drift --account 111122223333 --region eu-central-1 --stack shop --all

  # What would the template in the repository change, or take back?
  jobzero drift --account 111122223333 --region eu-central-1 --stack shop --template shop.yaml

  # Is what Terraform planned still so?
  terraform show -json plan.out > plan.json
  jobzero drift --account 111122223333 --region eu-central-1 --template plan.json

  # For programs
  jobzero drift --format json | jq -r 'select(.kind == "added") | .stack + " " + .resource'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runDrift(cmd.Context(), o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.accounts, "account", nil, "only this account `ID`; repeatable")
	f.StringSliceVar(&o.regions, "region", nil, "only this `REGION`; repeatable")
	f.StringSliceVar(&o.stacks, "stack", nil, "only the stack of this `NAME`; repeatable")
	f.StringVar(&o.template, "template", "", "`FILE` with a template, or a plan of Terraform, in place of what the stack was made from")
	f.StringArrayVar(&o.params, "param", nil, "`NAME=VALUE` of a parameter of --template, in place of the stack's; repeatable")
	f.BoolVar(&o.all, "all", false, "name what could not be compared, too")
	o.form.flag(c)
	return c
}

// driftRun is the work of one command.
type driftRun struct {
	shell *shell
	o     drifting
	org   *awsorg.Org
	read  *inventory.Catalogue
	bar   *bar
	text  stack.Source
	rows  []driftRow
	sum   driftSum
	found map[string]int // stacks, by the name that was asked for
	bad   int            // stacks and lists that could not be read
}

func (s *shell) runDrift(ctx context.Context, o drifting) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	places, err := driftPlaces(o, settings)
	if err != nil {
		return err
	}
	r := &driftRun{shell: s, o: o, bar: s.newCounter("reading"), found: map[string]int{}}
	defer r.bar.close()
	if r.text.Parameters, err = parameters(o.params); err != nil {
		return err
	}
	if r.org, err = awsorg.New(ctx, settings.AWS); err != nil {
		return err
	}
	defer r.org.Close()
	list := readers.Native()
	if settings.Sweep.CloudControl {
		list = readers.Readers()
	}
	if r.read, err = inventory.New(r.org, list...); err != nil {
		return err
	}
	if o.template != "" {
		err = r.template(ctx, places)
	} else {
		err = r.everywhere(ctx, places)
	}
	r.bar.close()
	if err != nil {
		return err
	}
	return r.conclude()
}

// driftPlace is an account and a region.
type driftPlace struct{ account, region string }

// driftPlaces are those that are named, or those of the settings.
func driftPlaces(o drifting, c config.Config) ([]driftPlace, error) {
	var out []driftPlace
	accounts := o.accounts
	if len(accounts) == 0 {
		for _, a := range c.Accounts {
			accounts = append(accounts, a.ID)
		}
	}
	for _, id := range accounts {
		regions := o.regions
		if i := slices.IndexFunc(c.Accounts, func(a config.Account) bool { return a.ID == id }); len(regions) == 0 && i >= 0 {
			regions = c.Accounts[i].Regions
		}
		if len(regions) == 0 {
			regions = []string{c.AWS.Region}
		}
		for _, region := range regions {
			out = append(out, driftPlace{id, region})
		}
	}
	switch {
	case len(o.params) > 0 && o.template == "":
		return nil, fault.New(fault.Invalid, "--param goes with --template: a stack has parameters of its own")
	case len(out) == 0:
		return nil, fault.New(fault.Invalid, "no account: name one with --account, or write accounts into the settings")
	case o.template != "" && (len(out) > 1 || len(o.stacks) > 1):
		return nil, fault.New(fault.Invalid, "--template is held against one place: name one --account, one --region and at most one --stack")
	}
	return out, nil
}

func parameters(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range list {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, fault.New(fault.Invalid, "--param %q: want NAME=VALUE", p)
		}
		out[name] = value
	}
	return out, nil
}

// everywhere compares stacks with their own templates. What cannot be read is told, and the rest goes on.
func (r *driftRun) everywhere(ctx context.Context, places []driftPlace) error {
	nowhere := map[string]error{} // stacks that are named: each has to be somewhere
	for _, p := range places {
		names := r.o.stacks
		cfg, err := r.org.Reader(ctx, p.account, p.region)
		if err == nil && len(names) == 0 {
			names, err = cloudformation.List(ctx, cfg)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.complain(fault.Wrap(fault.CodeOf(err), err, "list the stacks of %s in %s", p.account, p.region))
			continue
		}
		for _, name := range names {
			err := r.stack(ctx, p, name)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case fault.Is(err, fault.NotFound):
				nowhere[name] = err
			case err != nil:
				r.complain(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(nowhere)) {
		if r.found[name] == 0 {
			r.complain(nowhere[name])
		}
	}
	return nil
}

func (r *driftRun) complain(err error) {
	r.bar.hide()
	r.bad++
	r.shell.complain("jobzero: %v", err)
}

func (r *driftRun) stack(ctx context.Context, p driftPlace, name string) error {
	cfg, err := r.org.Reader(ctx, p.account, p.region)
	if err != nil {
		return err
	}
	s, err := cloudformation.Read(ctx, cfg, p.account, name)
	if err != nil {
		return err
	}
	r.found[name]++
	h, err := stack.Hold(ctx, r.read, s, r.text, r.bar.counts(name))
	if err != nil {
		return err
	}
	r.take(p, s.Name, h.Compared)
	return nil
}

// template holds a text against a stack, or against what it names.
func (r *driftRun) template(ctx context.Context, places []driftPlace) error {
	p := places[0]
	in, err := check.InputOf(r.o.template)
	if err != nil {
		return err
	}
	if len(r.o.stacks) == 1 {
		if r.text.Text, err = fs.ReadFile(in.Files, in.Path); err != nil {
			return fault.Wrap(fault.Invalid, err, "read %s", r.o.template)
		}
		r.text.File = in.Shown + in.Path
		return r.stack(ctx, p, r.o.stacks[0])
	}
	docs, err := check.Read(in.Files, in.Path, cfn.Options{Account: p.account, Region: p.region, Parameters: r.text.Parameters})
	if err != nil {
		return err
	}
	w := drift.World{Account: p.account, Region: p.region}
	for _, d := range docs {
		compared, err := stack.Document(ctx, r.read, d, w, r.bar.counts(r.o.template))
		if err != nil {
			return err
		}
		r.take(p, path.Base(in.Path), compared)
	}
	return nil
}

// conclude answers, and gives the exit code.
func (r *driftRun) conclude() error {
	if err := r.show(); err != nil {
		return err
	}
	r.shell.complain("%s in %s: %s in %s, %s the same, %d not compared", plural(r.sum.resources, "resource"), plural(r.sum.stacks, "text"),
		plural(r.sum.different, "difference"), plural(r.sum.drifted, "resource"), plural(r.sum.same, "value"), r.sum.open)
	switch {
	case r.bad+r.sum.failed > 0:
		return &said{fault.New(fault.Invalid, "not all could be read")}
	case r.sum.different > 0:
		return &said{&failed{fmt.Sprintf("%d differ", r.sum.different)}}
	}
	return nil
}

// place is where a text says something.
func place(p design.Place) string { return cmp.Or(p.String(), "-") }
