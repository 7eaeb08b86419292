package notice

import (
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Kind is what a message is for.
type Kind string

// The kinds.
const (
	Page     Kind = "page"     // somebody has to look now
	Handoff  Kind = "handoff"  // a duty is passed on
	Approval Kind = "approval" // somebody has to say yes or no
	Report   Kind = "report"   // somebody has said that something is wrong, or what became of it
	Digest   Kind = "digest"   // what there is to know, and nothing to do
)

// Kinds lists all of them.
func Kinds() []Kind { return []Kind{Page, Handoff, Approval, Report, Digest} }

// Deed is what a button does.
type Deed string

// The deeds.
const (
	Acknowledge Deed = "acknowledge"
	Escalate    Deed = "escalate"
	Approve     Deed = "approve"
	Deny        Deed = "deny"
	Accept      Deed = "accept"
)

// Deeds lists all of them.
func Deeds() []Deed { return []Deed{Acknowledge, Escalate, Approve, Deny, Accept} }

// Message is what somebody is told. Its texts may come from strangers: each channel escapes them as it has to.
type Message struct {
	// Occasion names what the message is said for, such as "page 01J…/level 2". Said again to the same person it is the same message.
	Occasion string           `json:"occasion"`
	Thread   string           `json:"thread,omitempty"` // what belongs together, such as the page; empty: the occasion
	Kind     Kind             `json:"kind"`
	Severity finding.Severity `json:"severity,omitempty"`
	Title    string           `json:"title"` // one line
	Text     string           `json:"text,omitempty"`
	Facts    []Fact           `json:"facts,omitempty"`
	Link     string           `json:"link,omitempty"` // https://…
	Ticket   ticket.ID        `json:"ticket,omitempty"`
	About    string           `json:"about,omitempty"` // what the buttons are about: a page, a handoff, a run
	Buttons  []Deed           `json:"buttons,omitempty"`
	Until    time.Time        `json:"until,omitzero"` // after it nobody need be told any more; zero: always
}

// Fact is one thing that is known, with its name.
type Fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// What a message may have at the most: it is a row, and people read it on small screens.
const (
	mostTitle = 300
	mostText  = 16 << 10
	mostFacts = 20
	mostFact  = 1 << 10
)

// Urgent reports whether the message may wake somebody. When a page may, is for the policy that makes it.
func (m Message) Urgent() bool {
	return m.Kind == Page || m.Kind == Handoff || m.Kind == Approval && m.Severity.Rank() >= finding.High.Rank()
}

// settled is the message as it is kept: cut to its limits, and refused where it says nothing.
func (m Message) settled() (Message, error) {
	m.Title, m.Text = cut(strings.Join(strings.Fields(m.Title), " "), mostTitle), cut(strings.TrimSpace(m.Text), mostText)
	known := false
	for _, k := range Kinds() {
		known = known || k == m.Kind
	}
	switch {
	case m.Occasion == "":
		return m, fault.New(fault.Invalid, "a message names no occasion, so that a repetition could not be told")
	case !known:
		return m, fault.New(fault.Invalid, "message %s: kind %q: want page, handoff, approval, report or digest", m.Occasion, m.Kind)
	case m.Title == "":
		return m, fault.New(fault.Invalid, "message %s has no title", m.Occasion)
	}
	if m.Thread == "" {
		m.Thread = m.Occasion
	}
	if len(m.Facts) > mostFacts {
		m.Facts = m.Facts[:mostFacts:mostFacts]
	}
	facts := make([]Fact, 0, len(m.Facts))
	for _, f := range m.Facts {
		if f.Name != "" && f.Text != "" {
			facts = append(facts, Fact{cut(f.Name, mostFact), cut(f.Text, mostFact)})
		}
	}
	m.Facts = facts
	return m, nil
}

func cut(s string, most int) string {
	if s = strings.ToValidUTF8(s, "\uFFFD"); len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
