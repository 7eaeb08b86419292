package app

import (
	"time"

	actions "jobzero/internal/action/builtin"
	"jobzero/internal/action/notify"
	"jobzero/internal/config"
	room "jobzero/internal/notify"
	notifying "jobzero/internal/notify/builtin"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/org"
)

// Outside is what the settings let playbooks tell and ask, for the actions that do. People are asked for each time, so that a reload counts.
func Outside(c config.Config, people func() *org.Org, now func() time.Time) actions.Options {
	hooks := webhook.List(c.Webhooks)
	n := notify.Notifier{Webhooks: hooks, Now: now, People: func() notify.Directory { return people() }}
	if post, ok := c.Notify.Mailer(notifying.Options{}); ok {
		n.Mail = post
	}
	n.Others = room.Room(c.Notify.All(notifying.Options{Webhooks: hooks}))
	for _, p := range c.Notify.Channels {
		if p.Slack != "" {
			continue // one of the others
		}
		n.Channels = append(n.Channels, notify.Channel{Name: p.Name, Emails: p.Emails, Webhook: p.Webhook})
	}
	return actions.Options{Notify: n, Functions: c.Functions, Documents: c.Documents}
}
