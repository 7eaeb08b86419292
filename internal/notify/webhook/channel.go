package webhook

import (
	"context"
	"encoding/json"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// Channel is a webhook that several read.
type Channel struct {
	Called string
	Hook   Config
}

var _ notify.Channel = Channel{}

// Name is how it is called.
func (c Channel) Name() string { return c.Called }

// Personal says no: several read it.
func (c Channel) Personal() bool { return false }

// Address is the same for everybody.
func (c Channel) Address(notify.Person) (notify.Address, error) {
	return notify.Address{To: c.Hook.Name, Shown: "webhook " + c.Hook.Name}, nil
}

// body is what is posted of a message. Everything that strangers may have written is a JSON text.
type body struct {
	ID       string        `json:"id"`
	Kind     notice.Kind   `json:"kind"`
	Severity string        `json:"severity,omitempty"`
	Thread   string        `json:"thread"`
	Title    string        `json:"title"`
	Text     string        `json:"text,omitempty"`
	Facts    []notice.Fact `json:"facts,omitempty"`
	Link     string        `json:"link,omitempty"`
	Ticket   string        `json:"ticket,omitempty"`
	About    string        `json:"about,omitempty"`
	Buttons  []notice.Deed `json:"buttons,omitempty"` // what may be answered elsewhere
	State    notice.State  `json:"state"`             // queued: it is new; else what it came to
	By       string        `json:"by,omitempty"`
}

func (c Channel) post(ctx context.Context, id string, l notify.Letter) error {
	m := l.Message
	text, err := json.Marshal(body{
		ID: l.ID, Kind: m.Kind, Severity: string(m.Severity), Thread: m.Thread, Title: l.Title, Text: m.Text, Facts: m.Facts, Link: m.Link,
		Ticket: string(m.Ticket), About: m.About, Buttons: m.Buttons, State: l.State, By: l.By,
	})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a message")
	}
	_, err = c.Hook.Do(ctx, notice.Post{ID: id, Body: text, At: l.At})
	return err
}

// Send posts it. The webhook-id is that of the delivery.
func (c Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	return l.ID, c.post(ctx, l.ID, l)
}

// Follow posts what it came to, once more under a name of its own.
func (c Channel) Follow(ctx context.Context, l notify.Letter) error {
	return c.post(ctx, l.ID+"/"+string(l.State), l)
}
