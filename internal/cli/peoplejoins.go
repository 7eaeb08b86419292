package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/tie"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

// joinLine is a principal, and whose it is.
type joinLine struct {
	UserName  string   `json:"user_name,omitempty"` // empty: nobody's
	Kind      tie.Kind `json:"kind,omitempty"`      // empty: somebody who has none
	Principal string   `json:"principal,omitempty"`
	Sure      tie.Sure `json:"sure,omitempty"`
	Why       string   `json:"why"`
}

func (s *shell) peopleJoins() *cobra.Command {
	var o looking
	c := &cobra.Command{
		Use:   "joins --from PATH… [--format table|json]",
		Short: "Say whose the users, roles and sessions are",
		Long: `Joins people to users of IAM and Identity Center, roles and sessions, each with its reason and how sure it is: proved by
the directory's own ID or by a name that AWS wrote, likely by the whole user name or an address, perhaps by the beginning
of one. Then come the principals that are nobody's, and the people who have none.

` + lookedAt,
		Example: `  jobzero people joins --from iam.json --from seats.json
  jobzero people joins --from iam.json --format json | jq -r 'select(.user_name == null) | .principal'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := s.scene(cmd.Context(), o)
			if err != nil {
				return err
			}
			return s.showJoins(x, o.form)
		},
	}
	o.flags(c)
	return c
}

func (s *shell) showJoins(x scene, form format) error {
	names := map[person.ID]string{}
	for _, p := range x.people {
		names[p.ID] = p.UserName
	}
	var all []joinLine
	for _, j := range x.Result.Joins {
		all = append(all, joinLine{names[j.Person], j.Kind, j.Principal, j.Sure, j.Reason})
	}
	for _, n := range x.Result.Strays {
		all = append(all, joinLine{Kind: n.Kind, Principal: n.Principal, Why: n.Why})
	}
	for _, id := range x.Result.Alone {
		all = append(all, joinLine{UserName: names[id], Why: "nothing is joined to him"})
	}
	s.complain("%d joined, %d that are nobody's, %s without any", len(x.Result.Joins), len(x.Result.Strays), people(len(x.Result.Alone)))
	if form == formatJSON {
		return list(s, all)
	}
	if len(all) == 0 {
		return s.print("Nothing to join.")
	}
	t := table{columns: []column{{name: "WHO", give: 1}, {name: "KIND"}, {name: "PRINCIPAL", give: 2}, {name: "SURE"}, {name: "WHY", give: 3}}}
	for _, l := range all {
		t.add(dash(l.UserName), dash(string(l.Kind)), dash(l.Principal), dash(string(l.Sure)), l.Why)
	}
	return t.write(s.out)
}

// moved is somebody who came to another team, with what he has.
type moved struct {
	UserName string    `json:"user_name"`
	At       time.Time `json:"moved"`
	tie.Move
}

func (s *shell) peopleMovers() *cobra.Command {
	var (
		o    looking
		days int
	)
	c := &cobra.Command{
		Use:   "movers --from PATH… [--days N] [--format table|json]",
		Short: "List what people have who came to another team",
		Long: `Lists the people who came to another team or department, with the groups, policies and assignments that they have and
nobody of the new team has: those go. Where nobody of the new team has anything to hold it against, that is said.

` + lookedAt,
		Example: "  jobzero people movers --from iam.json --from seats.json --from members.json --from assignments.json --days 30",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := s.scene(cmd.Context(), o)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				since := s.now().AddDate(0, 0, -days)
				entries, err := view(ctx, st, func(tx *store.Tx) ([]person.Entry, error) { return tx.Happened(ctx, person.Moved, since, maxList) })
				if err != nil {
					return err
				}
				return s.showMovers(x, entries, o.form)
			})
		},
	}
	o.flags(c)
	c.Flags().IntVar(&days, "days", 90, "how far to look back (`N` days)")
	return c
}

func (s *shell) showMovers(x scene, entries []person.Entry, form format) error {
	last := map[person.ID]time.Time{}
	for _, e := range entries {
		last[e.Subject] = e.At
	}
	var all []moved
	for _, p := range x.people {
		if at, ok := last[p.ID]; ok && p.State(s.now()) != person.Left {
			all = append(all, moved{p.UserName, at, x.book.Mover(p, x.World, x.Result.Joins, s.now())})
		}
	}
	if form == formatJSON {
		return list(s, all)
	}
	if len(all) == 0 {
		return s.print("Nobody has moved.")
	}
	t := table{columns: []column{{name: "WHO", give: 1}, {name: "TO", give: 1}, {name: "MOVED"}, {name: "WHAT"}, {name: "ID", give: 3}, {name: "ACCOUNT"}, {name: "SAYS", give: 1}}}
	for _, m := range all {
		verdict := fmt.Sprintf("goes: none of %d of the team has it", m.Peers)
		if m.Peers == 0 {
			verdict = "not known: of the team nobody's is known"
		}
		for _, g := range m.Go {
			t.add(m.UserName, m.Team, age(m.At, s.now()), g.What, g.ID, g.Account, verdict)
		}
		for _, g := range m.Keep {
			t.add(m.UserName, m.Team, age(m.At, s.now()), g.What, g.ID, g.Account, fmt.Sprintf("stays: %d of %d have it", g.Peers, m.Peers))
		}
		if len(m.Go)+len(m.Keep) == 0 {
			t.add(m.UserName, m.Team, age(m.At, s.now()), "-", "-", "-", "nothing is joined to him")
		}
	}
	return t.write(s.out)
}

func (s *shell) peopleStale() *cobra.Command {
	var (
		o    looking
		days int
	)
	c := &cobra.Command{
		Use:   "stale --from PATH… [--days N] [--format table|json]",
		Short: "List what nobody uses, and machines that nobody owns",
		Long: `Lists keys, passwords and roles that nobody has used for a time, those of which nobody said when they were used, and
machine identities whose owner has left or that have none. An owner stands in a tag: owner, contact, team and the like,
with a user name, an address or the name of a team.

` + lookedAt,
		Example: "  jobzero people stale --from iam.json --from report.json --days 90",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := s.scene(cmd.Context(), o)
			if err != nil {
				return err
			}
			const day = 24 * time.Hour
			all := append(tie.Stale(x.World, time.Duration(days)*day, s.now()), x.book.Orphans(x.Result, s.now())...)
			return s.showIdle(all, o.form)
		},
	}
	o.flags(c)
	c.Flags().IntVar(&days, "days", 90, "unused for so long (`N` days)")
	return c
}

func (s *shell) showIdle(all []tie.Idle, form format) error {
	if form == formatJSON {
		return list(s, all)
	}
	if len(all) == 0 {
		return s.print("Everything is used and owned.")
	}
	t := table{columns: []column{{name: "WHAT"}, {name: "PRINCIPAL", give: 2}, {name: "ID"}, {name: "KNOWN"}, {name: "WHY", give: 3}, {name: "ACTION"}}}
	for _, i := range all {
		known, action := "yes", i.Action
		if i.Unknown {
			known = "no"
		}
		if action == "" {
			action = "no action yet"
		}
		t.add(i.What, i.Principal, dash(i.ID), known, i.Why, action)
	}
	return t.write(s.out)
}
