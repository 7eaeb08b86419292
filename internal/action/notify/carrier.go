package notify

import (
	"context"
	"encoding/json"

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

// owner is the word for whoever answers for what a ticket is about.
const owner = "owner"
