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
	"jobzero/internal/notice"
)

// Notifier is what telling people takes.
type Notifier struct {
	Mail     Mailer // nil: nobody carries e-mail
	Webhooks Poster
	Channels []Channel
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
				"by which most mail programs show it once.",
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
	if err := n.Mail.Mail(ctx, notice.Letter{ID: m.ID, To: w.emails, Subject: m.Subject, Text: m.Text, At: n.Now()}); err != nil {
		return r, err
	}
	r.After, err = action.Text(map[string]any{"to": w.emails, "by": "e-mail", "at": n.Now().UTC().Format(time.RFC3339)})
	return r, err
}
