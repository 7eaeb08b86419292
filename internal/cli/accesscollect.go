package cli

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/access/estate"
	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/gather"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
	"jobzero/internal/inventory/kms"
	"jobzero/internal/inventory/organizations"
	"jobzero/internal/resource"
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

// collector is the work of one command.
type collector struct {
	shell *shell
	o     collecting
	org   *awsorg.Org
	read  *inventory.Catalogue
	live  gather.Gatherer
	bar   *bar
	done  int
	bad   int
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
	c := &collector{shell: s, o: o, bar: s.newCounter("reading")}
	defer c.bar.close()
	if c.org, err = awsorg.New(ctx, settings.AWS); err != nil {
		return err
	}
	defer c.org.Close()
	list := readers.Native()
	if settings.Sweep.CloudControl {
		list = readers.Readers()
	}
	if c.read, err = inventory.New(c.org, list...); err != nil {
		return err
	}
	c.live = gather.Gatherer{Entry: c.org, Watch: settings.Watch(), Miss: func(err error) error { return c.miss(ctx, err) }}
	if err := c.tree(ctx, settings); err != nil {
		return err
	}
	regions := map[string][]string{}
	var order []string
	for _, p := range places {
		if regions[p.account] == nil {
			order = append(order, p.account)
		}
		regions[p.account] = append(regions[p.account], p.region)
	}
	for _, account := range order {
		if err := c.account(ctx, account, regions[account]); err != nil {
			return err
		}
	}
	c.bar.close()
	if c.bad > 0 {
		return &said{fault.New(fault.Unavailable, "%s could not be read", plural(c.bad, "part"))}
	}
	s.complain("%s and %s read into %s", plural(len(order), "account"), plural(c.done, "resource"), o.dir)
	return nil
}

// tree reads the organisation through the account that may list it.
func (c *collector) tree(ctx context.Context, settings config.Config) error {
	at := slices.IndexFunc(settings.Accounts, func(a config.Account) bool { return a.Organization })
	if at < 0 {
		c.shell.complain("no account of the settings lists the organisation (organization: true): its policies are not read, and limit nobody in these files")
		return nil
	}
	cfg, err := c.org.Reader(ctx, settings.Accounts[at].ID, "")
	if err != nil {
		return c.miss(ctx, err)
	}
	root, err := organizations.Tree(ctx, cfg)
	if err != nil {
		return c.miss(ctx, err)
	}
	return c.write("organisation.json", func(w io.Writer) error { return json.NewEncoder(w).Encode(root) })
}

// miss tells what could not be read; the rest goes on, unless all of it has ended.
func (c *collector) miss(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.bar.hide()
	c.bad++
	c.shell.complain("jobzero: %v", err)
	return nil
}

// account reads one account.
func (c *collector) account(ctx context.Context, account string, regions []string) error {
	var users []string
	err := c.write(account+".iam.json", func(w io.Writer) (err error) {
		users, err = c.live.Details(ctx, account, w)
		return err
	})
	if err != nil {
		if err := c.miss(ctx, err); err != nil {
			return err
		}
	}
	if err := c.seats(ctx, account, regions, users); err != nil {
		return err
	}
	var keys []resource.Ref
	err = c.write(account+".resources.json", func(w io.Writer) error {
		return c.resources(ctx, w, account, regions, &keys)
	})
	if err != nil {
		return err
	}
	return c.write(account+".grants.json", func(w io.Writer) error { return c.grants(ctx, w, keys) })
}

// seats reads what the users of an account sign in and call with, and the directory of Identity Center where the account has it.
func (c *collector) seats(ctx context.Context, account string, regions, users []string) error {
	for _, part := range []struct {
		file string
		read func(io.Writer) error
	}{
		{".credentials.json", func(w io.Writer) error { return c.live.Credentials(ctx, account, users, w) }},
		{".report.json", func(w io.Writer) error { return c.live.Report(ctx, account, w) }},
		{".directory.json", func(w io.Writer) error {
			all, err := c.live.Instances(ctx, account, regions)
			for _, at := range all {
				if err == nil {
					err = c.live.Directory(ctx, at, w)
				}
			}
			return err
		}},
	} {
		if err := c.write(account+part.file, part.read); err != nil {
			if err := c.miss(ctx, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// resources writes a list of what has policies, data or code.
func (c *collector) resources(ctx context.Context, w io.Writer, account string, regions []string, keys *[]resource.Ref) error {
	types := slices.DeleteFunc(slices.Concat(estate.Types(), estate.Beside()), func(t resource.Type) bool { return !c.read.Reads(t) })
	out, sep := json.NewEncoder(w), "["
	count := c.bar.counts(account)
	err := c.read.Sweep(ctx, []string{account}, regions, types, func(r resource.Resource) error {
		if r.Type == resource.Key {
			*keys = append(*keys, resource.Ref{Type: r.Type, Account: account, Region: r.Region, ID: r.ARN})
		}
		if c.done++; count != nil {
			count(c.done, c.done)
		}
		_, err := io.WriteString(w, sep)
		sep = ","
		if err != nil {
			return err
		}
		return out.Encode(r)
	})
	if err != nil {
		if err := c.miss(ctx, err); err != nil {
			return err
		}
	}
	if sep == "[" {
		_, err = io.WriteString(w, "[]")
	} else {
		_, err = io.WriteString(w, "]")
	}
	return err
}

// grants writes those of keys, one answer for each key.
func (c *collector) grants(ctx context.Context, w io.Writer, keys []resource.Ref) error {
	for _, k := range keys {
		cfg, err := c.org.Reader(ctx, k.Account, k.Region)
		if err != nil {
			return err
		}
		list, err := kms.Grants(ctx, cfg, k.ID)
		if err != nil {
			if err := c.miss(ctx, err); err != nil {
				return err
			}
			continue
		}
		if len(list) == 0 {
			continue
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"Grants": list}); err != nil {
			return err
		}
	}
	return nil
}

// write makes a file as a whole, or leaves the one that was there. One without contents is not made.
func (c *collector) write(name string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(c.o.dir, "."+name+"-*")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "write into %s", c.o.dir)
	}
	defer os.Remove(f.Name())
	if err := fill(f); err != nil {
		_ = f.Close()
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Close()
	}
	target := filepath.Join(c.o.dir, name)
	switch {
	case err != nil:
	case info.Size() == 0:
		if err = os.Remove(target); os.IsNotExist(err) {
			err = nil
		}
	default:
		err = os.Rename(f.Name(), target)
	}
	return fault.Wrap(fault.Invalid, err, "write %s", target)
}
