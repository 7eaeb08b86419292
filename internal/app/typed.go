package app

import (
	"context"
	"strings"

	"jobzero/internal/notify/slack"
	"jobzero/internal/report"
)

// typed does what a person of ours has typed in Slack.
func (h *House) typed(ctx context.Context, c slack.Command) (string, error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	if verb != "report" || strings.TrimSpace(rest) == "" {
		return "Type: report WHAT IS WRONG. Slack knows that it is you; to report anonymously use `jobzero report send --anonymous`.", nil
	}
	title, text, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	said, code, err := h.reports().Send(ctx, report.Said{Person: c.Person, Via: slack.Name, Title: title, Text: text})
	if err != nil {
		return "", err
	}
	return "Thank you. It is report " + string(said.ID) + ", in your name: Slack is not anonymous. Follow it, or go to the top with it, by the code " + string(code) +
		", which is shown only now: `jobzero report follow`.", nil
}
