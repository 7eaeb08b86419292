package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/action"
	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// askFor is what a person can say to playbook run.
type askFor struct {
	resource, account, region string
	who                       order
	form                      format
}

func (s *shell) playbookRun() *cobra.Command {
	var o askFor
	c := &cobra.Command{
		Use:   "run ID --resource KEY --reason TEXT [--account ACCOUNT] [--region REGION] [--as NAME]",
		Short: "Ask for a playbook to be run on a resource",
		Long: `Asks for a playbook to be run by hand: writes it down as a finding of the kind "asked", brings that to a ticket, and says
which. A running serve carries it out, in the mode that the settings give the playbook in the account. Only a playbook that
says so can be begun by hand (when: {hand: true}); whoever asks cannot agree to its steps as well.

KEY is type|account|region|id, as in the JSON of findings; for S3 and IAM the region is empty. type|id will do with
--account. A playbook of which each step says itself what it is done to needs only --account.`,
		Example: `  jobzero playbook run isolate-instance --resource 'AWS::EC2::Instance|111122223333|eu-central-1|i-0abc' --reason "it mines"
  jobzero playbook run end-sessions --resource 'AWS::IAM::Role|deploy' --account 111122223333 --reason "drill" --as mia`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: s.completePlaybooks,
		RunE:              func(cmd *cobra.Command, args []string) error { return s.askForRun(cmd, o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.resource, "resource", "", "`KEY` of the resource: type|account|region|id, or type|id")
	f.StringVar(&o.account, "account", "", "the `ACCOUNT`, where KEY does not say it")
	f.StringVar(&o.region, "region", "", "the `REGION`, where KEY does not say it")
	o.form.flag(c)
	o.who.flags(c)
	return c
}

// askedFor is what became of it.
type askedFor struct {
	Playbook string        `json:"playbook"`
	Ticket   ticket.ID     `json:"ticket"`
	Mode     playbook.Mode `json:"mode"`
}

func (s *shell) askForRun(cmd *cobra.Command, o askFor, name string) error {
	if err := o.who.settle(); err != nil {
		return err
	}
	on, err := o.on()
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	k, _, err := app.Learn(settings)
	if err != nil {
		return err
	}
	d, err := onePlaybook(k.Playbooks, name)
	if err != nil {
		return err
	}
	if err := takes(d, on); err != nil {
		return err
	}
	now := s.now()
	what := app.Asking{Playbook: d, On: on, Account: o.account, Region: o.region, Asker: o.who.person, For: app.NewOccasion(now), At: now}
	what.Why = o.who.person + " asks for it: " + o.who.reason
	if on != nil {
		what.Account = on.Account
	}
	return s.with(cmd.Context(), func(st *store.Store) error {
		tk, err := app.NewAsker(st, k, s.now).Ask(cmd.Context(), what, now)
		if err != nil {
			return err
		}
		a := askedFor{d.ID, tk.ID, settings.Playbooks.ModeFor(d.ID, what.Account)}
		if o.form == formatJSON {
			return s.object(a)
		}
		return s.print("Asked for: %s, mode %s. Ticket %s: a running serve carries it out.", a.Playbook, a.Mode, a.Ticket)
	})
}

// on is the resource that is named; nil: none is.
func (o askFor) on() (*resource.Ref, error) {
	if o.resource == "" {
		if o.account == "" {
			return nil, fault.New(fault.Invalid, "say what to run it on: --resource KEY, or --account where its steps say the rest themselves")
		}
		return nil, nil
	}
	if kind, id, two := strings.Cut(o.resource, "|"); two && kind != "" && id != "" && !strings.Contains(id, "|") {
		if o.account == "" {
			return nil, fault.New(fault.Invalid, "--resource %q does not say the account: add --account", o.resource)
		}
		return &resource.Ref{Type: resource.Type(kind), Account: o.account, Region: o.region, ID: id}, nil
	}
	ref, err := resource.ParseKey(o.resource)
	if err != nil {
		return nil, err
	}
	if o.account != "" && o.account != ref.Account || o.region != "" && o.region != ref.Region {
		return nil, fault.New(fault.Invalid, "--resource %q and --account or --region say different things: leave one out", o.resource)
	}
	return &ref, nil
}

// takes says no where no action of the playbook can be done to the resource.
func takes(d book.Definition, on *resource.Ref) error {
	var could []resource.Type
	for _, s := range d.All() {
		at := slices.IndexFunc(app.Actions(), func(a action.Info) bool { return a.ID == s.Action })
		if at < 0 || s.On != nil {
			continue
		}
		could = append(could, app.Actions()[at].Targets...)
	}
	switch {
	case len(could) == 0 || on != nil && slices.Contains(could, on.Type):
		return nil
	case on == nil:
		return fault.New(fault.Invalid, "playbook %s needs --resource: its steps do not say themselves what they are done to", d.ID)
	}
	slices.Sort(could)
	return fault.New(fault.Invalid, "playbook %s does nothing to %s: it is for %s", d.ID, on.Type, join(slices.Compact(could)))
}
