package builtin

import (
	"crypto/x509"

	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/webhook"
)

// Options are what channels need besides their settings.
type Options struct {
	Webhooks webhook.List
	Roots    *x509.CertPool // of mail servers; nil: whom the machine trusts
}

// Mailer is the one sender of e-mail, for playbooks too; false where the settings have none.
func (c Config) Mailer(o Options) (email.Sender, bool) {
	return email.Sender{Config: c.SMTP, Roots: o.Roots}, c.SMTP.Server != ""
}

// All gives the channels of the settings, those to one person first.
func (c Config) All(o Options) (out []notify.Channel) {
	post, has := c.Mailer(o)
	if has {
		out = append(out, email.Channel{Sender: post})
	}
	for _, p := range c.Channels {
		switch {
		case p.Webhook != "":
			if hook, err := o.Webhooks.Find(p.Webhook); err == nil { // what is missing was told when the settings were checked
				out = append(out, webhook.Channel{Called: p.Name, Hook: hook})
			}
		default:
			out = append(out, email.Channel{Sender: post, Called: p.Name, To: p.Emails})
		}
	}
	return out
}
