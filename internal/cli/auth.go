package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

func (s *shell) auth() *cobra.Command {
	return group("auth", "Let somebody in, or out",
		"Who may do what is one table: `jobzero auth roles` shows it. People sign in by the provider of the settings; where there is\nnone, or it does not answer, whoever has this shell makes a link that works once.",
		"  jobzero auth link --as mia\n  jobzero auth roles\n  jobzero auth log",
		s.authLink(), s.authRoles(), s.authEnd(), s.authLog())
}

func (s *shell) authLink() *cobra.Command {
	var (
		form  format
		name  string
		roles []auth.Role
	)
	c := &cobra.Command{
		Use:   "link [--as NAME] [--role ROLE]…",
		Short: "Make a link that lets somebody in, once",
		Long: `Makes a link that lets somebody in, once, within 15 minutes, and writes it down by its hash. Whoever can use the database can
make one. The session that it begins is that of local:NAME and has the roles that are said.`,
		Example: `  jobzero auth link --as mia
  jobzero auth link --as kim --role viewer --role approver`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := s.settings()
			if err != nil {
				return err
			}
			who := order{person: name, reason: "-"}
			if err := who.settle(); err != nil {
				return err
			}
			if len(roles) == 0 {
				roles = []auth.Role{auth.Admin, auth.Responder}
			}
			l, path, err := auth.NewLink(who.person, roles, s.now())
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			err = s.open(ctx, settings, func(st *store.Store) error {
				return app.AuthStore(st).Update(ctx, func(tx auth.Tx) error { return tx.SaveLink(ctx, l) })
			})
			if err != nil {
				return err
			}
			base := "http://" + settings.Listen
			if settings.Auth.URL != "" {
				base = settings.Auth.URL
			}
			if form == formatJSON {
				return s.object(map[string]any{"link": base + path.Reveal(), "roles": l.Roles, "until": l.Ends})
			}
			return s.print("%s%s\nworks once, until %s.", base, path.Reveal(), instant(l.Ends))
		},
	}
	form.flag(c)
	c.Flags().StringVar(&name, "as", "", "the `NAME` of whom it lets in (default: the user of this machine)")
	wordsFlag(c, &roles, "role", "a role that it gives, repeatable (default: admin and responder)", auth.LinkRoles())
	return c
}

// roleLine is a row of the table of roles for programs.
type roleLine struct {
	Verb  auth.Verb         `json:"verb"`
	Text  string            `json:"text"`
	Reach map[string]string `json:"reach"` // by role
}

func (s *shell) authRoles() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "roles",
		Short:   "Show who may do what",
		Long:    "Shows the table of roles: what each may do to everything (all), to what belongs to the teams of the one who asks (own), or not\nat all (-). A service token has no role: it may do what its scopes say, and never approves.",
		Example: "  jobzero auth roles\n  jobzero auth roles --format json | jq -r 'select(.reach.viewer == \"all\") | .verb'",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			words := [...]string{"-", "own", "all"}
			t := table{columns: []column{{name: "VERB"}}}
			for _, r := range auth.Roles() {
				t.columns = append(t.columns, column{name: string(r)})
			}
			t.columns = append(t.columns, column{name: "WHAT", give: 1})
			var lines []roleLine
			for _, row := range auth.Table() {
				l, cells := roleLine{row.Verb, row.Text, map[string]string{}}, []string{string(row.Verb)}
				for i, r := range auth.Roles() {
					word := words[row.Reach[i]]
					l.Reach[string(r)] = word
					cells = append(cells, word)
				}
				lines = append(lines, l)
				t.add(append(cells, row.Text)...)
			}
			if form == formatJSON {
				return list(s, lines)
			}
			return t.write(s.out)
		},
	}
	form.flag(c)
	return c
}

func (s *shell) authEnd() *cobra.Command {
	return &cobra.Command{
		Use:     "end WHO",
		Short:   "End all sessions of somebody",
		Long:    "Ends all sessions of a person, by the ID in the org file, or of local:NAME. The next request of such a session is nobody's.",
		Example: "  jobzero auth end mia\n  jobzero auth end local:first",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error {
				n, err := auth.Forget(cmd.Context(), app.AuthStore(st), args[0])
				if err != nil {
					return err
				}
				return s.print("Ended %s of %s.", plural(n, "session"), args[0])
			})
		},
	}
}

func (s *shell) authLog() *cobra.Command {
	var (
		form format
		most int
	)
	c := &cobra.Command{
		Use:     "log",
		Short:   "List who wrote what, newest first",
		Long:    "Lists what was asked for by the console and the API and what became of it, and who signed in, newest first. The lines are in the\nchain that `jobzero audit verify` checks. STATUS is that of HTTP; - means that the answer was never given.",
		Example: "  jobzero auth log\n  jobzero auth log --format json | jq -r 'select(.status >= 400) | .who'",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(most); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]auth.Record, error) { return tx.Records(cmd.Context(), "", most) })
				if err != nil {
					return err
				}
				s.told(len(found), most, "lines")
				if form == formatJSON {
					return list(s, found)
				}
				return s.recordTable(found)
			})
		},
	}
	form.flag(c)
	limit(c, &most, "lines")
	return c
}

func (s *shell) recordTable(found []auth.Record) error {
	if len(found) == 0 {
		return s.print("Nobody has asked for anything.")
	}
	t := table{columns: []column{{name: "AT"}, {name: "WHO", give: 1}, {name: "FROM"}, {name: "WHAT", give: 2}, {name: "ON", give: 2}, {name: "STATUS"}}}
	for _, r := range found {
		status := "-"
		if r.Status > 0 {
			status = count(int64(r.Status))
		}
		t.add(instant(r.At), dash(r.Who), dash(r.From), r.What, dash(r.On), status)
	}
	return t.write(s.out)
}

// issue writes a token down, unless a live one has its name.
func issue(ctx context.Context, tx auth.Tx, t auth.Token) error {
	all, err := tx.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Name == t.Name && o.Live(t.Made) {
			return fault.New(fault.Conflict, "there is a token %s that is live: revoke it first, or take another name", t.Name)
		}
	}
	return tx.SaveToken(ctx, t)
}
