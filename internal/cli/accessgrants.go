package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/least"
)

// risky is a risk for programs.
type risky struct {
	Principal   string       `json:"principal"`
	Danger      least.Danger `json:"danger"`
	Why         string       `json:"why"`
	Policy      string       `json:"policy"`
	ARN         string       `json:"policyArn,omitempty"`
	Group       string       `json:"group,omitempty"`
	Statement   string       `json:"statement"`
	Actions     []string     `json:"actions"`
	Conditional bool         `json:"conditional,omitempty"`
}

func (s *shell) accessGrants() *cobra.Command {
	var o asking
	c := &cobra.Command{
		Use:   "grants [PRINCIPAL] --from FILE… [--format table|json]",
		Short: "Find grants that are a risk",
		Long: `Finds in the policies of a user, a role or a permission set, or of everybody: everything on everything; iam:PassRole of any role;
actions that change who may do what, or who reaches a resource, that give back credentials, and that read data, each on all
resources; and all actions of a service at once. A statement with conditions is found too, and said to have them: they may
be limit enough.

Exit codes: 0 there are none, 1 there are some, 2 it could not run.`,
		Example: `  jobzero access grants --from iam.json
  jobzero access grants arn:aws:iam::111122223333:role/deploy --from iam.json --format json | jq -r .actions[]`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return s.grants(c.Context(), args, &o) },
	}
	o.form.flag(c)
	o.knowing.flags(c)
	return c
}

func (s *shell) grants(ctx context.Context, who []string, o *asking) error {
	e, err := s.estate(ctx, &o.knowing)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		who = e.Holders()
	}
	t := table{columns: []column{{name: "PRINCIPAL", give: 1}, {name: "DANGER"}, {name: "POLICY", give: 1}, {name: "STATEMENT"}, {name: "ACTIONS", give: 2}}}
	found := 0
	for _, name := range who {
		subject, err := least.Find(e, name)
		if err != nil {
			return err
		}
		list, err := least.Risks(subject.Policies)
		if err != nil {
			return err
		}
		for _, arn := range subject.Unread {
			s.complain("note: the text of %s is not known, and %s may have more by it", clean(arn), clean(subject.Principal))
		}
		found += len(list)
		for _, r := range list {
			x := risky{subject.Principal, r.Danger, r.Danger.Why(), r.Held.Document.Name, r.Held.ARN, r.Held.Group, r.Statement.Name(), r.Actions, r.Conditional}
			if o.form == formatTable {
				t.add(x.Principal, string(x.Danger), x.Policy, x.Statement, x.shown())
			} else if err := s.object(x); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return nil
	}
	if o.form == formatTable {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("%s in the policies of %s", plural(found, "risk"), plural(len(who), "principal"))
	return &said{&failed{"there are risks"}}
}

// shown are a few of the actions.
func (x risky) shown() string {
	const most = 4
	out := strings.Join(x.Actions[:min(most, len(x.Actions))], ", ")
	if more := len(x.Actions) - most; more > 0 {
		out += " and " + plural(more, "other")
	}
	if x.Conditional {
		out += " (with conditions)"
	}
	return out
}
