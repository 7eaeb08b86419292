package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/role"
)

// powerForm is how permissions answers.
type powerForm string

const (
	powerTable          powerForm = "table"
	powerJSON           powerForm = "json"
	powerCloudFormation powerForm = "cloudformation"
)

// permissionsOptions are those of permissions.
type permissionsOptions struct {
	role    string
	enabled bool
	protect bool
	account string
	hub     string
	queues  []string
	objects []string
	form    powerForm
}

func (s *shell) permissions() *cobra.Command {
	var o permissionsOptions
	c := &cobra.Command{
		Use:   "permissions [--role ROLE] [--enabled] [--account ID] [--protect] [--format FORMAT]",
		Short: "Write the least-privilege policies of jobzero's own roles",
		Long: `Writes what each of jobzero's roles has to be allowed, and nothing else: the reader that stands in every account, the responder
where something is enforced, the organization's role where Organizations and Identity Center are administered, and the hub that
the program runs as. The lists are what readers, actions and sources declare; each policy has at most 6,144 characters, so that
a managed policy can hold it.

Without --enabled every action that there is may be done. With it only what the settings let run: playbooks.enforce,
playbooks.mode and break_glass. A role for which nothing is switched on needs no policy, and need not exist.

--protect writes a service control policy instead, that keeps jobzero's roles, rules, queues, keys and stacks as they are.

In JSON it is one policy a line; as cloudformation, resources for a template.`,
		Example: `  jobzero permissions
  jobzero permissions --role responder --enabled --account 111122223333
  jobzero permissions --role reader --format json | jq .policy
  jobzero permissions --protect > protect.json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return s.runPermissions(o) },
	}
	forms := []powerForm{powerTable, powerJSON, powerCloudFormation}
	o.form = powerTable
	f := c.Flags()
	f.Var(&choice[powerForm]{&o.form, forms}, "format", "how to answer: "+join(forms))
	complete(c, "format", forms...)
	f.Var(&choice[string]{&o.role, roleWords()}, "role", "only of this `ROLE`: "+join(role.Names()))
	complete(c, "role", roleWords()...)
	f.BoolVar(&o.enabled, "enabled", false, "only what the settings let run")
	f.StringVar(&o.account, "account", "", "`ID` of the account that the roles stand in; without it any")
	f.StringVar(&o.hub, "hub-role", role.Prefix+"hub", "`NAME` of the role that the program runs as")
	f.StringSliceVar(&o.queues, "queue", nil, "`ARN` of a queue of the hub, * for anything in it; without it those of the settings; repeatable")
	f.StringSliceVar(&o.objects, "objects", nil, "`ARN` of the log files that the hub reads, * for anything in it; repeatable")
	f.BoolVar(&o.protect, "protect", false, "write the service control policy that protects the roles and what is installed with them")
	return c
}

func roleWords() (out []string) {
	for _, n := range role.Names() {
		out = append(out, string(n))
	}
	return out
}

func (s *shell) runPermissions(o permissionsOptions) error {
	if o.account != "" && !principal.IsAccount(o.account) {
		return fault.New(fault.Invalid, "--account %q: want twelve digits", o.account)
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	of, err := o.fill(settings)
	if err != nil {
		return err
	}
	if o.protect {
		return s.showProtect(of)
	}
	sets, err := o.policies(of)
	if err != nil {
		return err
	}
	return s.showPermissions(o, sets)
}

// policySet is all of one role.
type policySet struct {
	role   role.Name
	grants []role.Grant
	docs   []role.Document
}

func (o permissionsOptions) policies(of role.Options) (out []policySet, err error) {
	for _, n := range role.Names() {
		if o.role != "" && o.role != string(n) {
			continue
		}
		set := policySet{role: n, grants: role.Grants(n, of)}
		if set.docs, err = role.Documents(set.grants); err != nil {
			return nil, err
		}
		out = append(out, set)
	}
	return out, nil
}

// showProtect writes the policy as it is attached.
func (s *shell) showProtect(of role.Options) error {
	d, err := role.Protect(of)
	if err != nil {
		return err
	}
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
