package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store"
)

func (s *shell) webhook() *cobra.Command {
	return group("webhook", "Have other programs told of what changes",
		`A webhook is an address of another program that is told of every change: signed posts, one for each, in their order, again until
they are taken. What is posted says what has changed and not how; docs/how-to/api.md has its form, and how to check it.`,
		"  jobzero webhook add siem --url https://hooks.example.com/jobzero --kind ticket\n  jobzero webhook test siem\n  jobzero webhook list",
		s.webhookAdd(), s.webhookList(), s.webhookShow(), s.webhookTest(), s.webhookRotate(), s.webhookResume(), s.webhookRemove())
}

// subscribers does something at the desk of webhooks.
func (s *shell) subscribers(ctx context.Context, do func(*subscription.Desk) error) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	return s.with(ctx, func(st *store.Store) error { return do(app.NewSubscriptions(settings, st, s.now)) })
}

func (s *shell) webhookAdd() *cobra.Command {
	var (
		form format
		who  order
		w    subscription.Wish
	)
	c := &cobra.Command{
		Use:   "add NAME --url URL [--kind KIND…]",
		Short: "Have an address told of changes from now on, and show its secret, once",
		Long: `Has an address told of changes from now on, and shows the secret that posts are signed with, once. The address is https, and
none inside, unless the settings let such ones be subscribed (subscriptions.private); those where machines are told their
credentials never are. A name is looked up at each connection, and refused where it comes to such an address.`,
		Example: `  jobzero webhook add siem --url https://hooks.example.com/jobzero
  jobzero webhook add tickets --url https://hooks.example.com/t --kind ticket --kind run --format json | jq -r .secret`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			w.Name, who.reason = args[0], "-"
			if err := who.settle(); err != nil {
				return err
			}
			settings, err := s.settings()
			if err != nil {
				return err
			}
			return s.open(cmd.Context(), settings, func(st *store.Store) error {
				one, secret, err := app.NewSubscriptions(settings, st, s.now).Add(cmd.Context(), w, who.person)
				if err != nil {
					return err
				}
				return s.secretOf(form, one, secret.Reveal())
			})
		},
	}
	form.flag(c)
	c.Flags().StringVar(&w.URL, "url", "", "the `URL` that is posted to")
	wordsFlag(c, &w.Kinds, "kind", "what it is told of, repeatable; left out: everything", subscription.Kinds())
	c.Flags().StringVar(&who.person, "as", "", "your `NAME` (default: the user of this machine)")
	_ = c.MarkFlagRequired("url")
	return c
}

// secretOf shows a secret, once.
func (s *shell) secretOf(form format, one subscription.Shown, secret string) error {
	if form == formatJSON {
		return s.object(struct {
			subscription.Shown
			Secret string `json:"secret"`
		}{one, secret})
	}
	return s.print("%s\nis shown once; posts to %s are signed with it as Standard Webhooks has it.", secret, one.Host)
}

func (s *shell) webhookList() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "list",
		Short:   "List addresses that are told of changes",
		Long:    "Lists the addresses that are told of changes by name, and how far each is behind. BEHIND counts all changes, also of kinds that\nit is not told of.",
		Example: "  jobzero webhook list\n  jobzero webhook list --format json | jq -r 'select(.state == \"off\") | .name'",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.subscribers(cmd.Context(), func(d *subscription.Desk) error {
				all, err := d.List(cmd.Context())
				switch {
				case err != nil:
					return err
				case form == formatJSON:
					return list(s, all)
				case len(all) == 0:
					return s.print("No webhooks.")
				}
				t := table{columns: []column{{name: "NAME"}, {name: "STATE", colour: stateColour}, {name: "HOST"}, {name: "BEHIND"}, {name: "TAKEN"}, {name: "WHY", give: 1}}}
				for _, x := range all {
					taken, why := "never", x.Why
					if !x.Taken.IsZero() {
						taken = age(x.Taken, s.now())
					}
					if why == "" {
						why = x.Error
					}
					t.add(x.Name, string(x.State), x.Host, strconv.FormatInt(x.Behind, 10), taken, why)
				}
				return t.write(s.out)
			})
		},
	}
	form.flag(c)
	return c
}
