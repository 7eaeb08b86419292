package cli

import (
	"context"
	"regexp"
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
	on, resource, account, region string
	inputs                        []string
	who                           order
	form                          format
}

func (s *shell) playbookRun() *cobra.Command {
	var o askFor
	c := &cobra.Command{
		Use:   "run ID --on TICKET|KEY --reason TEXT [--account ACCOUNT] [--region REGION] [--input NAME=TEXT]… [--as NAME]",
		Short: "Ask for a playbook to be run on a resource or for a ticket",
		Long: `Asks for a playbook to be run by hand: writes it down as a finding of the kind "asked", brings that to a ticket, and says
which. A running serve carries it out, in the mode that the settings give the playbook in the account. Only a playbook that
says so can be begun by hand (when: {hand: true}); whoever asks cannot agree to its steps as well.

KEY is type|account|region|id, as in the JSON of findings; for S3 and IAM the region is empty. type|id will do with
--account. A playbook of which each step says itself what it is done to needs only --account. With a TICKET, its name or an
end of it, the playbook is run on what the ticket is about, and on that ticket; otherwise a ticket is opened for the order, or
the one that is open about the same resource takes it.

What --input says, the playbook's expressions read as input.NAME.`,
		Example: `  jobzero playbook run isolate-instance --on 'AWS::EC2::Instance|111122223333|eu-central-1|i-0abc' --reason "it mines"
  jobzero playbook run isolate-instance --on 4ZQX --reason "the owner agrees" --input case=INC-7
  jobzero playbook run end-sessions --on 'AWS::IAM::Role|deploy' --account 111122223333 --reason "drill" --as mia`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: s.completePlaybooks,
		RunE:              func(cmd *cobra.Command, args []string) error { return s.askForRun(cmd, o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.on, "on", "", "a `TICKET`, or the KEY of a resource: type|account|region|id, or type|id")
	f.StringVar(&o.resource, "resource", "", "the same as --on, of a resource only: its `KEY`")
	f.StringArrayVar(&o.inputs, "input", nil, "`NAME=TEXT` that the playbook's expressions read as input.NAME; may be repeated")
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
	input, err := o.input()
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
	if o.on != "" && !strings.Contains(o.on, "|") {
		return s.with(cmd.Context(), func(st *store.Store) error {
			what, err := s.onTicket(cmd.Context(), st, o, d)
			if err != nil {
				return err
			}
			what.Input = input
			return s.ask(cmd.Context(), st, k, what, o)
		})
	}
	on, err := o.target()
	if err != nil {
		return err
	}
	if err := takes(d, on); err != nil {
		return err
	}
	what := app.Asking{Playbook: d, On: on, Account: o.account, Region: o.region, Input: input}
	if on != nil {
		what.Account = on.Account
	}
	return s.with(cmd.Context(), func(st *store.Store) error { return s.ask(cmd.Context(), st, k, what, o) })
}

// ask writes the order down, and says on which ticket.
func (s *shell) ask(ctx context.Context, st *store.Store, k *app.Knowledge, what app.Asking, o askFor) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	now := s.now()
	what.Asker, what.For, what.At, what.Why = o.who.person, app.NewOccasion(now), now, o.who.person+" asks for it: "+o.who.reason
	tk, err := app.NewAsker(st, k, s.now).Ask(ctx, what, now)
	if err != nil {
		return err
	}
	a := askedFor{what.Playbook.ID, tk.ID, settings.Playbooks.ModeFor(what.Playbook.ID, what.Account)}
	if o.form == formatJSON {
		return s.object(a)
	}
	return s.print("Asked for: %s, mode %s. Ticket %s: a running serve carries it out.", a.Playbook, a.Mode, a.Ticket)
}

// onTicket is the order for what a ticket is about, joined to that ticket.
func (s *shell) onTicket(ctx context.Context, st *store.Store, o askFor, d book.Definition) (what app.Asking, err error) {
	if o.resource != "" || o.account != "" || o.region != "" {
		return what, fault.New(fault.Invalid, "--on names a ticket, which says itself what it is about: leave --resource, --account and --region out")
	}
	tk, err := view(ctx, st, func(tx *store.Tx) (ticket.Ticket, error) { return findTicket(ctx, tx, o.on) })
	if err != nil {
		return what, err
	}
	if tk.State == ticket.Closed {
		return what, fault.New(fault.Conflict, "ticket %s is closed: reopen it first, or name the resource", tk.ID)
	}
	about, err := resource.ParseKey(tk.Subject)
	if err != nil {
		return what, fault.New(fault.Invalid, "ticket %s is about no resource (%s): say what to run it on as a KEY", tk.ID, tk.Subject)
	}
	what = app.Asking{Playbook: d, On: tk.Resource, About: &about, Account: about.Account, Region: about.Region}
	return what, takes(d, what.On)
}

// input are the inputs, by name.
func (o askFor) input() (map[string]string, error) {
	var out map[string]string
	for _, in := range o.inputs {
		name, text, ok := strings.Cut(in, "=")
		if _, twice := out[name]; !ok || twice || !inputForm.MatchString(name) {
			return nil, fault.New(fault.Invalid, "--input %q: want NAME=TEXT, each name once and of letters, digits and _", in)
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = text
	}
	return out, nil
}

var inputForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// target is the resource that is named; nil: none is.
func (o askFor) target() (*resource.Ref, error) {
	if o.on != "" && o.resource != "" {
		return nil, fault.New(fault.Invalid, "--on and --resource say the same: leave one out")
	}
	if o.on != "" {
		o.resource = o.on
	}
	if o.resource == "" {
		if o.account == "" {
			return nil, fault.New(fault.Invalid, "say what to run it on: --on TICKET or KEY, or --account where its steps say the rest themselves")
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
