package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/check"
	"jobzero/internal/config"
	"jobzero/internal/design"
	"jobzero/internal/org"
	"jobzero/internal/stack/clicks"
)

// clicksOptions are what can be asked of changes by hand.
type clicksOptions struct {
	folding
	from []string
	by   string
	org  string
}

func (s *shell) accessClicks() *cobra.Command {
	var o clicksOptions
	c := &cobra.Command{
		Use:   "clicks [PATH…] [--ledger FILE|--from-store] [--from TEMPLATES…] [--by team|person] [--format table|json]",
		Short: "List what people changed in the console, and where it belongs as code",
		Long: `Lists the changes that people made by hand in the console, by the team that owns what was changed or by person: the
action, the resource, and what to change instead: the type and property of CloudFormation, and the resource and attribute of
Terraform. With --from the templates, plans or folders of Terraform that make the account, it says the file and line, too;
"perhaps" where only the name that CloudFormation would make of it fits.

Calls that only read, that were refused, and that no code has a place for, such as starting a machine, are left out; the
last are counted. What a service does for a person, such as CloudFormation the parts of a stack, was not done by hand. The
person is the one at the root of the session, as far as the logs tell.

` + folded,
		Example: `  jobzero access clicks --ledger use.ledger --since 2026-03-01
  jobzero access clicks ./AWSLogs --from infra/ --by person
  jobzero access clicks --ledger use.ledger --from infra/ --format json | jq -r 'select(.declared) | .declared[0].file'`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.runClicks(cmd.Context(), o, args) },
	}
	o.flags(c)
	f := c.Flags()
	f.StringSliceVar(&o.from, "from", nil, "templates, plans or folders (`PATH`) that make the account; repeatable")
	f.Var(&choice[string]{&o.by, []string{"team", "person"}}, "by", "in which order: team, person; otherwise the last first")
	complete(c, "by", "team", "person")
	f.StringVar(&o.org, "org", "", "`FILE` that says who owns what (default: that of the settings)")
	return c
}

func (s *shell) runClicks(ctx context.Context, o clicksOptions, logs []string) error {
	var settings config.Config
	var err error
	if config.Path(s.options.config) != "" {
		if settings, err = s.settings(); err != nil {
			return err
		}
	}
	owners, err := loaded(cmp.Or(o.org, settings.Org), wantOrg, org.Parse)
	if err != nil {
		return err
	}
	v, _, err := s.view(ctx, o.folding, "", logs)
	if err != nil {
		return err
	}
	all, doing := clicks.List(v, owners)
	if err := s.declared(ctx, all, o.from); err != nil {
		return err
	}
	if o.by != "" {
		slices.SortStableFunc(all, func(a, b clicks.Click) int {
			if o.by == "team" {
				return strings.Compare(a.Team, b.Team)
			}
			return strings.Compare(a.Person, b.Person)
		})
	}
	if o.form == formatJSON {
		err = list(s, all)
	} else if len(all) > 0 {
		err = s.clicksTable(all)
	}
	people := map[string]bool{}
	for _, c := range all {
		people[c.Person] = true
	}
	s.complain("By hand: %s by %s; %s that no code has a place for", counted(int64(len(all)), "change"), counted(int64(len(people)), "person"), counted(int64(doing), "call"))
	return err
}

// declared finds what was changed in the texts that make it.
func (s *shell) declared(ctx context.Context, all []clicks.Click, from []string) error {
	if len(from) == 0 {
		return nil
	}
	var inputs []check.Input
	for _, name := range from {
		in, err := check.InputOf(name)
		if err != nil {
			return err
		}
		inputs = append(inputs, in)
	}
	report, err := check.Documents(ctx, inputs, check.Options{}, func(d *design.Document) { clicks.Declare(all, d) })
	if err != nil {
		return err
	}
	for _, bad := range report.Unread {
		s.complain("jobzero: warning: not read: %v", bad)
	}
	return nil
}

func (s *shell) clicksTable(all []clicks.Click) error {
	t := table{columns: []column{
		{name: "TEAM", give: 1},
		{name: "PERSON", give: 2},
		{name: "ACTION", give: 1},
		{name: "RESOURCE", give: 2},
		{name: "ACCOUNT"},
		{name: "CALLS"},
		{name: "LAST"},
		{name: "INSTEAD", give: 2},
		{name: "TERRAFORM", give: 2},
		{name: "WHERE", give: 1},
	}}
	for _, c := range all {
		where := "-"
		for i, d := range c.Declared {
			text := d.Place.String() + " " + d.Name
			if d.Perhaps {
				text += " (perhaps)"
			}
			if where = text; i > 0 {
				where += ", …"
				break
			}
		}
		t.add(c.Team, c.Person, c.Action, cmp.Or(c.ID, c.Resource), c.Account, count(int64(c.Count)), stamp(c.Last), dash(c.Instead.String()), dash(c.Instead.Terraform), where)
	}
	return t.write(s.out)
}
