package cli

import (
	"context"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/gather"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
)

func (s *shell) accessCollect() *cobra.Command {
	var o collecting
	c := &cobra.Command{
		Use:   "collect DIR [--account ID]… [--region REGION]…",
		Short: "Read who there is and what they may do from the live accounts into a folder",
		Long: `Reads from the accounts of the settings, or those that are named: every user, group and role with its policies, all credentials
of users and when they were used, the directory of Identity Center with who is assigned what, the resources that have policies,
data or code, the grants of keys, and the organisation's tree with its service and resource control policies. It writes them
into files that the other commands of access, and those of people, read (--from DIR), and that can be kept to ask later what
was so today. Nothing is changed in any account, but that IAM makes its credential report. Files that are there already are
replaced, each as a whole.

What could not be read is named and makes the exit code 2; the rest is written, and what a reader could not see of a resource
stands in it as unknown, so that no answer takes it for harmless.`,
		Example: `  jobzero access collect ./estate
  jobzero access who-can s3:GetObject arn:aws:s3:::payroll/2026.csv --from ./estate
  jobzero people leaver ana@example.com --from ./estate
  jobzero access collect ./estate --account 111122223333 --region eu-central-1 --region us-east-1`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = args[0]
			return s.runCollect(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.accounts, "account", nil, "only this account `ID`; repeatable")
	f.StringSliceVar(&o.regions, "region", nil, "only this `REGION`; repeatable")
	return c
}

// collecting is what a person can say to collect.
type collecting struct {
	dir               string
	accounts, regions []string
}

func (s *shell) runCollect(ctx context.Context, o collecting) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	places, err := driftPlaces(drifting{accounts: o.accounts, regions: o.regions}, settings)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return fault.Wrap(fault.Invalid, err, "make the folder %s", o.dir)
	}
	way, err := awsorg.New(ctx, settings.AWS)
	if err != nil {
		return err
	}
	defer way.Close()
	into, err := collector(way, settings, o.dir)
	if err != nil {
		return err
	}
	bar, bad, done := s.newCounter("reading"), 0, 0
	defer bar.close()
	into.Miss = func(err error) error { // the rest goes on, unless all of it has ended
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		bar.hide()
		bad++
		s.complain("jobzero: %v", err)
		return nil
	}
	var count func(done, all int)
	into.Count = func(string, int) {
		if done++; count != nil {
			count(done, done)
		}
	}
	if through := settings.Organization(); through == "" {
		s.complain("no account of the settings lists the organisation (organization: true): its policies are not read, and limit nobody in these files")
	} else if err := into.Tree(ctx, through); err != nil {
		return err
	}
	accounts := together(places)
	for _, a := range accounts {
		count = bar.counts(a.ID)
		if err := into.Account(ctx, a); err != nil {
			return err
		}
	}
	bar.close()
	if bad > 0 {
		return &said{fault.New(fault.Unavailable, "%s could not be read", plural(bad, "part"))}
	}
	s.complain("%s and %s read into %s", plural(len(accounts), "account"), plural(done, "resource"), o.dir)
	return nil
}

// collector is what reads into a folder by the settings.
func collector(way *awsorg.Org, settings config.Config, dir string) (gather.Folder, error) {
	list := readers.Native()
	if settings.Sweep.CloudControl {
		list = readers.Readers()
	}
	read, err := inventory.New(way, list...)
	return gather.Folder{Gatherer: gather.Gatherer{Entry: way, Watch: settings.Watch()}, Resources: read, Dir: dir}, err
}

// together has the regions of each account beside it, in the order of the accounts.
func together(places []driftPlace) (out []gather.Account) {
	for _, p := range places {
		at := slices.IndexFunc(out, func(a gather.Account) bool { return a.ID == p.account })
		if at < 0 {
			at = len(out)
			out = append(out, gather.Account{ID: p.account})
		}
		out[at].Regions = append(out[at].Regions, p.region)
	}
	return out
}
