package escalate

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Answer is what a person says of a page.
type Answer struct {
	By     string
	Reason string // may be empty
	At     time.Time
}

// ready refuses an answer by nobody, or about a page that has ended.
func (p *Page) ready(a Answer) error {
	switch {
	case strings.TrimSpace(a.By) == "":
		return fault.New(fault.Invalid, "page %s: an answer without a person", p.ID)
	case p.Over():
		return fault.New(fault.Conflict, "page %s was resolved at %s: there is nothing to answer", p.ID, stamp(p.Ended))
	}
	return nil
}

// Acknowledge says that somebody has it. Nobody else is asked then, until it is late. Another person may take it over.
func (p *Page) Acknowledge(a Answer) (Told, error) {
	if err := p.ready(a); err != nil {
		return Told{}, err
	}
	if p.State == Acknowledged && p.By == a.By && !p.Joined.After(p.Answered) {
		return Told{}, fault.New(fault.Conflict, "page %s: %s has acknowledged it already, at %s", p.ID, a.By, stamp(p.Answered))
	}
	was := ""
	if p.State == Acknowledged && p.By != a.By {
		was = ", taking it over from " + p.By
	}
	p.State, p.By, p.Answered = Acknowledged, a.By, a.At
	p.Answer.stop()
	return Told{"acknowledged", fmt.Sprintf("%s acknowledges page %s%s%s", a.By, p.ID, was, because(a))}, nil
}

// Snooze says that somebody has it and wants to be asked again: all levels begin anew then. The line says for how long at the most.
// When it has to be fixed does not change.
func (p *Page) Snooze(a Answer, d time.Duration) (Told, error) {
	if err := p.ready(a); err != nil {
		return Told{}, err
	}
	from := a.At
	if p.State == Snoozed { // or one could be put on the other for ever
		from = p.Answered
	}
	until := a.At.Add(d)
	switch {
	case p.Line.Snooze == 0:
		return Told{}, fault.New(fault.Denied, "page %s: line %s of the policy lets nobody snooze: acknowledge it", p.ID, p.Line.Name)
	case len(p.Line.Acknowledge) == 0:
		return Told{}, fault.New(fault.Conflict, "page %s: line %s of the policy asks nobody to acknowledge: there is nothing to snooze", p.ID, p.Line.Name)
	case d < time.Minute:
		return Told{}, fault.New(fault.Invalid, "page %s: snooze %s: want 1m or more", p.ID, d)
	case until.Sub(from) > p.Line.Snooze.Of():
		return Told{}, fault.New(fault.Denied, "page %s is %s: it can be snoozed until %s, %s after %s", p.ID, p.Severity, stamp(from.Add(p.Line.Snooze.Of())), p.Line.Snooze, stamp(from))
	}
	p.By, p.Answered = a.By, from
	p.State = Snoozed
	p.Answer.arm(a.At, d)
	return Told{"snoozed", fmt.Sprintf("%s snoozes page %s until %s%s", a.By, p.ID, stamp(until), because(a))}, nil
}

// Escalate has the next level asked at once, at night too, whoever has the page. Anybody may.
func (p *Page) Escalate(a Answer) (Told, error) {
	if err := p.ready(a); err != nil {
		return Told{}, err
	}
	if p.Answer.Over || p.Answer.Next >= len(p.Line.Acknowledge) {
		return Told{}, fault.New(fault.Conflict, "page %s: all levels were asked: there is nobody above to escalate to", p.ID)
	}
	p.State, p.Loud = Asking, true
	p.Answer.await(a.At)
	return Told{"escalated", fmt.Sprintf("%s escalates page %s%s", a.By, p.ID, because(a))}, nil
}

// Settle is told when a ticket of the page is closed. With the last one the page is resolved.
func (p *Page) Settle(now time.Time) Told {
	if p.Over() {
		return Told{}
	}
	p.Open = max(p.Open-1, 0)
	if p.Open > 0 {
		return Told{}
	}
	p.State, p.Ended = Resolved, now
	p.Answer.stop()
	p.Late.stop()
	what := "its ticket is closed"
	if p.Tickets > 1 {
		what = fmt.Sprintf("its %d tickets are closed", p.Tickets)
	}
	return Told{"resolved", fmt.Sprintf("Page %s is resolved: %s", p.ID, what)}
}

func because(a Answer) string {
	if a.Reason == "" {
		return ""
	}
	return ": " + a.Reason
}
