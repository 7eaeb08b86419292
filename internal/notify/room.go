package notify

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Room is channels as playbooks call them: each message is one call, and what becomes of it is the playbook's effect.
type Room []Channel

// Reaches says no where there is no channel of a name, or where it reaches one person each.
func (r Room) Reaches(name string) error {
	at := slices.IndexFunc(r, func(c Channel) bool { return c.Name() == name })
	switch {
	case at < 0:
		there := Names(slices.DeleteFunc(slices.Clone(r), func(c Channel) bool { return c.Personal() }))
		return fault.New(fault.Invalid, "nobody is called %q: want owner, a team or person of the organisation file, or a channel that several read: there are %s", name, listed(there))
	case r[at].Personal():
		return fault.New(fault.Invalid, "%s reaches one person each: name the person, or a channel of notify.channels", name)
	}
	return nil
}

// Call says something in a channel that several read. Its name is the occasion: said again it is the same, where the other side can tell.
func (r Room) Call(ctx context.Context, name string, m notice.Message, at time.Time) (receipt string, err error) {
	if err := r.Reaches(name); err != nil {
		return "", err
	}
	c := r[slices.IndexFunc(r, func(c Channel) bool { return c.Name() == name })]
	to, err := c.Address(Person{})
	if err != nil {
		return "", err
	}
	d, err := notice.Queue(m, notice.To{Channel: name}, at)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	m = d.Message
	return c.Send(ctx, Letter{ID: string(d.ID), To: to, Title: m.Title, Short: m.Title, Text: m.Text, Message: m, At: at, State: notice.Queued})
}
