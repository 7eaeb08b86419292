package webhook

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/outward"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Poster posts to the webhooks of the settings. The room that tells people has it; app hands it over.
type Poster interface {
	// Knows says no where there is no webhook of that name.
	Knows(name string) error
	Post(ctx context.Context, name string, p notice.Post) (json.RawMessage, error)
}

// Send posts to a webhook by name.
func Send(all Poster, now func() time.Time) outward.Of {
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
			if all == nil {
				return outward.Letter{}, fault.New(fault.Invalid, "the settings have no webhook %q: add it to webhooks, with url and secret", t.Params["name"])
			}
			if err := all.Knows(t.Params["name"]); err != nil {
				return outward.Letter{}, err
			}
			body, err := outward.NewMessage(t, "body")
			if err != nil {
				return outward.Letter{}, err
			}
			to := "webhook " + t.Params["name"]
			return outward.Letter{Call: effect.Call{Resource: to, Input: body}, Words: "POST to " + to + ":\n" + string(body), To: []string{to}}, nil
		},
		Send: func(ctx context.Context, _ aws.Config, p effect.Plan) (r effect.Result, err error) {
			r.After, err = all.Post(ctx, p.Target.Params["name"], notice.Post{ID: p.Target.Effect, Body: p.Calls[0].Input, At: now()})
			return r, err
		},
	}
}
