package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// asking is what can and who-can have in common: what is known of policies, and of the call.
type asking struct {
	knowing
	context []string
	whole   bool
	form    format
}

const asked = `What is known stands in files and folders (--from), of any number of accounts: what GetAccountAuthorizationDetails answers; a
list of resources with their policies, each {"Resource": ARN, "Account": …, "Policy": {…}}; the tree of the organisation with
its policies, each node {"Id", "Arn", "Policies", "Children"}; what ListGrants of KMS answers; items and snapshots of AWS
Config; templates of CloudFormation, and folders and plans of Terraform, which say who could do what once they are made (in
the account of --account). A resource without a policy in any of them has none, but for keys and roles, which always have one.
Of a policy that is attached and is in no file, nothing is known.

A condition key that --context does not name may be in the call or not; with --whole it is not.`

func (o *asking) flags(c *cobra.Command) {
	o.form.flag(c)
	f := c.Flags()
	o.knowing.flags(c)
	f.StringArrayVar(&o.context, "context", nil, "`KEY=VALUE` of a condition key of the call; repeatable, for several values too")
	f.BoolVar(&o.whole, "whole", false, "there is nothing in the call but what is given")
}

// question is the call that is asked about.
func (o *asking) question(action, resource string) (estate.Question, error) {
	q := estate.Question{Action: action, Resource: resource, Whole: o.whole}
	if !strings.Contains(action, ":") {
		return q, fault.New(fault.Invalid, "action %s: want service:Name, such as s3:GetObject", action)
	}
	if resource != "*" && !strings.HasPrefix(resource, "arn:") {
		return q, fault.New(fault.Invalid, "resource %s: want an ARN, or * of an action that has none", resource)
	}
	var err error
	q.Context, err = o.keys()
	return q, err
}

// keys are the condition keys of the call.
func (o *asking) keys() (policy.Keys, error) {
	out := policy.Keys{}
	for _, given := range o.context {
		key, value, ok := strings.Cut(given, "=")
		if !ok || key == "" {
			return nil, fault.New(fault.Invalid, "--context %s: want KEY=VALUE, such as aws:SourceIp=203.0.113.7", given)
		}
		v := out[strings.ToLower(key)]
		v.State, v.Texts = policy.Present, append(v.Texts, value)
		out[strings.ToLower(key)] = v
	}
	return out, nil
}

func (s *shell) accessCan() *cobra.Command {
	var o asking
	c := &cobra.Command{
		Use:   "can PRINCIPAL ACTION RESOURCE --from FILE… [--context KEY=VALUE]… [--format table|json]",
		Short: "Say whether somebody can do something",
		Long: `Decides whether a user, a role or a session of one can make a call, and says by which statements.

` + asked + `

Exit codes: 0 allowed, 1 denied, 2 it could not run, 3 it hangs on what is not known.`,
		Example: `  aws iam get-account-authorization-details > iam.json
  jobzero access can arn:aws:iam::111122223333:role/deploy s3:PutObject arn:aws:s3:::shop/a.txt --from iam.json
  jobzero access can arn:aws:iam::111122223333:user/ana kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/1 --from iam.json \
    --from keys.json --context aws:SourceIp=203.0.113.7 --whole`,
		Args: arguments(cobra.ExactArgs(3)),
		RunE: func(c *cobra.Command, args []string) error {
			q, err := o.question(args[1], args[2])
			if err != nil {
				return err
			}
			e, err := s.estate(c.Context(), &o.knowing)
			if err != nil {
				return err
			}
			d, err := e.Can(args[0], q)
			if err != nil {
				return err
			}
			return s.showCan(d, o.form)
		},
	}
	o.flags(c)
	return c
}

// showCan answers, and gives the exit code.
func (s *shell) showCan(d access.Decision, form format) error {
	x := ruledOf(d)
	var err error
	if form == formatJSON {
		err = s.object(x)
	} else {
		err = s.print("%s: %s", x.Decision, x.because())
	}
	switch {
	case err != nil:
		return err
	case d.Outcome == access.Unknown:
		return &said{&unsure{"it hangs on what is not known"}}
	case d.Outcome != access.Allowed:
		return &said{&failed{"denied"}}
	}
	return nil
}

// able is somebody who can do something, or perhaps can.
type able struct {
	Principal string         `json:"principal"`
	Decision  access.Outcome `json:"decision"`
}

func (s *shell) accessWho() *cobra.Command {
	var o asking
	c := &cobra.Command{
		Use:   "who-can ACTION RESOURCE --from FILE… [--context KEY=VALUE]… [--format table|json]",
		Short: "Say who can do something",
		Long: `Lists all users and roles that can make a call, and those of whom that hangs on what is not known (Unknown).

` + asked,
		Example: `  jobzero access who-can s3:GetObject arn:aws:s3:::payroll/2026.csv --from iam.json --from buckets.json
  jobzero access who-can iam:PassRole '*' --from iam.json --format json | jq -r .principal`,
		Args: arguments(cobra.ExactArgs(2)),
		RunE: func(c *cobra.Command, args []string) error {
			q, err := o.question(args[0], args[1])
			if err != nil {
				return err
			}
			e, err := s.estate(c.Context(), &o.knowing)
			if err != nil {
				return err
			}
			can, perhaps := e.Who(q)
			return s.showWho(can, perhaps, len(e.Holders()), o.form)
		},
	}
	o.flags(c)
	return c
}

func (s *shell) showWho(can, perhaps []string, of int, form format) error {
	t := table{columns: []column{{name: "PRINCIPAL", give: 1}, {name: "DECISION", colour: decisionColour}}}
	for i, who := range append(can[:len(can):len(can)], perhaps...) {
		x := able{who, access.Allowed}
		if i >= len(can) {
			x.Decision = access.Unknown
		}
		if form == formatJSON {
			if err := s.object(x); err != nil {
				return err
			}
			continue
		}
		t.add(x.Principal, string(x.Decision))
	}
	if form == formatTable && len(can)+len(perhaps) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("of %d users and roles %d can, and %d perhaps", of, len(can), len(perhaps))
	return nil
}
