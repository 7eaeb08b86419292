package notify

import (
	"net/mail"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/org"
)

// Directory is what is asked of the organisation file.
type Directory interface {
	Person(id string) (org.Person, bool)
	Team(name string) (org.Team, bool)
}

// way is how somebody is reached: by e-mail or by a webhook.
type way struct {
	emails  []string
	webhook string
}

func (w way) words() []string {
	if w.webhook != "" {
		return []string{"webhook " + w.webhook}
	}
	return w.emails
}

// Reaches says no where nobody of a name can be told. Whom the owner is only a ticket tells.
func (n Notifier) Reaches(to string) error {
	if to == owner {
		return nil
	}
	_, err := n.find(to, effect.About{})
	return err
}

// find says how a name is reached: the owner, a channel, a team or a person, in this order.
func (n Notifier) find(to string, about effect.About) (way, error) {
	if to == owner {
		return n.owner(about)
	}
	if at := slices.IndexFunc(n.Channels, func(c Channel) bool { return c.Name == to }); at >= 0 {
		return n.can(to, way{n.Channels[at].Emails, n.Channels[at].Webhook})
	}
	people := n.People()
	if t, ok := people.Team(to); ok {
		return n.team(t)
	}
	if p, ok := people.Person(to); ok {
		if p.Email == "" {
			return way{}, fault.New(fault.Invalid, "person %s has no e-mail address in the organisation file", to)
		}
		return n.can(to, way{emails: []string{p.Email}})
	}
	return way{}, fault.New(fault.Invalid, "nobody is called %q: want owner, a channel of notify.channels, or a team or person of the organisation file", to)
}

// owner is whoever answers for it: the person, or else the team.
func (n Notifier) owner(about effect.About) (way, error) {
	people := n.People()
	if p, ok := people.Person(about.Person); ok && p.Email != "" {
		return n.can(owner, way{emails: []string{p.Email}})
	}
	if t, ok := people.Team(about.Team); ok {
		return n.team(t)
	}
	return way{}, fault.New(fault.Invalid, "nobody knows who owns it, or how to reach them: say so in the organisation file")
}

// team is reached at its contact, an address or a channel, or through its lead.
func (n Notifier) team(t org.Team) (way, error) {
	if _, err := mail.ParseAddress(t.Contact); err == nil {
		return n.can(t.Name, way{emails: []string{t.Contact}})
	}
	if at := slices.IndexFunc(n.Channels, func(c Channel) bool { return c.Name == strings.TrimPrefix(t.Contact, "#") }); at >= 0 {
		return n.can(t.Name, way{n.Channels[at].Emails, n.Channels[at].Webhook})
	}
	if p, ok := n.People().Person(t.Lead); ok && p.Email != "" {
		return n.can(t.Name, way{emails: []string{p.Email}})
	}
	return way{}, fault.New(fault.Invalid, "team %s has no contact that is an e-mail address or a channel of notify.channels, and no lead with an e-mail address", t.Name)
}

// can says no where the settings have nothing that carries a message that way.
func (n Notifier) can(to string, w way) (way, error) {
	if w.webhook != "" {
		return w, n.Webhooks.Knows(w.webhook)
	}
	if n.Mail == nil {
		return way{}, fault.New(fault.Invalid, "%s is reached by e-mail, and nobody carries it: set notify.smtp", to)
	}
	return w, nil
}
