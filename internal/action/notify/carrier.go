package notify

import (
	"context"
	"encoding/json"
	"time"

	"jobzero/internal/notice"
)

// Channel is a place that several people read: addresses, or a webhook.
type Channel struct {
	Name    string // by which playbooks call it
	Emails  []string
	Webhook string // the name of one
}

// Mailer carries e-mail. The room that tells people has it; app hands it over.
type Mailer interface {
	Mail(ctx context.Context, l notice.Letter) error
}

// Poster posts to the webhooks of the settings.
type Poster interface {
	// Knows says no where there is no webhook of that name.
	Knows(name string) error
	Post(ctx context.Context, name string, p notice.Post) (json.RawMessage, error)
}

// Caller speaks to channels that several read and that are neither: a channel in Slack, PagerDuty, a service.
type Caller interface {
	// Reaches says no where there is no such channel, or where it reaches one person each.
	Reaches(channel string) error
	// Call says something there, under the name of the occasion, and gives what the channel calls it; empty where it calls it nothing.
	Call(ctx context.Context, channel string, m notice.Message, at time.Time) (receipt string, err error)
}

// owner is the word for whoever answers for what a ticket is about.
const owner = "owner"
