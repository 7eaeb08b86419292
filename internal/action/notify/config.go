package notify

import (
	"net"
	"net/mail"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is how people are told.
type Config struct {
	SMTP     SMTP      `yaml:"smtp"`
	Channels []Channel `yaml:"channels"`
}

// SMTP is the server that takes e-mail; without an address there is none.
type SMTP struct {
	Server   string           `yaml:"server"` // host:port, such as smtp.example.com:587
	From     string           `yaml:"from"`   // address that messages come from
	User     string           `yaml:"user"`   // empty: the server asks for none
	Password telemetry.Secret `yaml:"password"`
	TLS      Security         `yaml:"tls"` // starttls where it is empty
}

// Security is how the way to the server is kept from being read.
type Security string

// The ways. Plain is for a server on the same machine.
const (
	StartTLS Security = "starttls"
	FromHead Security = "tls" // from the first byte
	Plain    Security = "none"
)

// Channel is a place that several people read: addresses, or a webhook.
type Channel struct {
	Name    string   `yaml:"name"` // by which playbooks call it
	Emails  []string `yaml:"emails"`
	Webhook string   `yaml:"webhook"` // the name of one
}

// owner is the word for whoever answers for what a ticket is about.
const owner = "owner"

// Validate names the first thing that is wrong, with its key. Hook says whether there is a webhook of a name.
func (c Config) Validate(hook func(name string) bool) error {
	if err := c.SMTP.validate(); err != nil {
		return err
	}
	seen := map[string]bool{owner: true}
	for i, ch := range c.Channels {
		switch {
		case ch.Name == "" || seen[ch.Name]:
			return fault.New(fault.Invalid, "channels[%d].name: %q: want a name that no other channel has, and not owner", i, ch.Name)
		case (ch.Webhook == "") == (len(ch.Emails) == 0):
			return fault.New(fault.Invalid, "channels[%d]: want either emails or webhook", i)
		case ch.Webhook != "" && !hook(ch.Webhook):
			return fault.New(fault.Invalid, "channels[%d].webhook: %q: webhooks has none of this name", i, ch.Webhook)
		case len(ch.Emails) > 0 && c.SMTP.Server == "":
			return fault.New(fault.Invalid, "channels[%d].emails: nobody carries e-mail: set notify.smtp", i)
		}
		seen[ch.Name] = true
		for j, a := range ch.Emails {
			if _, err := mail.ParseAddress(a); err != nil {
				return fault.New(fault.Invalid, "channels[%d].emails[%d]: %q is no e-mail address", i, j, a)
			}
		}
	}
	return nil
}

func (s SMTP) validate() error {
	if s.Server == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(s.Server)
	if err != nil {
		return fault.New(fault.Invalid, "smtp.server: %q: want host:port such as smtp.example.com:587", s.Server)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		return fault.New(fault.Invalid, "smtp.from: %q: want the address that messages come from", s.From)
	}
	if !slices.Contains([]Security{"", StartTLS, FromHead, Plain}, s.TLS) {
		return fault.New(fault.Invalid, "smtp.tls: %q: want starttls, tls or none", s.TLS)
	}
	if local := net.ParseIP(host).IsLoopback() || host == "localhost"; s.TLS == Plain && s.User != "" && !local {
		return fault.New(fault.Invalid, "smtp.tls: none would show the password on the way: want starttls or tls")
	}
	return nil
}
