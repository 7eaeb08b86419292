package report

import (
	"strings"
	"time"

	"jobzero/internal/fault"
)

// ID names a report; its ticket has the same.
type ID string

const subject = "report/"

// Subject is what its ticket is about.
func (i ID) Subject() string { return subject + string(i) }

// Of reports whether a ticket is a report's, by its subject.
func Of(ticketSubject string) bool { return strings.HasPrefix(ticketSubject, subject) }

// Report is what somebody has said. Nothing in it tells who an anonymous one is from: no name, no address, no user of a machine.
type Report struct {
	ID        ID          `json:"id"`
	Code      string      `json:"code"` // hash of the code by which it is followed
	Person    string      `json:"person,omitempty"`
	Anonymous bool        `json:"anonymous"`
	Open      bool        `json:"open,omitempty"`   // it came through the door that is open to everybody: nobody had signed in
	Via       string      `json:"via"`              // cli, slack, web …
	Signed    string      `json:"signed,omitempty"` // what is known of whether it is from whom it says, where a name was not given by signing in
	Title     string      `json:"title"`
	Text      string      `json:"text,omitempty"`
	Files     []File      `json:"files,omitempty"`
	Made      time.Time   `json:"made"`
	Escalated []time.Time `json:"escalated,omitempty"` // when whoever said it went to the top
	Replies   []Reply     `json:"replies,omitempty"`
	Answered  time.Time   `json:"answered,omitzero"` // of one by e-mail: when it was settled whether its code goes out
	Version   int64       `json:"version"`
}

// Reply is what whoever said it is answered, and what they say to that.
type Reply struct {
	At     time.Time `json:"at"`
	Person string    `json:"person"` // empty: whoever has the code
	Text   string    `json:"text"`
}

// The limits.
const (
	mostTitle   = 200
	mostText    = 16 << 10
	mostReplies = 100
	// EscalateAgain is how long somebody waits before the top is told once more.
	EscalateAgain = 24 * time.Hour
	mostEscalated = 20
)

// Said is what somebody says.
type Said struct {
	Person    string
	Anonymous bool
	Open      bool
	Via       string
	Signed    string
	Title     string
	Text      string
	Files     []File
}

// Make makes a report of what somebody says. The code is for them alone.
func Make(id ID, s Said, now time.Time) (Report, Code, error) {
	title, text := cut(strings.Join(strings.Fields(s.Title), " "), mostTitle), cut(strings.TrimSpace(s.Text), mostText)
	switch {
	case title == "":
		return Report{}, "", fault.New(fault.Invalid, "say in one line what is wrong")
	case s.Anonymous && s.Person != "":
		return Report{}, "", fault.New(fault.Invalid, "a report is either anonymous or from somebody")
	case !s.Anonymous && s.Person == "":
		return Report{}, "", fault.New(fault.Invalid, "say who you are, or report anonymously")
	case len(s.Files) > MostFiles:
		return Report{}, "", fault.New(fault.Invalid, "%d files: up to %d are taken", len(s.Files), MostFiles)
	}
	code := newCode()
	return Report{
		ID: id, Code: code.hash(), Person: s.Person, Anonymous: s.Anonymous, Open: s.Open, Via: s.Via, Signed: s.Signed, Title: title, Text: text, Files: s.Files, Made: now,
	}, code, nil
}

// From is who said it, in words.
func (r Report) From() string {
	if r.Anonymous {
		return "somebody who did not want to be named"
	}
	return r.Person
}

// Escalate notes that whoever said it goes to the top, which they may without anybody's leave, and not all the time.
func (r *Report) Escalate(now time.Time) error {
	if n := len(r.Escalated); n > 0 && now.Sub(r.Escalated[n-1]) < EscalateAgain {
		return fault.New(fault.Conflict, "the top was told at %s: it can be told again a day later", r.Escalated[n-1].UTC().Format(time.RFC3339))
	}
	if len(r.Escalated) >= mostEscalated {
		return fault.New(fault.Conflict, "the top was told %d times", mostEscalated)
	}
	r.Escalated = append(r.Escalated, now)
	return nil
}

// Reply answers whoever said it.
func (r *Report) Reply(person, text string, now time.Time) error {
	text = cut(strings.TrimSpace(text), mostText)
	switch {
	case text == "":
		return fault.New(fault.Invalid, "the answer says nothing")
	case len(r.Replies) >= mostReplies:
		return fault.New(fault.Conflict, "there are %d answers already", mostReplies)
	}
	r.Replies = append(r.Replies, Reply{now, person, text})
	return nil
}

func cut(s string, most int) string {
	if s = strings.ToValidUTF8(s, "\uFFFD"); len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
