package postincident

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Account is what the timeline tells by itself.
type Account struct {
	Ticket   ticket.ID        `json:"ticket"`
	Title    string           `json:"title"`
	Severity finding.Severity `json:"severity"`
	State    ticket.State     `json:"state"`
	Owner    ticket.Owner     `json:"owner,omitzero"`
	Clocks   ticket.Clocks    `json:"clocks"`
	Reopened int              `json:"reopened"`
	Spans    []Span           `json:"spans"`
	People   int              `json:"people"` // how many had a part in it
	Moments  []Moment         `json:"moments"`
}

// Span is how long something took. What has not happened, or cannot be told, has no span.
type Span struct {
	Of   string        `json:"of"`
	Took time.Duration `json:"took_ns"`
}

// Moment is one thing that was written down when it happened.
type Moment struct {
	Entry int       `json:"entry"` // its number on the timeline, where the evidence is
	At    time.Time `json:"at"`
	Who   string    `json:"who"` // jobzero, or a person by number: who it was is on the timeline and is nothing to learn from
	Kind  string    `json:"kind"`
	What  string    `json:"what"`
}

const (
	person = "person/"
	room   = "jobzero/"
)

// Tell makes the account of a ticket. Persons are numbered as they appear, in what entries say too.
func Tell(t ticket.Ticket, entries []ticket.Entry) Account {
	a := Account{
		Ticket: t.ID, Title: t.Title, Severity: t.Severity, State: t.State, Owner: ticket.Owner{Team: t.Owner.Team}, Clocks: t.Clocks,
		Reopened: t.Reopened, Spans: spans(t.Clocks), Moments: make([]Moment, 0, len(entries)),
	}
	c := newCast(entries)
	a.People = len(c.names)
	for _, e := range entries {
		a.Moments = append(a.Moments, Moment{e.Seq, e.At, c.who(e.Actor), e.Kind, c.hide(e.Text)})
	}
	return a
}

// spans are between recorded instants only, and never below zero: an instant that was reported late may be before the one it follows.
func spans(c ticket.Clocks) (out []Span) {
	for _, s := range []struct {
		of       string
		from, to time.Time
	}{
		{"from the first event to its being noticed", c.Occurred, c.Detected},
		{"from being noticed to being contained", c.Detected, c.Contained},
		{"from being contained to the proof of it", c.Contained, c.Verified},
		{"from the opening of the ticket to its closing", c.Opened, c.Closed},
	} {
		if s.from.IsZero() || s.to.IsZero() || s.to.Before(s.from) {
			continue
		}
		out = append(out, Span{s.of, s.to.Sub(s.from)})
	}
	return out
}

// cast is who had a part, in the order of appearance.
type cast struct {
	names []string
	words []*regexp.Regexp
}

func newCast(entries []ticket.Entry) (c cast) {
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Actor, person)
		if ok && name != "" && !slices.Contains(c.names, name) {
			c.names = append(c.names, name)
			c.words = append(c.words, word(name))
		}
	}
	return c
}

// word finds a name where it is a word of its own, in whatever case.
func word(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\pL\pN_-])` + regexp.QuoteMeta(name) + `($|[^\pL\pN_-])`)
}

func (c cast) who(actor string) string {
	if name, ok := strings.CutPrefix(actor, person); ok {
		return number(slices.Index(c.names, name))
	}
	if strings.HasPrefix(actor, room) {
		return "jobzero"
	}
	return actor
}

func number(i int) string { return fmt.Sprintf("person %d", i+1) }

// hide puts numbers for the names of those who had a part.
func (c cast) hide(text string) string {
	for i, re := range c.words {
		for { // two names that share the space between them are found one after the other
			next := re.ReplaceAllString(text, "${1}"+number(i)+"${2}")
			if next == text {
				break
			}
			text = next
		}
	}
	return text
}
