package slack

import (
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// The limits of Block Kit, in characters (docs.slack.dev/reference/block-kit/blocks/section-block and header-block; …/block-elements/button-element).
const (
	mostHeader  = 150
	mostSection = 3000
	mostField   = 2000
	mostFields  = 10
)

// blocks is a message: what it is about, the facts, and the buttons, or in their place what became of it.
func blocks(l notify.Letter, hears bool) []slack.Block {
	m := l.Message
	out := []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cut(l.Title, mostHeader), false, false))}
	if m.Text != "" {
		out = append(out, slack.NewSectionBlock(words(m.Text, mostSection), nil, nil))
	}
	var facts []*slack.TextBlockObject
	for _, f := range m.Facts {
		if len(facts) < mostFields {
			facts = append(facts, words("*"+f.Name+"*\n"+f.Text, mostField))
		}
	}
	if len(facts) > 0 {
		out = append(out, slack.NewSectionBlock(nil, facts, nil))
	}
	if m.Ticket != "" || m.Link != "" {
		var line []string
		if m.Ticket != "" {
			line = append(line, "Ticket "+string(m.Ticket))
		}
		if m.Link != "" {
			line = append(line, m.Link)
		}
		out = append(out, slack.NewContextBlock("", words(strings.Join(line, " · "), mostField)))
	}
	if end := became(l); end != "" {
		return append(out, slack.NewContextBlock("", words(end, mostField)))
	}
	if hears && len(m.Buttons) > 0 {
		out = append(out, buttons(l))
	}
	return out
}

// became says what a delivery came to; empty where it may still be answered.
func became(l notify.Letter) string {
	switch l.State {
	case notice.Acknowledged:
		return "Answered by " + l.By
	case notice.Lapsed, notice.Failed:
		return "No longer asked: " + l.Why
	case notice.Queued, notice.Sent, notice.Received:
	}
	return ""
}

func buttons(l notify.Letter) *slack.ActionBlock {
	row := make([]slack.BlockElement, 0, len(l.Message.Buttons))
	for _, d := range l.Message.Buttons {
		b := slack.NewButtonBlockElement(actionPrefix+string(d), l.ID, plain(strings.ToUpper(string(d)[:1])+string(d)[1:]))
		switch d {
		case notice.Acknowledge, notice.Accept:
			b.Style = slack.StylePrimary
		case notice.Approve:
			b.Style = slack.StylePrimary
			b.Confirm = slack.NewConfirmationBlockObject(plain("Approve?"), plain("It is done in your name."), plain("Approve"), plain("Not now"))
		case notice.Deny:
			b.Style = slack.StyleDanger
		case notice.Escalate:
		}
		row = append(row, b)
	}
	return slack.NewActionBlock("", row...)
}

// actionPrefix is what our buttons' action_id begins with.
const actionPrefix = "jobzero/"

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// words is text as strangers may have written it: nothing of it is a link or calls anybody (docs.slack.dev/messaging/formatting-message-text).
func words(s string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, fit(s, most), false, true)
}

// fit escapes, and cuts before it does, so that no escape is cut in two.
func fit(s string, most int) string {
	out := slackutilsx.EscapeMessage(s)
	for n := most; len(out) > most; n = n * 9 / 10 {
		out = slackutilsx.EscapeMessage(cut(s, n))
	}
	return out
}

func cut(s string, most int) string {
	const end = " …"
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len(end)], "") + end
}
