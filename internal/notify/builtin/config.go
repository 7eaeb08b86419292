package builtin

import (
	"net/mail"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/pagerduty"
	"jobzero/internal/notify/slack"
	"jobzero/internal/notify/sns"
	"jobzero/internal/notify/voice"
	"jobzero/internal/notify/wide"
)

// Config is how people are told.
type Config struct {
	SMTP      email.Config     `yaml:"smtp"`
	Slack     slack.Config     `yaml:"slack"`
	PagerDuty pagerduty.Config `yaml:"pagerduty"`
	SMS       sns.Config       `yaml:"sms"`
	Voice     voice.Config     `yaml:"voice"`
	Services  []wide.Config    `yaml:"services"` // the breadth: Teams, Telegram, ntfy …
	Channels  []Place          `yaml:"channels"`
	// People is a file that says how each person wants to be told; Templates a folder with KIND.txt in the place of our own texts.
	People    string `yaml:"people"`
	Templates string `yaml:"templates"`
}

// Place is a channel that several read.
type Place struct {
	Name    string   `yaml:"name"` // by which playbooks and people call it
	Emails  []string `yaml:"emails"`
	Webhook string   `yaml:"webhook"` // the name of one
	Slack   string   `yaml:"slack"`   // a channel there: its ID, or #name
}

// reserved are names that mean something else: an owner, or the channels to one person.
func reserved() []string {
	return []string{"owner", email.Name, slack.Name, notify.SMS, notify.Voice, pagerduty.Name}
}

// Validate names the first thing that is wrong, with its key. Hook says whether there is a webhook of a name.
func (c Config) Validate(hook func(name string) bool) error {
	for _, one := range []struct {
		key   string
		wrong error
	}{{"smtp", c.SMTP.Validate()}, {"slack", c.Slack.Validate()}, {"pagerduty", c.PagerDuty.Validate()}, {"sms", c.SMS.Validate()}, {"voice", c.Voice.Validate()}} {
		if one.wrong != nil {
			return fault.New(fault.Invalid, "%s.%s", one.key, one.wrong)
		}
	}
	seen := map[string]bool{}
	for _, r := range reserved() {
		seen[r] = true
	}
	name := func(list string, i int, name string) error {
		if strings.TrimSpace(name) != name || name == "" || seen[name] {
			return fault.New(fault.Invalid, "%s[%d].name: %q: want a name that no other channel has, and none of %s", list, i, name, strings.Join(reserved(), ", "))
		}
		seen[name] = true
		return nil
	}
	for i, s := range c.Services {
		if err := name("services", i, s.Name); err != nil {
			return err
		}
		if err := s.Validate(); err != nil {
			return fault.New(fault.Invalid, "services[%d].%s", i, err)
		}
	}
	for i, p := range c.Channels {
		if err := name("channels", i, p.Name); err != nil {
			return err
		}
		if err := p.check(i, c, hook); err != nil {
			return err
		}
	}
	return nil
}

// check looks at one channel that several read.
func (p Place) check(i int, c Config, hook func(name string) bool) error {
	ways := 0
	for _, has := range []bool{p.Webhook != "", len(p.Emails) > 0, p.Slack != ""} {
		if has {
			ways++
		}
	}
	switch {
	case ways != 1:
		return fault.New(fault.Invalid, "channels[%d]: want one of emails, webhook and slack", i)
	case p.Webhook != "" && !hook(p.Webhook):
		return fault.New(fault.Invalid, "channels[%d].webhook: %q: webhooks has none of this name", i, p.Webhook)
	case p.Slack != "" && c.Slack.Token == "":
		return fault.New(fault.Invalid, "channels[%d].slack: nobody speaks to Slack: set notify.slack", i)
	case len(p.Emails) > 0 && c.SMTP.Server == "":
		return fault.New(fault.Invalid, "channels[%d].emails: nobody carries e-mail: set notify.smtp", i)
	}
	at := slices.IndexFunc(p.Emails, func(a string) bool { _, err := mail.ParseAddress(a); return err != nil })
	if at >= 0 {
		return fault.New(fault.Invalid, "channels[%d].emails[%d]: %q is no e-mail address", i, at, p.Emails[at])
	}
	return nil
}
