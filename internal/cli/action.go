package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/app"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/role"
	"jobzero/internal/store"
)

func (s *shell) action() *cobra.Command {
	return group("action", "See, plan and undo changes to the world",
		"An action is one typed change. Its record is an effect: what was planned, what was called, what came of it,\nand how far it can be taken back.",
		"  jobzero action list\n  jobzero action list --available",
		s.actionList(), s.actionPlan(), s.actionUndo())
}

func (s *shell) actionList() *cobra.Command {
	var (
		form      format
		available bool
		filter    effect.Filter
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List the effects on record, or the actions there are",
		Long: `Lists the effects that jobzero has had on the world, the last begun first. With --available it lists the actions that there
are instead: what each is for, what may break, and which permissions it needs.`,
		Example: `  jobzero action list
  jobzero action list --state failed --format json
  jobzero action list --available`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if available {
				return s.catalogue(form)
			}
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]effect.Effect, error) {
					return listEffects(cmd.Context(), tx, filter)
				})
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "effects")
				if form == formatJSON {
					return list(s, found)
				}
				return s.effectTable(found)
			})
		},
	}
	form.flag(c)
	c.Flags().BoolVar(&available, "available", false, "list the actions that there are")
	wordsFlag(c, &filter.States, "state", "only in this state, repeatable",
		[]effect.State{effect.Doing, effect.Done, effect.Failed, effect.Undoing, effect.Undone})
	c.Flags().StringVar(&filter.Ticket, "ticket", "", "only of this `TICKET`")
	c.Flags().StringVar(&filter.Account, "account", "", "only in this `ACCOUNT`")
	c.Flags().StringVar(&filter.Playbook, "playbook", "", "only of this `PLAYBOOK`")
	limit(c, &filter.Limit, "effects")
	return c
}

func listEffects(ctx context.Context, tx *store.Tx, f effect.Filter) ([]effect.Effect, error) {
	if f.Ticket != "" {
		k, err := findTicket(ctx, tx, f.Ticket)
		if err != nil {
			return nil, err
		}
		f.Ticket = string(k.ID)
	}
	return tx.Effects(ctx, f)
}

func (s *shell) effectTable(found []effect.Effect) error {
	if len(found) == 0 {
		return s.print("No effects.")
	}
	t := table{columns: []column{
		{name: "EFFECT"},
		{name: "STATE", colour: stateColour},
		{name: "ACTION", give: 1},
		{name: "TARGET", give: 3},
		{name: "PLAYBOOK", give: 1},
		{name: "UNDO"},
		{name: "BEGUN"},
		{name: "CALLS"},
	}}
	for _, e := range found {
		t.add(e.Key, string(e.State), e.Plan.Action, e.Plan.Target.Ref.ID+" in "+e.Account, e.Playbook,
			string(e.Plan.Undo), age(e.Began, s.now()), count(int64(e.Calls)))
	}
	return t.write(s.out)
}

// described is how an action describes itself, for programs.
type described struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	Why     string          `json:"why"`
	Risk    string          `json:"risk"`
	Undo    effect.Class    `json:"undo"`
	Targets []resource.Type `json:"targets"`
	Reads   []string        `json:"reads"`
	Writes  []string        `json:"writes"`
	Role    role.Name       `json:"role"`
	Params  []input         `json:"params,omitempty"`

	UndoHelpsAttacker bool         `json:"undo_helps_attacker,omitempty"` // undoing it takes two persons
	Shuts             effect.Shuts `json:"shuts,omitempty"`               // credentials that it takes out of use: their use afterwards is watched for
	Contract          bool         `json:"contract,omitempty"`            // tests hold it against the API as it is documented
}

type input struct {
	Name     string `json:"name"`
	Text     string `json:"text"`
	Required bool   `json:"required,omitempty"`
}

// infos are the actions there are, in the order of their IDs.
func infos() ([]action.Info, error) {
	c, err := action.New(nil, builtin.All(builtin.Options{})...)
	if err != nil {
		return nil, err
	}
	return c.Infos(), nil
}

func (s *shell) catalogue(form format) error {
	all, err := infos()
	if err != nil {
		return err
	}
	p := &page{colour: coloured(s.out)}
	for i, a := range all {
		if form == formatJSON {
			d := described{a.ID, a.Title, a.Why, a.Risk, a.Undo, a.Targets, a.Reads, a.Writes, role.Of(a.Role), nil, a.UndoHelpsAttacker, a.Shuts, a.Contract}
			for _, q := range a.Params {
				d.Params = append(d.Params, input{q.Name, q.Text, q.Required})
			}
			if err := s.object(d); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			p.gap()
		}
		p.line(0, "%s  %s", p.paint("1", a.ID), a.Title)
		p.line(2, "why     %s", a.Why)
		p.line(2, "risk    %s", a.Risk)
		undo := string(a.Undo)
		if a.UndoHelpsAttacker {
			undo += ": what an attacker would want, so have a second person look"
		}
		p.line(2, "undo    %s", undo)
		p.line(2, "on      %s", join(a.Targets))
		p.line(2, "reads   %s", join(a.Reads))
		p.line(2, "writes  %s", join(a.Writes))
		p.line(2, "role    %s", string(role.Of(a.Role)))
		for _, q := range a.Params {
			text := "--param " + q.Name + "=…  " + q.Text
			if q.Required {
				text += " (required)"
			}
			p.line(2, "%s", text)
		}
	}
	_, err = s.out.Write([]byte(p.text.String()))
	return err
}

func (s *shell) actionPlan() *cobra.Command {
	var (
		form   format
		key    string
		params []string
	)
	c := &cobra.Command{
		Use:   "plan ACTION --resource KEY [--param NAME=VALUE]…",
		Short: "Say what an action would do to a resource, and do nothing",
		Long: `Reads the resource from the live API with the reader role and says which calls the action would make, what would change and
who would lose access. The reader role cannot write, so neither can this.

KEY is type|account|region|id, as in the JSON of findings; for S3 and IAM the region is empty.`,
		Example: `  jobzero action plan s3.block-public-access --resource 'AWS::S3::Bucket|111122223333||shop-data'
  jobzero action plan ec2.revoke-open-ingress --resource 'AWS::EC2::SecurityGroup|111122223333|eu-central-1|sg-0abc' --format json`,
		Args: arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			all, err := infos()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return names(all, func(i action.Info) string { return i.ID + "\t" + i.Title }), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := targetOf(key, params)
			if err != nil {
				return err
			}
			plan, err := s.dryRun(cmd.Context(), args[0], target)
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(plan)
			}
			p := &page{colour: coloured(s.out), full: true}
			p.plan(0, plan)
			_, err = s.out.Write([]byte(p.text.String()))
			return err
		},
	}
	form.flag(c)
	c.Flags().StringVar(&key, "resource", "", "`KEY` of the resource: type|account|region|id")
	c.Flags().StringArrayVar(&params, "param", nil, "input of the action, `NAME=VALUE`, repeatable")
	if err := c.MarkFlagRequired("resource"); err != nil {
		panic(err) // the flag was made two lines before
	}
	return c
}

func targetOf(key string, params []string) (effect.Target, error) {
	ref, err := resource.ParseKey(key)
	if err != nil {
		return effect.Target{}, err
	}
	t := effect.Target{Ref: ref}
	for _, p := range params {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return effect.Target{}, fault.New(fault.Invalid, "--param %q: want NAME=VALUE", p)
		}
		if t.Params == nil {
			t.Params = map[string]string{}
		}
		t.Params[name] = value
	}
	return t, nil
}

// dryRun plans on the live API.
func (s *shell) dryRun(ctx context.Context, id string, t effect.Target) (effect.Plan, error) {
	settings, err := s.settings()
	if err != nil {
		return effect.Plan{}, err
	}
	k, _, err := app.Learn(settings)
	if err != nil {
		return effect.Plan{}, err
	}
	accounts, err := awsorg.New(ctx, settings.AWS)
	if err != nil {
		return effect.Plan{}, err
	}
	defer accounts.Close()
	c, err := action.New(accounts, builtin.All(app.Outside(settings, func() *org.Org { return k.Org }, s.now))...)
	if err != nil {
		return effect.Plan{}, err
	}
	return c.Plan(ctx, id, t)
}

func (s *shell) actionUndo() *cobra.Command {
	var (
		form format
		who  order
	)
	c := &cobra.Command{
		Use:   "undo EFFECT --reason TEXT",
		Short: "Ask for an effect to be taken back",
		Long: `Writes the request that an effect be taken back; a running serve carries it out. Undoing a repair brings back what was wrong:
the reason stands in the timeline of the ticket. How far it can be taken back, its class says: exact, compensating, none.

EFFECT is the whole key from "jobzero action list", or a beginning or end of it that no other effect has.`,
		Example: `  jobzero action undo 01JD7ZC6P4ZQX0000000000000/block --reason "the shop needs the bucket, it is in the intent file now"`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := who.settle(); err != nil {
				return err
			}
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				e, err := requestUndo(ctx, s, st, args[0], who)
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(e)
				}
				if e.State == effect.Done && e.UndoAsked != nil {
					return s.print("Noted. Undoing this is what an attacker would want: another person has to ask for it too.")
				}
				return s.print("Effect %s is %s: a running serve takes it back.", e.Key, e.State)
			})
		},
	}
	form.flag(c)
	who.flags(c)
	return c
}

func requestUndo(ctx context.Context, s *shell, st *store.Store, name string, who order) (effect.Effect, error) {
	find := func(tx *store.Tx) (effect.Effect, error) {
		all, err := tx.Effects(ctx, effect.Filter{Limit: maxList})
		if err != nil {
			return effect.Effect{}, err
		}
		key, err := pick("action", name, names(all, func(e effect.Effect) string { return e.Key }))
		if err != nil {
			return effect.Effect{}, err
		}
		e, _, err := tx.Effect(ctx, key)
		return e, err
	}
	e, err := view(ctx, st, find)
	if err != nil {
		return e, err
	}
	o := playbook.Order{Person: who.person, Reason: who.reason}
	if _, err := playbook.RequestUndo(ctx, playbookStore(st), e.Key, o, s.now()); err != nil {
		return e, err
	}
	return view(ctx, st, func(tx *store.Tx) (effect.Effect, error) {
		e, _, err := tx.Effect(ctx, e.Key)
		return e, err
	})
}
