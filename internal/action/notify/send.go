package notify

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/outward"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/ticket"
)

// Notifier is what telling people takes.
type Notifier struct {
	Mail     Mailer // nil: nobody carries e-mail
	Webhooks Poster
	Channels []Channel
	Others   Caller // nil: there are no other channels
	People   func() Directory
	Now      func() time.Time
}

// Send tells somebody.
func Send(n Notifier) outward.Of {
	return outward.Of{
		About: action.Info{
			ID: "notify.send", Title: "Tell a person, a team or a channel",
			Why: "Whoever owns what is about to change, or has to do a part of it, learns so at once and from the place where the rest of it stands.",
			Risk: "The message names what was found, outside of jobzero. It may come twice when a process dies in between: its Message-ID, or webhook-id, is the same then, " +
				"by which most mail programs show it once. Chat may show it twice.",
			Params: []action.Param{
				{Name: "to", Text: "owner, a channel of the settings, or a team or person of the organisation file", Required: true},
				{Name: "say", Text: "the text: what is asked or told", Required: true},
			},
		},
		Write: func(t effect.Target) (outward.Letter, error) {
			m, w, err := n.message(t)
			if err != nil {
				return outward.Letter{}, err
			}
			input, err := action.Text(m)
			to := "message to " + strings.Join(w.words(), ", ")
			return outward.Letter{Call: effect.Call{Resource: to, Input: input}, Words: to + "\n" + m.Subject + "\n\n" + m.Text, To: w.words()}, err
		},
		Send: func(ctx context.Context, _ aws.Config, p effect.Plan) (effect.Result, error) { return n.send(ctx, p) },
	}
}

func (n Notifier) message(t effect.Target) (message, way, error) {
	about, err := effect.ReadAbout(t)
	if err != nil {
		return message{}, way{}, fault.Wrap(fault.Invalid, err, "%s", effect.AboutParam)
	}
	w, err := n.find(t.Params["to"], about)
	return write(w, t.Params["say"], t, about), w, err
}

func (n Notifier) send(ctx context.Context, p effect.Plan) (r effect.Result, err error) {
	m, w, err := n.message(p.Target)
	if err != nil {
		return r, err
	}
	if w.webhook != "" {
		r.After, err = n.Webhooks.Post(ctx, w.webhook, notice.Post{ID: m.ID, Body: p.Calls[0].Input, At: n.Now()})
		return r, err
	}
	if w.channel != "" {
		return n.call(ctx, p.Target, m)
	}
	if err := n.Mail.Mail(ctx, notice.Letter{ID: m.ID, To: w.emails, Subject: m.Subject, Text: m.Text, At: n.Now()}); err != nil {
		return r, err
	}
	r.After, err = action.Text(map[string]any{"to": w.emails, "by": "e-mail", "at": n.Now().UTC().Format(time.RFC3339)})
	return r, err
}

// call says it in a channel that is neither e-mail nor a webhook.
func (n Notifier) call(ctx context.Context, t effect.Target, m message) (r effect.Result, err error) {
	say := notice.Message{
		Occasion: m.ID, Thread: m.ID, Kind: notice.Digest, Severity: finding.Severity(m.About.Severity), Title: m.Subject, Text: t.Params["say"], Ticket: ticket.ID(m.About.Ticket),
	}
	for _, f := range [][2]string{{"Found", m.About.Title}, {"On", m.About.Resource}, {"Account", m.About.Account}, {"Playbook", m.About.Playbook}, {"Why", oneLine(m.About.Why)}} {
		if f[1] != "" {
			say.Facts = append(say.Facts, notice.Fact{Name: f[0], Text: f[1]})
		}
	}
	receipt, err := n.Others.Call(ctx, m.Channel, say, n.Now())
	if err != nil {
		return r, err
	}
	if receipt == "" {
		receipt = "none: this channel gives no receipt"
	}
	r.After, err = action.Text(map[string]any{"to": m.Channel, "receipt": receipt, "at": n.Now().UTC().Format(time.RFC3339)})
	return r, err
}
