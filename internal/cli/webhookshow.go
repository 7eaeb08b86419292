package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"jobzero/internal/notify/subscription"
)

func (s *shell) webhookShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show one address that is told of changes",
		Long:    "Shows one address that is told of changes, what it is told of, how far it has come, and what went wrong last.",
		Example: "  jobzero webhook show siem\n  jobzero webhook show siem --format json | jq .behind",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.subscribers(cmd.Context(), func(d *subscription.Desk) error {
				one, err := d.One(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(one)
				}
				return s.showWebhook(one)
			})
		},
	}
	form.flag(c)
	return c
}

func (s *shell) showWebhook(x subscription.Shown) error {
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s", p.paint("1", x.Name), p.paint(stateColour(string(x.State)), string(x.State)))
	p.line(0, "ID      %s", x.ID)
	p.line(0, "Host    %s", x.Host)
	p.line(0, "Kinds   %s", join(x.Kinds))
	p.line(0, "Made    %s by %s", instant(x.Made), x.By)
	p.line(0, "Behind  %d", x.Behind)
	if !x.Taken.IsZero() {
		p.line(0, "Taken   %s", instant(x.Taken))
	}
	if !x.Former.IsZero() {
		p.line(0, "Former  signed with the secret of before too, until %s", instant(x.Former))
	}
	if !x.Failing.IsZero() {
		p.line(0, "Failing since %s, %s, next %s", instant(x.Failing), plural(x.Tries, "try"), instant(x.Next))
		p.line(0, "Error   %s", x.Error)
	}
	if x.Why != "" {
		p.line(0, "Why     %s", x.Why)
	}
	_, err := fmt.Fprint(s.out, p.text.String())
	return err
}

func (s *shell) webhookTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test NAME",
		Short: "Post a ping now, and say what came of it",
		Long: `Posts an event of the type ping to a webhook from this machine, at once and only once, and says what came of it.

Exit code 1 means that it was not taken.`,
		Example: "  jobzero webhook test siem",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.subscribers(cmd.Context(), func(d *subscription.Desk) error {
				why, err := d.Test(cmd.Context(), args[0])
				switch {
				case err != nil:
					return err
				case why != nil:
					return &failed{why.Error()}
				}
				return s.print("Webhook %s took it.", args[0])
			})
		},
	}
}

func (s *shell) webhookRotate() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "rotate NAME",
		Short: "Make a new secret and show it, once",
		Long: `Makes a new secret and shows it, once. Posts are signed with the one of before too, for as long as subscriptions.overlap says:
change the other side within that time. A second rotation within it ends the first secret at once.`,
		Example: "  jobzero webhook rotate siem",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.subscribers(cmd.Context(), func(d *subscription.Desk) error {
				one, secret, err := d.Rotate(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return s.secretOf(form, one, secret.Reveal())
			})
		},
	}
	form.flag(c)
	return c
}

func (s *shell) webhookResume() *cobra.Command {
	return s.webhookChange((*subscription.Desk).Resume, "is told again", &cobra.Command{
		Use: "resume NAME", Short: "Try again now, from where it was",
		Long:    "Tries a webhook again that was given up, or that waits for its next try. It goes on where it was: nothing is left out.",
		Example: "  jobzero webhook resume siem",
	})
}

func (s *shell) webhookRemove() *cobra.Command {
	return s.webhookChange((*subscription.Desk).Remove, "is told no more", &cobra.Command{
		Use: "remove NAME", Short: "Tell an address no more",
		Long:    "Tells an address no more of changes. That there was such a webhook stays in the log.",
		Example: "  jobzero webhook remove siem",
	})
}

// webhookChange makes a command that changes a webhook and says what has become of it.
func (s *shell) webhookChange(do func(*subscription.Desk, context.Context, string) (subscription.Shown, error), said string, c *cobra.Command) *cobra.Command {
	c.Args = arguments(cobra.ExactArgs(1))
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return s.subscribers(cmd.Context(), func(d *subscription.Desk) error {
			one, err := do(d, cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.print("Webhook %s %s; it is %d behind.", one.Name, said, one.Behind)
		})
	}
	return c
}
