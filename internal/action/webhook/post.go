package webhook

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/outward"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// List is all addresses of the settings.
type List []Config

// Find gives one by its name.
func (l List) Find(name string) (Config, error) {
	at := slices.IndexFunc(l, func(c Config) bool { return c.Name == name })
	if at < 0 {
		return Config{}, fault.New(fault.Invalid, "the settings have no webhook %q: add it to webhooks, with url and secret%s", name, l.there())
	}
	return l[at], nil
}

func (l List) there() string {
	if len(l) == 0 {
		return ""
	}
	var names []string
	for _, c := range l {
		names = append(names, c.Name)
	}
	return "; there are " + strings.Join(names, ", ")
}

// Send posts to a webhook by name.
func Send(all List, now func() time.Time) outward.Of {
	return outward.Of{
		About: action.Info{
			ID: "webhook.post", Title: "Post to an address of the settings",
			Why: "What else has to know or to act, such as a chat, a ticket system or a program of your own, is told in the moment in which it matters, and may answer.",
			Risk: "What is posted leaves the organisation's accounts, and whoever gets it may act on it. It may be posted twice when a process dies: webhook-id is the same " +
				"then. A playbook names only the webhook: address and secret are settings.",
			Params: []action.Param{
				{Name: "name", Text: "of the webhook, in the settings", Required: true},
				{Name: "body", Text: "a JSON object, which arrives as input"},
			},
		},
		Write: func(t effect.Target) (outward.Letter, error) {
			c, err := all.Find(t.Params["name"])
			if err != nil {
				return outward.Letter{}, err
			}
			body, err := outward.NewMessage(t, "body")
			if err != nil {
				return outward.Letter{}, err
			}
			to := "webhook " + c.Name
			return outward.Letter{Call: effect.Call{Resource: to, Input: body}, Words: "POST to " + to + ":\n" + string(body), To: []string{to}}, nil
		},
		Send: func(ctx context.Context, _ aws.Config, p effect.Plan) (r effect.Result, err error) {
			c, err := all.Find(p.Target.Params["name"])
			if err != nil {
				return r, err
			}
			r.After, err = c.Do(ctx, Post{ID: p.Target.Effect, Body: p.Calls[0].Input, Now: now()})
			return r, err
		},
	}
}
