package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// message is what is sent, as a plan shows it.
type message struct {
	ID      string       `json:"id"` // of the occasion
	To      []string     `json:"to,omitempty"`
	Webhook string       `json:"webhook,omitempty"`
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
	return message{ID: t.Effect, To: to.emails, Webhook: to.webhook, Subject: subject(a, title), Text: b.String(), About: a}
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

// letter is the message as RFC 5322 has it. Its Message-ID comes from the occasion: a mail box that has it already knows a repetition.
func (m message) letter(from string, now time.Time) ([]byte, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "notify.smtp.from")
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	sum := sha256.Sum256([]byte(m.ID))
	var to []string
	for _, t := range m.To {
		a, err := mail.ParseAddress(t)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is no e-mail address", t)
		}
		to = append(to, a.String())
	}
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", sender.String()},
		{"To", strings.Join(to, ", ")},
		{"Subject", mime.QEncoding.Encode("utf-8", oneLine(m.Subject))},
		{"Date", now.Format(time.RFC1123Z)},
		{"Message-ID", "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	if _, err := q.Write([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n"))); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a message")
	}
	return b.Bytes(), fault.Wrap(fault.Internal, q.Close(), "write a message")
}
