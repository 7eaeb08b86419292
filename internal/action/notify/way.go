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

// way is how somebody is reached: by e-mail, by a webhook, or by another channel.
type way struct {
	emails  []string
	webhook string
	channel string
}

func (w way) words() []string {
	switch {
	case w.webhook != "":
		return []string{"webhook " + w.webhook}
	case w.channel != "":
		return []string{"channel " + w.channel}
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
	if w, ok := n.channel(to); ok {
		return n.can(to, w)
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
	if n.Others != nil {
		return way{channel: to}, n.Others.Reaches(to) // it says which channels there are
	}
	return way{}, fault.New(fault.Invalid, "nobody is called %q: want owner, a channel of the settings, or a team or person of the organisation file", to)
}

// channel is one of the settings that several read.
func (n Notifier) channel(name string) (way, bool) {
	if at := slices.IndexFunc(n.Channels, func(c Channel) bool { return c.Name == name }); at >= 0 {
		return way{emails: n.Channels[at].Emails, webhook: n.Channels[at].Webhook}, true
	}
	if n.Others != nil && n.Others.Reaches(name) == nil {
		return way{channel: name}, true
	}
	return way{}, false
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
	if w, ok := n.channel(strings.TrimPrefix(t.Contact, "#")); ok {
		return n.can(t.Name, w)
	}
	if p, ok := n.People().Person(t.Lead); ok && p.Email != "" {
		return n.can(t.Name, way{emails: []string{p.Email}})
	}
	return way{}, fault.New(fault.Invalid, "team %s has no contact that is an e-mail address or a channel of the settings, and no lead with an e-mail address", t.Name)
}

// can says no where the settings have nothing that carries a message that way.
func (n Notifier) can(to string, w way) (way, error) {
	if w.webhook != "" {
		return w, n.Webhooks.Knows(w.webhook)
	}
	if w.channel != "" {
		return w, nil
	}
	if n.Mail == nil {
		return way{}, fault.New(fault.Invalid, "%s is reached by e-mail, and nobody carries it: set notify.smtp", to)
	}
	return w, nil
}
