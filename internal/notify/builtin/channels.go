package builtin

import (
	"crypto/x509"
	"fmt"

	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/pagerduty"
	"jobzero/internal/notify/slack"
	"jobzero/internal/notify/sns"
	"jobzero/internal/notify/voice"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/notify/wide"
	"jobzero/internal/telemetry"
)

// Options are what channels need besides their settings.
type Options struct {
	Webhooks webhook.List
	AWS      sns.Credentials // the hub's own, for text messages and calls
	Roots    *x509.CertPool  // of mail servers; nil: whom the machine trusts
}

// Mailer is the one sender of e-mail, for playbooks too; false where the settings have none.
func (c Config) Mailer(o Options) (email.Sender, bool) {
	return email.Sender{Config: c.SMTP, Roots: o.Roots}, c.SMTP.Server != ""
}

// All gives the channels of the settings: those to one person first, in the order in which they are tried where nobody says another.
func (c Config) All(o Options) (out []notify.Channel) {
	post, has := c.Mailer(o)
	if c.Slack.Token != "" {
		out = append(out, slack.New(c.Slack))
	}
	if has {
		out = append(out, email.Channel{Sender: post})
	}
	if c.SMS.Region != "" {
		out = append(out, sns.Channel{Config: c.SMS, AWS: o.AWS})
	}
	if c.Voice.Region != "" {
		out = append(out, voice.Channel{Config: c.Voice, AWS: o.AWS})
	}
	if c.PagerDuty.RoutingKey != "" {
		out = append(out, pagerduty.Channel{Config: c.PagerDuty})
	}
	for _, s := range c.Services {
		out = append(out, wide.New(s))
	}
	for _, p := range c.Channels {
		switch {
		case p.Webhook != "":
			if hook, err := o.Webhooks.Find(p.Webhook); err == nil { // what is missing was told when the settings were checked
				out = append(out, webhook.Channel{Called: p.Name, Hook: hook})
			}
		case p.Slack != "":
			out = append(out, slack.In(c.Slack, p.Name, p.Slack))
		default:
			out = append(out, email.Channel{Sender: post, Called: p.Name, To: p.Emails})
		}
	}
	return out
}

// Secrets are the settings that may stand elsewhere, by their keys below notify.
func (c *Config) Secrets() map[string]*telemetry.Secret {
	out := map[string]*telemetry.Secret{
		"smtp.password": &c.SMTP.Password, "slack.token": &c.Slack.Token, "slack.app_token": &c.Slack.AppToken, "pagerduty.routing_key": &c.PagerDuty.RoutingKey,
	}
	for i := range c.Services {
		out[fmt.Sprintf("services[%d].url", i)] = &c.Services[i].URL
	}
	return out
}
