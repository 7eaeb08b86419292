package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/glass"
	"jobzero/internal/org"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

func (s *shell) breakglass() *cobra.Command {
	return group("breakglass", "Ask for rights for a time, answer, end and review",
		`Rights for the worst day, that nobody has on other days: somebody asks, others approve, serve lets the one person take on a
prepared role until a time, writes down what is done with it, ends it, and waits for somebody else's review. The settings say
under break_glass which roles are prepared and who answers. Each use is a ticket, too: its timeline cannot be edited unseen.`,
		`  jobzero breakglass request --role emergency --account 111122223333 --principal arn:aws:iam::444455556666:user/ana \
    --for 1h --reason "checkout is down, its queue has to be drained"
  jobzero breakglass approve 4ZQX --as kim --reason "seen the alarms"
  jobzero breakglass show 4ZQX
  jobzero breakglass revoke 4ZQX --reason "the shop is up again"
  jobzero breakglass review 4ZQX --as kim --reason "drained the queue by hand, as the incident says"`,
		s.glassRequest(), s.glassList(), s.glassShow(),
		s.glassOrder("approve", "Say yes to a request", `Approves a request. Whoever has asked cannot, and the settings name who can. With the last yes that is needed the use is
granted by a running serve, unless the settings say plan or stop-enforcing is on.`, "seen the alarms",
			func(ctx context.Context, st grant.Store, o grant.Order, p glass.Policy) (glass.Use, error) {
				return grant.Approve(ctx, st, o, p)
			}),
		s.glassOrder("deny", "Say no to a request", "Denies a request that is not granted yet. Whoever can approve can deny.", "the on-call has the rights for it",
			func(ctx context.Context, st grant.Store, o grant.Order, _ glass.Policy) (glass.Use, error) {
				return grant.Deny(ctx, st, o)
			}),
		s.glassOrder("revoke", "End a use at once", `Ends a use before its time, whoever says so: the role trusts the person no more, and sessions that were begun are denied
everything. What was not granted yet is withdrawn. A running serve makes the calls, with stop-enforcing on too.`, "the shop is up again",
			func(ctx context.Context, st grant.Store, o grant.Order, _ glass.Policy) (glass.Use, error) {
				return grant.Revoke(ctx, st, o)
			}),
		s.glassReview(),
	)
}

func glassStore(st *store.Store) grant.Store {
	return store.In(st, func(tx *store.Tx) grant.Tx { return tx })
}

func (s *shell) glassRequest() *cobra.Command {
	var (
		form format
		who  order
		r    glass.Request
	)
	c := &cobra.Command{
		Use:   "request --role ROLE --account ID --principal ARN --for 1h --reason TEXT",
		Short: "Ask to take on a prepared role for a time",
		Long: `Asks for a role. The principal is what you will take it on with: the ARN of your IAM user, or of your session,
arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION, as aws sts get-caller-identity shows it. A request that nobody answers in
time is denied.`,
		Example: `  jobzero breakglass request --role emergency --account 111122223333 --principal arn:aws:iam::444455556666:user/ana \
    --for 1h --reason "checkout is down, its queue has to be drained" --reference INC-4711`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := who.settle(); err != nil {
				return err
			}
			return s.runRequest(cmd.Context(), who, r, form)
		},
	}
	form.flag(c)
	who.flags(c)
	f := c.Flags()
	f.StringVar(&r.Role, "role", "", "the prepared `ROLE`")
	f.StringVar(&r.Account, "account", "", "the account `ID` that it is in")
	f.StringVar(&r.Principal, "principal", "", "the `ARN` of your user or session")
	f.DurationVar(&r.For, "for", time.Hour, "how long you need it (`TIME`, such as 90m)")
	f.StringVar(&r.Ticket, "reference", "", "what made it necessary, such as the `NAME` of an incident")
	for _, name := range []string{"role", "account", "principal"} {
		_ = c.MarkFlagRequired(name)
	}
	return c
}

func (s *shell) runRequest(ctx context.Context, who order, r glass.Request, form format) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	owners, err := loaded(settings.Org, wantOrg, org.Parse)
	if err != nil {
		return err
	}
	now := s.now()
	r.Person, r.Reason = personIn(owners, who.person), who.reason
	a := grant.Asked{ID: app.NewGlassID(now), Request: r, Policy: settings.BreakGlass, Owner: owners.OwnerOf(resource.Ref{Account: r.Account}, nil, "")}
	return s.open(ctx, settings, func(st *store.Store) error {
		u, err := grant.Ask(ctx, glassStore(st), a, now)
		if err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(u)
		}
		return s.print("Break-glass %s waits for %s until %s: jobzero breakglass approve %s", u.ID, plural(u.Needs, "approval"), instant(u.By), u.ID)
	})
}

// personIn is one name for a person who has several: the organisation's own, where it knows the address.
func personIn(o *org.Org, name string) string {
	if o == nil {
		return name
	}
	if _, ok := o.Person(name); ok {
		return name
	}
	for _, p := range o.People {
		if sameName(p.ID, name) || p.Email != "" && sameName(p.Email, name) {
			return p.ID
		}
	}
	return name
}

type glassVerb func(ctx context.Context, st grant.Store, o grant.Order, p glass.Policy) (glass.Use, error)

// glassOrder makes a command that says something of a use.
func (s *shell) glassOrder(name, short, long, why string, verb glassVerb) *cobra.Command {
	var (
		form format
		who  order
	)
	c := &cobra.Command{
		Use:     name + " ID",
		Short:   short,
		Long:    long + "\n\nID is the whole name of the use, or a beginning or end of it that no other one has.",
		Example: `  jobzero breakglass ` + name + ` 4ZQX --as kim --reason "` + why + `"`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.runOrder(cmd.Context(), args[0], who, form, verb)
		},
	}
	form.flag(c)
	who.flags(c)
	return c
}

func (s *shell) runOrder(ctx context.Context, name string, who order, form format, verb glassVerb) error {
	if err := who.settle(); err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	owners, err := loaded(settings.Org, wantOrg, org.Parse)
	if err != nil {
		return err
	}
	return s.with(ctx, func(st *store.Store) error {
		u, err := view(ctx, st, func(tx *store.Tx) (glass.Use, error) { return findGlass(ctx, tx, name) })
		if err != nil {
			return err
		}
		o := grant.Order{ID: u.ID, Who: glass.Answer{By: personIn(owners, who.person), At: s.now(), Reason: who.reason}}
		if u, err = verb(ctx, glassStore(st), o, settings.BreakGlass); err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(u)
		}
		return s.print("Break-glass %s is %s.", u.ID, u.State)
	})
}

func (s *shell) glassReview() *cobra.Command {
	var unjustified bool
	c := s.glassOrder("review", "Say what was done, and whether it had to be", `Reviews a use that has ended, by its record: jobzero breakglass show says what was done. Whoever used it cannot. The ticket of
the use is closed by it, and by nothing else; until then it grows old, and is high when the time for the review is over.`,
		"drained the queue by hand, as the incident says",
		func(ctx context.Context, st grant.Store, o grant.Order, _ glass.Policy) (glass.Use, error) {
			return grant.Review(ctx, st, o, !unjustified)
		})
	c.Flags().BoolVar(&unjustified, "not-justified", false, "what was done did not have to be")
	return c
}

// findGlass finds a use by its name, or a beginning or end of it.
func findGlass(ctx context.Context, tx *store.Tx, name string) (glass.Use, error) {
	all, err := tx.Glasses(ctx, nil, "", maxList)
	if err != nil {
		return glass.Use{}, err
	}
	if len(all) == 0 {
		return glass.Use{}, fault.New(fault.NotFound, "there is no use of break-glass %s", name)
	}
	id, err := pick("use of break-glass", name, names(all, func(u glass.Use) string { return string(u.ID) }))
	if err != nil {
		return glass.Use{}, err
	}
	return tx.Glass(ctx, glass.ID(id))
}
