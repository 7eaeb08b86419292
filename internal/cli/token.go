package cli

import (
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

func (s *shell) token() *cobra.Command {
	return group("token", "Make and revoke service tokens",
		"A service token lets a program use the API: Authorization: Bearer …. It may do what its scopes say, until it ends or is revoked,\nand never approves. It is kept by its hash: it is shown once.",
		"  jobzero token create ci --scope look --for 90d\n  jobzero token list\n  jobzero token revoke ci",
		s.tokenCreate(), s.tokenList(), s.tokenRevoke())
}

func (s *shell) tokenCreate() *cobra.Command {
	var (
		form   format
		who    order
		scopes []auth.Verb
		lasts  time.Duration
	)
	c := &cobra.Command{
		Use:   "create NAME --scope SCOPE… [--for 2160h]",
		Short: "Make a service token and show it, once",
		Long: `Makes a service token and shows it, once. Give it no more scopes than the program needs: look reads all but raw records, and
the others are the verbs of ` + "`jobzero auth roles`" + `.`,
		Example: `  jobzero token create dashboard --scope look
  jobzero token create closer --scope look --scope settle --for 720h --format json | jq -r .token`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			who.reason = "-"
			if err := who.settle(); err != nil {
				return err
			}
			settings, err := s.settings()
			if err != nil {
				return err
			}
			now := s.now()
			t, secret, err := auth.NewToken(auth.Token{Name: args[0], Scopes: scopes, By: who.person, Ends: now.Add(lasts)}, app.NewRecordID(now), now)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			err = s.open(ctx, settings, func(st *store.Store) error {
				return app.AuthStore(st).Update(ctx, func(tx auth.Tx) error { return issue(ctx, tx, t) })
			})
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(map[string]any{"id": t.ID, "name": t.Name, "scopes": t.Scopes, "ends": t.Ends, "token": secret.Reveal()})
			}
			return s.print("%s\nis shown once; it opens %s until %s.", secret.Reveal(), join(names(t.Scopes, func(v auth.Verb) string { return string(v) })), instant(t.Ends))
		},
	}
	form.flag(c)
	wordsFlag(c, &scopes, "scope", "what it may do, repeatable", auth.Scopes())
	c.Flags().DurationVar(&lasts, "for", 90*24*time.Hour, "how long it lasts, at most a year")
	c.Flags().StringVar(&who.person, "as", "", "your `NAME` (default: the user of this machine)")
	return c
}

// tokenLine is a token without its hash, for programs.
type tokenLine struct {
	auth.Token
	Hash string `json:"hash,omitempty"` // hides the one that is kept
	Live bool   `json:"live"`
}

func (s *shell) tokenList() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "list",
		Short:   "List service tokens",
		Long:    "Lists service tokens by name, also those that open nothing any more, without what opens.",
		Example: "  jobzero token list\n  jobzero token list --format json | jq -r 'select(.live and .used == null) | .name'",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]auth.Token, error) { return tx.Tokens(cmd.Context()) })
				if err != nil {
					return err
				}
				lines := make([]tokenLine, len(found))
				t := table{columns: []column{{name: "TOKEN"}, {name: "NAME"}, {name: "STATE"}, {name: "SCOPES", give: 1}, {name: "BY"}, {name: "ENDS"}, {name: "USED"}}}
				for i, k := range found {
					lines[i] = tokenLine{Token: k, Live: k.Live(s.now())}
					state, used := "live", "never"
					switch {
					case !k.Revoked.IsZero():
						state = "revoked"
					case !lines[i].Live:
						state = "ended"
					}
					if !k.Used.IsZero() {
						used = age(k.Used, s.now())
					}
					t.add(k.ID, k.Name, state, join(names(k.Scopes, func(v auth.Verb) string { return string(v) })), k.By, instant(k.Ends), used)
				}
				switch {
				case form == formatJSON:
					return list(s, lines)
				case len(found) == 0:
					return s.print("No tokens.")
				}
				return t.write(s.out)
			})
		},
	}
	form.flag(c)
	return c
}

func (s *shell) tokenRevoke() *cobra.Command {
	return &cobra.Command{
		Use:     "revoke NAME",
		Short:   "End a service token at once",
		Long:    "Ends the live service token of a name, or of an ID, at once.",
		Example: "  jobzero token revoke ci",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				err := app.AuthStore(st).Update(ctx, func(tx auth.Tx) error {
					all, err := tx.Tokens(ctx)
					if err != nil {
						return err
					}
					for _, t := range all {
						if (t.Name == args[0] || t.ID == args[0]) && t.Live(s.now()) {
							t.Revoked = s.now()
							return tx.SaveToken(ctx, t)
						}
					}
					return fault.New(fault.NotFound, "there is no live token %q: `jobzero token list` shows them", args[0])
				})
				if err != nil {
					return err
				}
				return s.print("Token %s opens nothing any more.", args[0])
			})
		},
	}
}
