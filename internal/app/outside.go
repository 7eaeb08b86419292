package app

import (
	"time"

	actions "jobzero/internal/action/builtin"
	"jobzero/internal/action/notify"
	"jobzero/internal/config"
	"jobzero/internal/org"
)

// Outside is what the settings let playbooks tell and ask, for the actions that do. People are asked for each time, so that a reload counts.
func Outside(c config.Config, people func() *org.Org, now func() time.Time) actions.Options {
	return actions.Options{
		Notify: notify.Notifier{
			Config: c.Notify, Webhooks: c.Webhooks, Now: now,
			People: func() notify.Directory { return people() },
		},
		Functions: c.Functions, Documents: c.Documents,
	}
}
