package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Slack waits three seconds for an answer (docs.slack.dev/apis/events-api/using-socket-mode); a message of it is bounded here.
const (
	within      = 2500 * time.Millisecond
	mostMessage = 1 << 20
)

// Command is what a person of ours has typed behind /jobzero.
type Command struct {
	Person string
	Text   string
	At     time.Time
}

// Listener hears what people press and type.
type Listener struct {
	Config Config
	// Who is the person of ours that a member is, by ID or by the e-mail address that Slack has of them.
	Who func(member, email string) (person string, ok bool)
	// Press does it, and says in words what came of it.
	Press func(ctx context.Context, p notice.Press) (said string, err error)
	// Command does it, and says in words what came of it.
	Command func(ctx context.Context, c Command) (said string, err error)
	// Note is told of what was refused and why, for the log; it holds no text that people wrote.
	Note func(what string, err error)
	Now  func() time.Time
}

// Listen opens the connection and hears until ctx ends. Where the connection breaks, the library opens another one; where that fails it
// gives the error, and may be begun again.
func (l Listener) Listen(ctx context.Context) error {
	api := l.Config.client()
	socket := socketmode.New(api, socketmode.OptionLog(silent{}), socketmode.OptionReadLimit(mostMessage))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return socket.RunContext(ctx) })
	g.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case e := <-socket.Events:
				l.hear(ctx, api, socket, e)
			}
		}
	})
	err := g.Wait()
	if err == nil || ctx.Err() != nil && err == ctx.Err() { //nolint:errorlint // it is the context's own
		return nil
	}
	return refused(err, "listen")
}

// hear does what one message asks, and answers it.
func (l Listener) hear(ctx context.Context, api *slack.Client, socket *socketmode.Client, e socketmode.Event) {
	if e.Request == nil || e.Request.EnvelopeID == "" {
		if e.Type == socketmode.EventTypeInvalidAuth {
			l.Note("connect", fault.New(fault.Denied, "slack refuses app_token"))
		}
		return
	}
	work, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var payload any
	switch data := e.Data.(type) {
	case slack.InteractionCallback:
		l.pressed(work, api, data)
	case slack.SlashCommand:
		// Only whoever typed it sees the answer (docs.slack.dev/interactivity/implementing-slash-commands).
		payload = json.RawMessage(answerTo(l.typed(work, api, data)))
	}
	if err := socket.AckCtx(ctx, e.Request.EnvelopeID, payload); err != nil {
		l.Note("answer", refused(err, "answer"))
	}
}

func answerTo(said string) []byte {
	text, _ := json.Marshal(map[string]string{"response_type": "ephemeral", "text": fit(said, mostSection)}) // texts always marshal
	return text
}

// pressed does what a button says, in the name of whoever pressed it.
func (l Listener) pressed(ctx context.Context, api *slack.Client, in slack.InteractionCallback) {
	if in.Type != slack.InteractionTypeBlockActions {
		return
	}
	for _, a := range in.ActionCallback.BlockActions {
		do, ours := strings.CutPrefix(a.ActionID, actionPrefix)
		if !ours || a.Value == "" {
			continue
		}
		said, err := l.press(ctx, api, in.User.ID, notice.Press{Delivery: notice.ID(a.Value), Do: notice.Deed(do), Via: Name, At: l.Now()})
		if err != nil {
			l.Note("press "+do, err)
			said = "Nothing was done: " + err.Error()
		}
		if said == "" {
			continue
		}
		if _, err := api.PostEphemeralContext(ctx, in.Channel.ID, in.User.ID, slack.MsgOptionText(fit(said, mostSection), false)); err != nil {
			l.Note("tell what came of it", refused(err, "answer a press"))
		}
	}
}

func (l Listener) press(ctx context.Context, api *slack.Client, member string, p notice.Press) (string, error) {
	known := false
	for _, d := range notice.Deeds() {
		known = known || d == p.Do
	}
	if !known {
		return "", fault.New(fault.Invalid, "there is no button %.40q", string(p.Do))
	}
	var err error
	if p.Person, err = l.person(ctx, api, member); err != nil {
		return "", err
	}
	return l.Press(ctx, p)
}

// typed does what a command says, in the name of whoever typed it.
func (l Listener) typed(ctx context.Context, api *slack.Client, in slack.SlashCommand) string {
	if l.Command == nil {
		return "jobzero takes no commands here."
	}
	who, err := l.person(ctx, api, in.UserID)
	said := ""
	if err == nil {
		said, err = l.Command(ctx, Command{Person: who, Text: in.Text, At: l.Now()})
	}
	if err != nil {
		l.Note("command", err)
		return "Nothing was done: " + err.Error()
	}
	return said
}

// person is who of us a member is. Guests, bots, members of other workspaces and those whom nobody knows are nobody
// (docs.slack.dev/reference/objects/user-object).
func (l Listener) person(ctx context.Context, api *slack.Client, member string) (string, error) {
	if p, ok := l.Who(member, ""); ok {
		return p, nil
	}
	u, err := api.GetUserInfoContext(ctx, member)
	if err != nil {
		return "", refused(err, "ask who "+member+" is")
	}
	if !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsStranger && u.Profile.Email != "" {
		if p, ok := l.Who(member, u.Profile.Email); ok {
			return p, nil
		}
	}
	return "", fault.New(fault.Denied, "member %s of Slack is nobody of the organisation file: name them in notify.people", member)
}
