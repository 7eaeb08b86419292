package rest

import (
	"strings"
	"unicode"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
)

// why is what everybody who changes something has to say.
type why struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why, in one line: others will read it"`
}

// change is a write to one thing.
type change struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the change is made only to that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    why
}

// one names one thing.
type one struct {
	ID string `path:"id" maxLength:"200"`
}

// reason is one line of plain text, as the timeline shows it.
func reason(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) {
		return "", fault.New(fault.Invalid, "reason: want one line of plain text that says why")
	}
	return text, nil
}

// may asks for the right to the thing itself.
func may(v auth.Visitor, verb auth.Verb, team string) error {
	if v.May(verb, team) {
		return nil
	}
	whose := "belongs to no team"
	if team != "" {
		whose = "belongs to " + team
	}
	return fault.New(fault.Denied, "this takes the right to %s what %s, which you do not have", verb, whose)
}
