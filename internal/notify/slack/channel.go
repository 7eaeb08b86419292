package slack

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"jobzero/internal/fault"
	"jobzero/internal/notify"
)

// Name is the channel to each person.
const Name = "slack"

// Channel is Slack, to a person or to a channel that several read.
type Channel struct {
	config Config
	api    *slack.Client
	called string
	to     string // of those that several read: C0123ABCD, or #name
}

var (
	_ notify.Channel  = (*Channel)(nil)
	_ notify.Follower = (*Channel)(nil)
)

// New makes the channel to each person.
func New(c Config) *Channel { return &Channel{config: c, api: c.client(), called: Name} }

// In makes a channel that several read.
func In(c Config, name, to string) *Channel { return &Channel{c, c.client(), name, to} }

// Name is how it is called.
func (c *Channel) Name() string { return c.called }

// Personal reports whether it reaches each person.
func (c *Channel) Personal() bool { return c.to == "" }

// byEmail marks an address that Slack has to be asked for.
const byEmail = "email:"

// Address is the person's member ID, or else the e-mail address that Slack finds them by.
func (c *Channel) Address(p notify.Person) (notify.Address, error) {
	switch {
	case c.to != "":
		return notify.Address{To: c.to, Shown: c.to}, nil
	case p.Slack != "":
		return notify.Address{To: p.Slack, Shown: p.Slack}, nil
	case p.Email != "":
		return notify.Address{To: byEmail + p.Email, Shown: p.Email}, nil
	}
	return notify.Address{}, fault.New(fault.Invalid, "neither a member ID of Slack nor an e-mail address of them is known")
}

// Send posts a message (docs.slack.dev/reference/methods/chat.postMessage). Slack has no name for a repetition: after a process that died it
// may be there twice. The receipt is the conversation and the message in it.
func (c *Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	to, err := c.member(ctx, l.To.To)
	if err != nil {
		return "", err
	}
	at, ts, err := c.api.PostMessageContext(ctx, to, c.message(l)...)
	if err != nil {
		return "", refused(err, "post to "+l.To.Shown)
	}
	return at + "/" + ts, nil
}

// Follow puts what became of it in the place of the buttons (docs.slack.dev/reference/methods/chat.update).
func (c *Channel) Follow(ctx context.Context, l notify.Letter) error {
	at, ts, ok := strings.Cut(l.Receipt, "/")
	if !ok {
		return fault.New(fault.Invalid, "the receipt %q names no message", l.Receipt)
	}
	_, _, _, err := c.api.UpdateMessageContext(ctx, at, ts, c.message(l)...)
	return refused(err, "change the message to "+l.To.Shown)
}

// member is the ID of an address (docs.slack.dev/reference/methods/users.lookupByEmail; the scope is users:read.email).
func (c *Channel) member(ctx context.Context, to string) (string, error) {
	mail, asked := strings.CutPrefix(to, byEmail)
	if !asked {
		return to, nil
	}
	u, err := c.api.GetUserByEmailContext(ctx, mail)
	if err != nil {
		return "", refused(err, "find "+mail)
	}
	if u.Deleted || u.IsBot {
		return "", fault.New(fault.Denied, "slack: %s is nobody who can read there", mail)
	}
	return u.ID, nil
}

func (c *Channel) message(l notify.Letter) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(fit(l.Title, mostSection), false), slack.MsgOptionBlocks(blocks(l, c.config.AppToken != "")...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}
