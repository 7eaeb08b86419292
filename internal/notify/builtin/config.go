package builtin

import (
	"net/mail"
	"regexp"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
)

// Config is how people are told.
type Config struct {
	SMTP     email.Config `yaml:"smtp"`
	Channels []Place      `yaml:"channels"`
	// People is a file that says how each person wants to be told; Templates a folder with KIND.txt in the place of our own texts.
	People    string `yaml:"people"`
	Templates string `yaml:"templates"`
}

// Place is a channel that several read.
type Place struct {
	Name    string   `yaml:"name"` // by which playbooks and people call it
	Emails  []string `yaml:"emails"`
	Webhook string   `yaml:"webhook"` // the name of one
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// reserved are names that mean something else: an owner, or the channels to one person.
func reserved() []string {
	return []string{"owner", email.Name, "slack", notify.SMS, notify.Voice, "pagerduty"}
}

// Validate names the first thing that is wrong, with its key. Hook says whether there is a webhook of a name.
func (c Config) Validate(hook func(name string) bool) error {
	if err := c.SMTP.Validate(); err != nil {
		return fault.Wrap(fault.CodeOf(err), err, "smtp")
	}
	seen := map[string]bool{}
	for _, r := range reserved() {
		seen[r] = true
	}
	for i, ch := range c.Channels {
		if !nameForm.MatchString(ch.Name) || seen[ch.Name] {
			return fault.New(fault.Invalid, "channels[%d].name: %q: want small letters, digits and hyphens, a name that no other channel has, and not %v", i, ch.Name, reserved())
		}
		seen[ch.Name] = true
		if err := ch.check(i, c, hook); err != nil {
			return err
		}
	}
	return nil
}

func (p Place) check(i int, c Config, hook func(name string) bool) error {
	switch {
	case (p.Webhook == "") == (len(p.Emails) == 0):
		return fault.New(fault.Invalid, "channels[%d]: want either emails or webhook", i)
	case p.Webhook != "" && !hook(p.Webhook):
		return fault.New(fault.Invalid, "channels[%d].webhook: %q: webhooks has none of this name", i, p.Webhook)
	case len(p.Emails) > 0 && c.SMTP.Server == "":
		return fault.New(fault.Invalid, "channels[%d].emails: nobody carries e-mail: set notify.smtp", i)
	}
	at := slices.IndexFunc(p.Emails, func(a string) bool { _, err := mail.ParseAddress(a); return err != nil })
	if at >= 0 {
		return fault.New(fault.Invalid, "channels[%d].emails[%d]: %q is no e-mail address", i, at, p.Emails[at])
	}
	return nil
}
