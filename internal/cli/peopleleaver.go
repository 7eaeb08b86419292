package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/holding"
	"jobzero/internal/access/tie"
	"jobzero/internal/app"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

const lookedAt = `What there is in AWS stands in files and folders (--from), of any number of accounts: a folder that ` + "`access collect`" + `
wrote, or answers of the AWS CLI: iam get-account-authorization-details, get-credential-report, list-access-keys,
list-ssh-public-keys, list-service-specific-credentials, list-signing-certificates, get-login-profile; identitystore list-users,
list-groups, list-group-memberships; sso-admin list-account-assignments; policies of resources and the organisation, items of
AWS Config and all else that ` + "`access can`" + ` reads; {"Sessions": [{"Arn", "Until"}]}. To an answer that does not say whose it
is, such as an empty list, add "UserName" and "Account". What no file says is unknown.`

// looking are the files of what there is, and what came of them.
type looking struct {
	knowing
	form format
}

func (o *looking) flags(c *cobra.Command) {
	o.form.flag(c)
	c.Flags().StringArrayVar(&o.from, "from", nil, "`PATH` of what there is in AWS; repeatable")
	if err := c.MarkFlagRequired("from"); err != nil {
		panic(err) // the flag was made the line before
	}
}

// scene is everything that commands about leavers look at.
type scene struct {
	people []person.Person
	book   *tie.Book
	tie.Look
}

// scene reads the people of the store and the files.
func (s *shell) scene(ctx context.Context, o looking) (x scene, err error) {
	x.World, x.Now = holding.New(), s.now()
	o.seats = x.World
	if x.Estate, err = s.estate(ctx, &o.knowing); err != nil {
		return x, err
	}
	err = s.with(ctx, func(st *store.Store) error {
		x.people, err = everyone(ctx, st)
		return err
	})
	x.book = tie.NewBook(x.people)
	x.Result = x.book.Join(x.World)
	return x, err
}

// sessionsKept are the sessions that the trail has told serve, and that live still.
func (s *shell) sessionsKept(ctx context.Context, now time.Time) (all []lineage.Session, err error) {
	err = s.with(ctx, func(st *store.Store) error {
		all, err = app.SessionsKept(ctx, st, now)
		return err
	})
	return all, err
}

// leaving is what the command about a leaver says.
type leaving struct {
	Person personLine `json:"person"`
	tie.Report
}

func (s *shell) peopleLeaver() *cobra.Command {
	var o looking
	c := &cobra.Command{
		Use:   "leaver NAME --from PATH… [--format table|json]",
		Short: "List what somebody leaves behind, and prove him gone",
		Long: `Lists everything of somebody's: IAM users with their keys, passwords, groups and policies, users of Identity Center with
groups and assignments, sessions, roles and resources whose policies name him, machine identities that he answers for; for
each the action that ends it, where there is one. Sessions are those of the files, and those of roles that ` + "`serve`" + ` has seen
begin and that live still. Then it says whether he is gone: no login, no key, no assignment, and nothing that allows.

` + lookedAt + `

Exit codes: 0 gone, 1 something is left that works, 2 it could not run, 3 not all was looked at.`,
		Example: `  jobzero access collect ./estate && jobzero people leaver ana@example.com --from ./estate
  jobzero people leaver ana@example.com --from iam.json --from report.json --from seats.json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			x, err := s.scene(cmd.Context(), o)
			if err != nil {
				return err
			}
			p, err := findPerson(x.people, args[0])
			if err != nil {
				return err
			}
			r := leaving{s.personLine(p), x.Leaver(p)}
			alive, err := s.sessionsKept(cmd.Context(), x.Now)
			if err != nil {
				return err
			}
			r.Add(x.Known(x.book, p, alive))
			if r.Person.State != person.Left {
				s.complain("%s has not left: this is what there would be", p.UserName)
			}
			if o.form == formatJSON {
				err = s.object(r)
			} else {
				err = s.showLeaver(r)
			}
			switch {
			case err != nil:
				return err
			case r.Verdict == tie.There:
				return &said{&failed{"something is left that works"}}
			case r.Verdict == tie.Unknown:
				return &said{&unsure{"not all was looked at"}}
			}
			return nil
		},
	}
	o.flags(c)
	return c
}

func (s *shell) showLeaver(r leaving) error {
	t := table{columns: []column{
		{name: "WHAT"}, {name: "ID", give: 3}, {name: "ACCOUNT"}, {name: "WORKS"}, {name: "SURE"}, {name: "ACTION"}, {name: "NOTE", give: 2},
	}}
	for _, x := range r.Things {
		works, action := "no", x.Action
		if x.Works {
			works = "yes"
		}
		if action == "" {
			action = "no action yet"
		}
		t.add(x.What, x.ID, x.Account, works, string(x.Sure), action, x.Note)
	}
	if len(r.Things) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	var b strings.Builder
	for _, text := range r.Remains {
		b.WriteString("left: " + clean(text) + "\n")
	}
	for _, text := range r.Unsure {
		b.WriteString("not known: " + clean(text) + "\n")
	}
	b.WriteString(clean(r.Person.Name()) + " is " + map[tie.Verdict]string{
		tie.Gone: "gone: nothing that was read lets him in or allows him anything", tie.There: "still there", tie.Unknown: "not proved to be gone",
	}[r.Verdict] + "\n")
	_, err := s.out.Write([]byte(b.String()))
	return err
}
