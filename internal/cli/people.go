package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

func (s *shell) people() *cobra.Command {
	return group("people", "See who works here, and what is left of those who do not",
		`People come from a directory, which tells of them by SCIM 2.0 at /scim/v2 of serve (scim.token of the settings), or from a
file. They are joined to users, roles and sessions in AWS; what somebody leaves behind is listed with what ends it.`,
		`  jobzero people import staff.csv
  jobzero people list --state left`,
		s.peopleImport(), s.peopleList(), s.peopleShow(), s.peopleLeave(), s.peopleBack(), s.peopleJoins(), s.peopleLeaver(), s.peopleMovers(), s.peopleStale())
}

// personLine is somebody as a command tells of him.
type personLine struct {
	person.Person
	State person.State `json:"state"`
	Since time.Time    `json:"left,omitzero"`
}

func (s *shell) personLine(p person.Person) personLine {
	p.Said = nil // what else a directory has said stays in the store
	return personLine{p, p.State(s.now()), p.Since(s.now())}
}

func (s *shell) peopleList() *cobra.Command {
	var (
		form   format
		states []person.State
		source string
		most   int
	)
	c := &cobra.Command{
		Use:   "list [--state WORD]… [--source NAME] [--format table|json]",
		Short: "List people",
		Long: `Lists the people whom directories and files have told of. Somebody has left when his directory disabled or deleted him,
when his last day is over, when he is missing in a file that had him, or when ` + "`people leave`" + ` says so.`,
		Example: `  jobzero people list
  jobzero people list --state left --format json | jq -r .user_name`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(most); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				all, err := everyone(cmd.Context(), st)
				if err != nil {
					return err
				}
				found := []personLine{}
				for _, p := range all {
					l := s.personLine(p)
					if len(states) > 0 && !slices.Contains(states, l.State) || source != "" && p.Source != source {
						continue
					}
					found = append(found, l)
				}
				return s.showPeople(found, most, form)
			})
		},
	}
	form.flag(c)
	wordsFlag(c, &states, "state", "only those, repeatable", []person.State{person.Here, person.Coming, person.Left})
	c.Flags().StringVar(&source, "source", "", "only those of whom this `SOURCE` tells: scim, or that of a file")
	c.Flags().IntVar(&most, "limit", 200, "the most people (`N`) to list")
	return c
}

// everyone gives all people, those who are gone too.
func everyone(ctx context.Context, st *store.Store) (all []person.Person, err error) {
	err = st.View(ctx, func(tx *store.Tx) error {
		all, err = allPeople(ctx, tx, true)
		return err
	})
	return all, err
}

func (s *shell) showPeople(found []personLine, most int, form format) error {
	if len(found) > most {
		s.complain("%d more are not shown: --limit", len(found)-most)
		found = found[:most]
	}
	if form == formatJSON {
		return list(s, found)
	}
	if len(found) == 0 {
		return s.print("No people.")
	}
	t := table{columns: []column{
		{name: "USER NAME", give: 1},
		{name: "NAME", give: 2},
		{name: "STATE", colour: personColour},
		{name: "TEAM", give: 1},
		{name: "TITLE", give: 3},
		{name: "SOURCE", give: 1},
		{name: "CHANGED"},
	}}
	for _, l := range found {
		t.add(l.UserName, l.Name(), string(l.State), tie.Unit(&l.Person), l.Title, l.Source, age(l.Changed, s.now()))
	}
	return t.write(s.out)
}

func personColour(cell string) string {
	switch person.State(cell) {
	case person.Left:
		return "31"
	case person.Coming:
		return "33"
	case person.Here:
	}
	return ""
}

// findPerson finds somebody by a name. Of several, those who are not gone count.
func findPerson(all []person.Person, name string) (person.Person, error) {
	var found []person.Person
	for _, p := range all {
		if p.Answers(name) {
			found = append(found, p)
		}
	}
	if len(found) > 1 {
		var there []person.Person
		for _, p := range found {
			if p.Gone.IsZero() || string(p.ID) == name {
				there = append(there, p)
			}
		}
		if len(there) > 0 {
			found = there
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return person.Person{}, fault.New(fault.NotFound, "nobody here is called %q: use a user name, an address, an employee number or an ID of `jobzero people list`", name)
	}
	var ids []string
	for _, p := range found {
		ids = append(ids, string(p.ID)+" ("+p.UserName+")")
	}
	return person.Person{}, fault.New(fault.Invalid, "%q means more than one: use the ID, %s", name, strings.Join(ids, " or "))
}
