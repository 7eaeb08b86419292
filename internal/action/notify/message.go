package notify

import (
	"fmt"
	"strings"

	"jobzero/internal/effect"
)

// message is what is sent, as a plan shows it.
type message struct {
	ID      string       `json:"id"` // of the occasion
	To      []string     `json:"to,omitempty"`
	Webhook string       `json:"webhook,omitempty"`
	Channel string       `json:"channel,omitempty"`
	Subject string       `json:"subject"`
	Text    string       `json:"text"`
	About   effect.About `json:"about"`
}

// longest is the most that is said, in bytes: a text that expressions make may be as long as a resource.
const longest = 16 << 10

// write makes the message: what is said, and what it is about.
func write(to way, say string, t effect.Target, a effect.About) message {
	var b strings.Builder
	say = strings.TrimSpace(say)
	if len(say) > longest {
		say = strings.ToValidUTF8(say[:longest], "") + " …"
	}
	b.WriteString(say + "\n\n")
	for _, l := range [][2]string{
		{"Ticket", a.Ticket}, {"Found", a.Title}, {"Severity", a.Severity}, {"On", a.Resource}, {"Account", a.Account}, {"Playbook", a.Playbook + ", step " + a.Step}, {"Why", oneLine(a.Why)},
	} {
		if l[1] != "" && l[1] != ", step " {
			fmt.Fprintf(&b, "%-10s%s\n", l[0]+":", l[1])
		}
	}
	if a.Ticket != "" {
		fmt.Fprintf(&b, "\nAll that is known, and what is asked of whom: jobzero ticket show %s\n", a.Ticket)
	}
	title, _, _ := strings.Cut(say, "\n")
	if a.Title != "" {
		title = a.Title
	}
	return message{ID: t.Effect, To: to.emails, Webhook: to.webhook, Channel: to.channel, Subject: subject(a, title), Text: b.String(), About: a}
}

func subject(a effect.About, title string) string {
	const most = 150
	out := "jobzero"
	if a.Severity != "" {
		out += " " + a.Severity
	}
	if out += ": " + oneLine(title); len(out) > most {
		out = strings.ToValidUTF8(out[:most], "") + " …"
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
