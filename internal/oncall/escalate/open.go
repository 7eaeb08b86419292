package escalate

import (
	"fmt"
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// Case is a ticket that needs a person, as far as pages are concerned.
type Case struct {
	Ticket   ticket.ID
	Title    string
	Why      string
	Severity finding.Severity
	Kinds    []finding.Kind
	Account  string
	Owner    ticket.Owner
	Opened   time.Time
	Due      time.Time // that people agreed on; it counts instead of the policy's time. Zero: there is none
	Keys     []string  // what it is grouped by
}

// mostKeys bounds by how many things one ticket is grouped.
const mostKeys = 16

// CaseOf makes a case of a ticket and its findings.
func CaseOf(t ticket.Ticket, found []finding.Finding, why string) Case {
	c := Case{
		Ticket: t.ID, Title: t.Title, Why: why, Severity: t.Severity, Account: t.Account, Owner: t.Owner, Opened: t.Clocks.Opened,
		Due: t.Clocks.Due,
	}
	add := func(kind, word string) {
		if k := kind + " " + word; word != "" && len(c.Keys) < mostKeys && !slices.Contains(c.Keys, k) {
			c.Keys = append(c.Keys, k)
		}
	}
	if report.Of(t.Subject) {
		c.Kinds = append(c.Kinds, finding.Reported)
	}
	add("account", t.Account)
	for _, f := range found {
		add("principal", f.Principal)
		add("rule", f.By)
		if !slices.Contains(c.Kinds, f.Kind) {
			c.Kinds = append(c.Kinds, f.Kind)
		}
	}
	return c
}

// FixBy is when the ticket has to be fixed where the policy has a time for it.
func (c Case) FixBy(within time.Duration) time.Time {
	if !c.Due.IsZero() {
		return c.Due
	}
	return c.Opened.Add(within)
}

// Open opens a page for a case; somebody is asked when it is passed first.
func Open(id ID, c Case, p Policy, now time.Time) (Page, Told) {
	line, _ := p.LineFor(c.Severity, c.Kinds)
	g := Page{
		ID: id, State: Asking, Title: c.Title, Why: c.Why, Severity: c.Severity, Account: c.Account, First: c.Ticket, Tickets: 1, Open: 1,
		Rota: p.Rota, Line: line, Opened: now, Joined: now,
	}
	g.owned(c.Owner)
	if g.Answer.Due = now; len(line.Acknowledge) == 0 {
		g.Answer.stop()
		g.State, g.Answer.Over = Unanswered, true
	}
	g.fixBy(c, now)
	return g, Told{"page", fmt.Sprintf("Page %s is opened by line %s of the policy: %s", id, line.Name, c.Why)}
}

// fixBy sets when the ticket has to be fixed, counted from its own opening.
func (p *Page) fixBy(c Case, now time.Time) {
	if len(p.Line.Fix.Levels) == 0 || p.Late.Next > 0 || p.Late.Over {
		return
	}
	if by := c.FixBy(p.Line.Fix.Within.Of()); p.FixBy.IsZero() || by.Before(p.FixBy) {
		p.FixBy = by
		p.Late.arm(now, by.Sub(now))
	}
}

// Takes reports whether one more ticket may join now. A page of a time that is yet to come takes none: the clock was put back.
func (p Page) Takes(g Group, now time.Time) bool {
	return !p.Over() && !now.Before(p.Joined) && now.Sub(p.Joined) <= g.Within.Of() && now.Sub(p.Opened) <= g.Longest.Of()
}

// Join adds a ticket. A worse one has all levels of its own line asked, whoever has the page by now: nothing critical hides behind something low.
func (p *Page) Join(c Case, policy Policy, now time.Time) Told {
	p.Tickets++
	p.Open++
	p.Joined = now
	p.owned(c.Owner)
	told := Told{"page", fmt.Sprintf("Joins page %s, which tells of %d tickets now", p.ID, p.Tickets)}
	if c.Severity.Rank() > p.Severity.Rank() {
		p.worse(c, policy, now)
		told.Text += " and is " + string(c.Severity) + " by it"
	} else if p.renew(policy, now) {
		told.Text += "; " + p.By + ", who has it, is asked anew"
	}
	p.fixBy(c, now)
	return told
}

// renew has whoever has the page asked anew, because more has come than they have said yes to: once, however much comes, until they have
// answered, and after that no sooner than a storm lasts. Whoever snoozes it is asked anyway.
func (p *Page) renew(policy Policy, now time.Time) bool {
	if p.State != Acknowledged || len(p.Line.Acknowledge) == 0 || !p.Answer.Due.IsZero() {
		return false
	}
	p.Answer = Clock{Round: p.Answer.Round + 1}
	wait := min(p.Renewed.Add(policy.Group.Within.Of()).Sub(now), policy.Group.Within.Of())
	if p.Renewed.IsZero() || wait <= 0 {
		p.Answer.Due = now
	} else {
		p.Answer.arm(now, wait)
	}
	return true
}

// Worsen is told when a ticket of the page has become worse. The line has no kind when that changes nothing.
func (p *Page) Worsen(c Case, policy Policy, now time.Time) Told {
	if p.Over() || c.Severity.Rank() <= p.Severity.Rank() {
		return Told{}
	}
	p.worse(c, policy, now)
	p.fixBy(c, now)
	return Told{"page", fmt.Sprintf("Page %s is %s now, by line %s of the policy: it begins anew", p.ID, p.Severity, p.Line.Name)}
}

func (p *Page) worse(c Case, policy Policy, now time.Time) {
	line, _ := policy.LineFor(c.Severity, c.Kinds)
	p.Severity, p.Title, p.Why, p.Line, p.Rota = c.Severity, c.Title, c.Why, line, policy.Rota
	p.FixBy = time.Time{}
	p.Late = Clock{Round: p.Late.Round + 1}
	if len(line.Acknowledge) > 0 {
		p.State, p.By, p.Loud = Asking, "", false
		p.Answer.again(now)
	}
}
