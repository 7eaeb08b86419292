package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

// shownPerson is somebody with what changed of him.
type shownPerson struct {
	personLine
	In      []string       `json:"in,omitempty"` // names of groups
	History []person.Entry `json:"history"`
}

func (s *shell) peopleShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "show NAME [--format table|json]",
		Short:   "Show somebody, with what changed of him",
		Long:    "Shows what is known of somebody, and what changed when and by whom. NAME is a user name, an address, an employee number or an ID.",
		Example: "  jobzero people show ana@example.com",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				all, err := everyone(ctx, st)
				if err != nil {
					return err
				}
				p, err := findPerson(all, args[0])
				if err != nil {
					return err
				}
				x, err := view(ctx, st, func(tx *store.Tx) (shownPerson, error) { return s.detail(ctx, tx, p) })
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(x)
				}
				return s.showPerson(x)
			})
		},
	}
	form.flag(c)
	return c
}

func (s *shell) detail(ctx context.Context, tx *store.Tx, p person.Person) (shownPerson, error) {
	x := shownPerson{personLine: s.personLine(p), In: p.Groups}
	in, err := tx.GroupsOf(ctx, p.ID)
	if err != nil {
		return x, err
	}
	for _, g := range in {
		x.In = append(x.In, g.Name)
	}
	x.History, err = tx.History(ctx, p.ID, maxList)
	return x, err
}

func (s *shell) showPerson(x shownPerson) error {
	p := &page{colour: coloured(s.out)}
	state := string(x.State)
	if !x.Since.IsZero() {
		state += " since " + instant(x.Since)
	}
	var mails []string
	for _, e := range x.Emails {
		mails = append(mails, e.Value)
	}
	for _, l := range []struct{ name, text string }{
		{"id", string(x.ID)},
		{"user name", x.UserName},
		{"name", x.Name()},
		{"state", state},
		{"addresses", strings.Join(mails, ", ")},
		{"title", x.Title},
		{"team", x.Team},
		{"department", x.Department},
		{"manager", x.Manager},
		{"groups", strings.Join(x.In, ", ")},
		{"number", x.Number},
		{"source", x.Source},
		{"outside", x.ExternalID},
	} {
		if l.text != "" {
			p.line(0, "%-11s %s", l.name, l.text)
		}
	}
	for _, e := range x.History {
		p.line(0, "")
		p.line(0, "%s  %s by %s%s", instant(e.At), e.Kind, e.Actor, reasoned(e.Reason))
		for _, c := range e.Changes {
			p.line(2, "%s: %s", c.Field, fromTo(c))
		}
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

func reasoned(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func fromTo(c person.Change) string {
	switch {
	case c.Was == "":
		return c.Is
	case c.Is == "":
		return c.Was + " → nothing"
	}
	return fmt.Sprintf("%s → %s", c.Was, c.Is)
}

func (s *shell) peopleLeave() *cobra.Command {
	return s.saying(&cobra.Command{
		Use:   "leave NAME --reason TEXT",
		Short: "Say that somebody has left",
		Long: `Notes that somebody has left before his directory does. It holds whatever directories and files say afterwards, until
` + "`people back`" + ` takes it back. What of his is still there ` + "`people leaver`" + ` says.`,
		Example: `  jobzero people leave ana@example.com --reason "left on the spot"`,
	}, true)
}

func (s *shell) peopleBack() *cobra.Command {
	return s.saying(&cobra.Command{
		Use:     "back NAME --reason TEXT",
		Short:   "Take back that somebody has left",
		Long:    "Takes back what `people leave` said: from now on what his directory or file says counts again.",
		Example: `  jobzero people back ana@example.com --reason "it was another Ana"`,
	}, false)
}

// saying makes a command by which a person says whether somebody has left.
func (s *shell) saying(c *cobra.Command, left bool) *cobra.Command {
	var (
		form format
		who  order
	)
	c.Args = arguments(cobra.ExactArgs(1))
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := who.settle(); err != nil {
			return err
		}
		ctx := cmd.Context()
		return s.with(ctx, func(st *store.Store) error {
			var next person.Person
			err := st.Update(ctx, func(tx *store.Tx) (err error) {
				next, err = s.turn(ctx, tx, args[0], who, left)
				return err
			})
			switch {
			case err != nil:
				return err
			case form == formatJSON:
				return s.object(s.personLine(next))
			case left:
				return s.print("%s has left. See what is still there with `jobzero people leaver %s --from PATH`.", clean(next.Name()), clean(next.UserName))
			}
			return s.print("%s: %s, as %s says.", clean(next.Name()), next.State(s.now()), clean(next.Source))
		})
	}
	form.flag(c)
	who.flags(c)
	return c
}

// turn notes that somebody has left or takes that back.
func (s *shell) turn(ctx context.Context, tx *store.Tx, name string, who order, left bool) (person.Person, error) {
	all, err := allPeople(ctx, tx, true)
	if err != nil {
		return person.Person{}, err
	}
	was, err := findPerson(all, name)
	if err != nil || was.Out.IsZero() != left { // it is said already
		return was, err
	}
	now := s.now().UTC()
	next := was
	next.Out, next.Version, next.Changed = time.Time{}, was.Version+1, now
	if left {
		next.Out = now
	}
	e := person.Between(&was, next, who.person, now)
	e.Reason = who.reason
	return next, tx.SavePerson(ctx, next, e)
}
