package handoff

import (
	"time"

	"jobzero/internal/oncall"
)

// Hold says who is really on duty at a time: whom the plan has, unless the handoff of the shift says otherwise. It is the last one that is
// due by then. Now is when it is asked: of a time to come the plan is believed, as long as nothing is late.
func Hold(p *oncall.Plan, h Handoff, at, now time.Time) oncall.Duty {
	d := p.At(at)
	if at.Before(h.Due) || !at.Before(h.Ends) || h.Rota != d.Rota {
		return d // of a shift without a handoff only the plan is known
	}
	taken, byHand := p.Granted(oncall.Primary, at)
	byHand = byHand && taken.At.After(h.Document.Written)
	// A clock that was set back makes nothing undone that somebody has said.
	accepted := h.State == Accepted && (!h.AcceptedAt.After(at) || now.Before(h.AcceptedAt))
	switch {
	case accepted && byHand && taken.At.After(h.AcceptedAt):
	case accepted:
		return accept(p, h, d)
	case byHand, now.Before(h.Due):
	default:
		return wait(p, h, d)
	}
	return d
}

// accept puts whoever has accepted in the seat, for as long as the one has it whose turn it was at the hour.
func accept(p *oncall.Plan, h Handoff, d oncall.Duty) oncall.Duty {
	turn := p.At(h.Due).Primary
	if !d.At.Before(turn.Until) || d.Primary.Person != turn.Person {
		return d // somebody else has the rest of the shift, as was planned
	}
	if h.AcceptedAt.After(h.Due) && !h.AcceptedAt.After(d.At) {
		d.Primary.Since = h.AcceptedAt
	}
	if p.Gone(h.AcceptedBy, d.At) {
		return d // whoever has left is on duty no more, whatever he accepted
	}
	if h.AcceptedBy == turn.Person {
		if h.From == turn.Person {
			d.Primary.Since = h.Since
		}
		return d
	}
	return seat(p, d, h.AcceptedBy)
}

// wait leaves the outgoing person in the seat, unless he has left for good.
func wait(p *oncall.Plan, h Handoff, d oncall.Duty) oncall.Duty {
	d.Waiting = &oncall.Waiting{Handoff: string(h.ID), Due: h.Due, Asked: h.May()}
	if h.From == "" || p.Gone(h.From, d.At) {
		return d // nobody has it, so that the plan is believed
	}
	next := d.Primary
	next.Since = time.Time{}
	d = seat(p, d, h.From)
	d.Primary.Since, d.Primary.Until, d.Next = h.Since, time.Time{}, next
	return d
}

// seat makes somebody the primary. Where he was to stand behind, the one who was to be primary does.
func seat(p *oncall.Plan, d oncall.Duty, person string) oncall.Duty {
	if d.Secondary.Person == person {
		d.Secondary.Person, d.Secondary.Site = d.Primary.Person, d.Primary.Site
	}
	d.Primary.Person = person
	if site := p.Site(person); site != "" {
		d.Primary.Site = site
	}
	return d
}
