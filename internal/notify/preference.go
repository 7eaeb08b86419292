package notify

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Preference is how one person wants to be told.
type Preference struct {
	Person   string                      `yaml:"person"`   // ID in the organisation file
	Channels []string                    `yaml:"channels"` // tried in this order; empty: as everybody
	Slack    string                      `yaml:"slack"`    // member ID; empty: found by e-mail
	Phone    string                      `yaml:"phone"`    // +4930901820; for sms and voice
	Quiet    *Quiet                      `yaml:"quiet"`    // when what can wait waits
	Least    map[string]finding.Severity `yaml:"least"`    // the mildest severity that a channel is used for
}

// Preferences are those of all. Nil ones are those of people who have said nothing.
type Preferences struct {
	all map[string]Preference
}

// SMS and Voice are the channels that cost money and sleep: they are used for what is critical, unless somebody says otherwise.
const (
	SMS   = "sms"
	Voice = "voice"
)

var (
	slackForm = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`) // docs.slack.dev: IDs of members begin with U or W
	phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`) // E.164: up to fifteen digits
	mostWrong = 20                                         // a person corrects a few and looks again
)

// ParsePreferences reads the text of a file of preferences: a list, one entry a person. All mistakes found are in the error, one a line.
func ParsePreferences(name string, data []byte) (*Preferences, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	var list []Preference
	if err := doc.Decode(name, data, &list); err != nil {
		return nil, err
	}
	out := &Preferences{all: map[string]Preference{}}
	var errs []error
	for i, p := range list {
		n := nodes[0].Items[i]
		_, twice := out.all[p.Person]
		switch {
		case len(errs) >= mostWrong:
		case twice:
			errs = append(errs, n.Errorf("person %s is there twice", p.Person))
		default:
			errs = append(errs, p.check(n))
		}
		out.all[p.Person] = p
	}
	return out, errors.Join(errs...)
}

func (p Preference) check(n *doc.Node) error {
	switch {
	case p.Person == "":
		return n.Errorf("person is missing: want the id of a person of the organisation file")
	case p.Slack != "" && !slackForm.MatchString(p.Slack):
		return n.Get("slack").Errorf("slack %q: want a member ID such as U0123ABCD, from the member's profile in Slack", p.Slack)
	case p.Phone != "" && !phoneForm.MatchString(p.Phone):
		return n.Get("phone").Errorf("phone: want it with + and the country, such as +4930901820, in quotes")
	}
	for i, c := range p.Channels {
		if slices.Contains(p.Channels[:i], c) {
			return n.Get("channels").Errorf("channel %s is there twice", c)
		}
	}
	for c, s := range p.Least {
		if _, err := finding.ParseSeverity(string(s)); err != nil {
			return n.Get("least").Errorf("%s: %s", c, err)
		}
	}
	if p.Quiet != nil {
		if err := p.Quiet.settle(); err != nil {
			return n.Get("quiet").Errorf("%s", err)
		}
	}
	return nil
}

// Check names people and channels that there are not.
func (p *Preferences) Check(people Directory, channels []string) error {
	if p == nil {
		return nil
	}
	var errs []error
	for _, id := range p.people() {
		one := p.all[id]
		if _, ok := people.Person(id); !ok {
			errs = append(errs, fault.New(fault.Invalid, "notify.people: nobody is called %q in the organisation file", id))
		}
		for _, c := range append(slices.Clone(one.Channels), keys(one.Least)...) {
			if !slices.Contains(channels, c) {
				errs = append(errs, fault.New(fault.Invalid, "notify.people: %s: there is no channel %q: there are %s", id, c, listed(channels)))
			}
		}
	}
	return errors.Join(errs[:min(len(errs), mostWrong)]...)
}

func (p *Preferences) people() (out []string) { return keys(p.all) }

func keys[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// of is what one person wants.
func (p *Preferences) of(person string) Preference {
	if p == nil {
		return Preference{}
	}
	return p.all[person]
}

// order is in which order channels are tried: the person's own, or all that reach one person.
func (p *Preferences) order(person string, channels []Channel) (out []string) {
	if own := p.of(person).Channels; len(own) > 0 {
		return own
	}
	for _, c := range channels {
		if c.Personal() {
			out = append(out, c.Name())
		}
	}
	return out
}

// least is the mildest severity that a channel is used for.
func (p *Preferences) least(person, channel string) finding.Severity {
	if s, ok := p.of(person).Least[channel]; ok {
		return s
	}
	if channel == SMS || channel == Voice {
		return finding.Critical
	}
	return ""
}

// BySlack finds who has said that they are a member of Slack.
func (p *Preferences) BySlack(member string) (string, bool) {
	if p == nil || member == "" {
		return "", false
	}
	for _, id := range p.people() {
		if strings.EqualFold(p.all[id].Slack, member) {
			return id, true
		}
	}
	return "", false
}

// ExamplePreferences is a file of preferences that shows every key. The manual prints it and a test reads it.
func ExamplePreferences() string {
	return `# How people want to be told. Who is not here is told by all channels that reach them, in the order of the settings.
- person: kim                        # id of a person of org.yaml
  channels: [slack, sms, email]      # tried in this order, until one takes it
  slack: U0123ABCD                   # member ID; left out: found by the e-mail address
  phone: "+4930901820"               # for sms and voice
  quiet: {from: "22:00", to: "07:00", zone: Europe/Berlin}   # what can wait waits; pages, handoffs and urgent approvals do not
  least: {sms: high}                 # the mildest severity that a channel is used for; sms and voice: critical where nothing is said
`
}
