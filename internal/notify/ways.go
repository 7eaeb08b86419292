package notify

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/org"
)

// Directory is what is asked of the organisation file.
type Directory interface {
	Person(id string) (org.Person, bool)
}

// Ways is by which channels people are told, and how. It is built whole and swapped in.
type Ways struct {
	Channels    []Channel
	People      Directory
	Preferences *Preferences
	Templates   *Templates
}

// way is one channel to one receiver.
type way struct {
	channel Channel
	to      Address
}

// Channel finds one by its name.
func (w Ways) Channel(name string) (Channel, error) {
	at := slices.IndexFunc(w.Channels, func(c Channel) bool { return c.Name() == name })
	if at < 0 {
		return nil, fault.New(fault.Invalid, "there is no channel %q: there are %s", name, listed(Names(w.Channels)))
	}
	return w.Channels[at], nil
}

// Names are the names of channels, in their order.
func Names(channels []Channel) []string {
	out := make([]string, len(channels))
	for i, c := range channels {
		out[i] = c.Name()
	}
	return out
}

func listed(channels []string) string {
	if len(channels) == 0 {
		return "none: set notify.smtp or another in the settings"
	}
	return strings.Join(channels, ", ")
}

// Person is somebody as channels know them.
func (w Ways) Person(id string) (Person, error) {
	p, ok := org.Person{}, false
	if w.People != nil {
		p, ok = w.People.Person(id)
	}
	if !ok {
		return Person{}, fault.New(fault.Invalid, "nobody is called %q in the organisation file", id)
	}
	own := w.Preferences.of(id)
	return Person{ID: p.ID, Name: p.Name, Email: p.Email, Slack: own.Slack, Phone: own.Phone}, nil
}

// miss is a channel that does not reach somebody, and why.
type miss struct{ channel, why string }

// missed says why channels do not reach somebody.
func missed(all []miss) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString("; " + m.channel + ": " + m.why)
	}
	return b.String()
}

// find gives the channels to a receiver in the order in which they are tried, and why others do not reach them.
func (w Ways) find(to notice.To, m notice.Message) (out []way, not []miss, err error) {
	var p Person
	if to.Person != "" {
		if p, err = w.Person(to.Person); err != nil {
			return nil, nil, err
		}
	}
	order := []string{to.Channel}
	if to.Channel == "" {
		order = w.Preferences.order(to.Person, w.Channels)
	}
	for _, name := range order {
		c, err := w.Channel(name)
		if err != nil {
			return nil, nil, err
		}
		if least := w.Preferences.least(to.Person, name); to.Channel == "" && m.Severity.Rank() < least.Rank() {
			not = append(not, miss{name, "only for " + string(least) + " and worse"})
			continue
		}
		at, err := c.Address(p)
		if err != nil {
			not = append(not, miss{name, err.Error()})
			continue
		}
		out = append(out, way{c, at})
	}
	return out, not, nil
}

// Held is until when somebody does not want to be told what can wait.
func (w Ways) Held(to notice.To, m notice.Message, now time.Time) (time.Time, bool) {
	if m.Urgent() || to.Person == "" || to.Channel != "" {
		return time.Time{}, false
	}
	return w.Preferences.of(to.Person).Quiet.until(now)
}
