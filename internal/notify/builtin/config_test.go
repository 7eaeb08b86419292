package builtin_test

import (
	"strings"
	"testing"

	"jobzero/internal/notify"
	"jobzero/internal/notify/builtin"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/pagerduty"
	"jobzero/internal/notify/slack"
	"jobzero/internal/notify/sns"
	"jobzero/internal/notify/voice"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/notify/wide"
)

func TestSettings(t *testing.T) {
	hook := func(name string) bool { return name == "chat" }
	smtp := email.Config{Server: "smtp.example.com:587", From: "jobzero@example.com"}
	for want, c := range map[string]builtin.Config{
		"":                    {SMTP: smtp, Channels: []builtin.Place{{Name: "On call", Webhook: "chat"}, {Name: "b", Emails: []string{"b@example.com"}}}},
		"smtp.server":         {SMTP: email.Config{Server: "smtp.example.com"}},
		"slack.token":         {Slack: slack.Config{AppToken: "xapp-1"}},
		"pagerduty.routing":   {PagerDuty: pagerduty.Config{RoutingKey: "x"}},
		"sms.region":          {SMS: sns.Config{Sender: "x"}},
		"voice.from":          {Voice: voice.Config{Region: "eu-central-1"}},
		"services[0].url":     {Services: []wide.Config{{Name: "x", URL: "pigeon://x"}}},
		"services[0].name":    {Services: []wide.Config{{URL: "ntfy://ntfy.example.com/x"}}},
		"channels[0].name":    {Channels: []builtin.Place{{Name: "owner", Webhook: "chat"}}},
		"channels[1].name":    {Channels: []builtin.Place{{Name: "a", Webhook: "chat"}, {Name: "a", Webhook: "chat"}}},
		"channels[0].webhook": {Channels: []builtin.Place{{Name: "a", Webhook: "caht"}}},
		"channels[0].emails:": {Channels: []builtin.Place{{Name: "a", Emails: []string{"b@example.com"}}}},
		"channels[0].emails[": {SMTP: smtp, Channels: []builtin.Place{{Name: "a", Emails: []string{"nobody"}}}},
		"channels[0].slack":   {Channels: []builtin.Place{{Name: "a", Slack: "C0123"}}},
		"channels[0]: want":   {Channels: []builtin.Place{{Name: "a"}}},
	} {
		if err := c.Validate(hook); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestOrder: who says nothing is told by those channels that reach one person first.
func TestOrder(t *testing.T) {
	c := builtin.Config{
		SMTP: email.Config{Server: "smtp.example.com:587", From: "jobzero@example.com"}, Slack: slack.Config{Token: "xoxb-1"}, SMS: sns.Config{Region: "eu-central-1"}, Voice: voice.Config{Region: "eu-central-1", From: "pool-1"},
		PagerDuty: pagerduty.Config{RoutingKey: "0123456789abcdef0123456789abcdef"}, Services: []wide.Config{{Name: "ntfy", URL: "ntfy://ntfy.example.com/x"}},
		Channels: []builtin.Place{{Name: "chat", Webhook: "chat"}, {Name: "room", Slack: "C0"}, {Name: "list", Emails: []string{"a@example.com"}}},
	}
	all := c.All(builtin.Options{Webhooks: webhook.List{{Name: "chat"}}})
	if got := strings.Join(notify.Names(all), " "); got != "slack email sms voice pagerduty ntfy chat room list" {
		t.Error(got)
	}
	for i, x := range all {
		if x.Personal() != (i < 4) {
			t.Errorf("%s: personal %v", x.Name(), x.Personal())
		}
	}
	if got := len(c.Secrets()); got != 5 {
		t.Errorf("%d secrets", got)
	}
}
