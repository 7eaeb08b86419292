package cli

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/action"
	"jobzero/internal/app"
	"jobzero/internal/config"
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

// fill says for whom the policies are.
func (o permissionsOptions) fill(c config.Config) (role.Options, error) {
	all, err := infos()
	if err != nil {
		return role.Options{}, err
	}
	of := role.Options{
		Partition: c.AWS.Partition, Account: "*", Actions: all, Planned: all, CloudControl: true,
		Roles: map[role.Name]string{
			role.Reader: c.AWS.ReaderRole, role.Responder: c.AWS.ResponderRole, role.Organization: c.AWS.OrganizationRole, role.Hub: o.hub,
		},
		Queues: o.queues, Objects: o.objects,
	}
	if o.account != "" {
		of.Account = o.account
	}
	if o.enabled {
		if of.Actions, err = enabledIn(c, all, o.account); err != nil {
			return of, err
		}
		of.CloudControl = c.Sweep.CloudControl
	}
	if o.form == powerCloudFormation && !o.protect {
		of.Partition, of.Account = role.PseudoPartition, role.PseudoAccount
	}
	if len(of.Queues) == 0 {
		of.Queues = queuesOf(c, of.Partition)
	}
	if len(of.Objects) == 0 {
		of.Objects = objectsOf(c, of.Partition)
	}
	return of, nil
}

// enabledIn are the actions that the settings let run.
func enabledIn(c config.Config, all []action.Info, account string) ([]action.Info, error) {
	k, bad, err := app.Learn(c)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 { // a playbook that cannot be read runs nothing, but might be what is meant
		return nil, fault.Wrap(fault.Invalid, bad[0], "read the content")
	}
	return role.Switches{Playbooks: k.Playbooks, Config: c.Playbooks, Glass: c.BreakGlass, Account: account}.Enabled(all), nil
}

// queuesOf are the queues of the settings; where there are none yet, those that would be ours by their names.
func queuesOf(c config.Config, partition string) (out []string) {
	for _, q := range slices.Concat(c.Sources.EventBridge, c.Sources.S3) {
		u, err := url.Parse(q.URL)
		part := strings.Split(strings.Trim(urlPath(u), "/"), "/")
		if err != nil || len(part) != 2 {
			continue // config check says so
		}
		region := q.Region
		if region == "" {
			region = c.AWS.Region
		}
		out = append(out, "arn:"+partition+":sqs:"+region+":"+part[0]+":"+part[1])
	}
	switch {
	case partition == role.PseudoPartition: // a template is for queues that it makes itself
		return []string{"arn:" + partition + ":sqs:${AWS::Region}:" + role.PseudoAccount + ":" + role.Prefix + "*"}
	case len(out) == 0:
		return []string{"arn:" + partition + ":sqs:*:*:" + role.Prefix + "*"}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func urlPath(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Path
}

// objectsOf are the log files that the hub reads: those of the archive, and those that notifications name. In which buckets these lie is not
// in the settings; what AWS delivers lies under AWSLogs/.
func objectsOf(c config.Config, partition string) []string {
	out := []string{"arn:" + partition + ":s3:::*/AWSLogs/*"}
	for _, p := range c.Archive.Places {
		if rest, ok := strings.CutPrefix(p, "s3://"); ok {
			bucket, prefix, _ := strings.Cut(rest, "/")
			out = append(out, "arn:"+partition+":s3:::"+bucket+"/"+prefix+"*")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
