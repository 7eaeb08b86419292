package escalate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Chain is one of the two clocks of a page.
type Chain string

// The chains.
const (
	ToAnswer Chain = "answer" // until somebody says that they have it
	ToFix    Chain = "fix"    // it is open for too long
)

// World is what passing a page needs to know of an instant.
type World struct {
	Seats  Seats
	Quiet  Quiet
	Zone   func(person string) *time.Location // nil, or gives nil: the policy's
	Silent string                             // why nobody is known to be on duty; empty: somebody is
}

// Pass does what the time alone does: the next level of each clock that is due. It gives whom to call, and what to tell.
func (p *Page) Pass(now time.Time, w World) (calls []Call, told []Told) {
	if p.Over() {
		return nil, nil
	}
	if p.Answer.due(now) {
		if p.State == Snoozed {
			told = append(told, Told{"page", fmt.Sprintf("Page %s was snoozed by %s and comes back", p.ID, p.By)})
			p.By = ""
			p.Answer.again(now)
		}
		if p.State == Acknowledged {
			calls, told = p.anew(now, w, calls, told)
		} else {
			calls, told = p.ask(ToAnswer, now, w, calls, told)
		}
	}
	if p.Late.due(now) {
		calls, told = p.ask(ToFix, now, w, calls, told)
	}
	return calls, told
}

// Holder is the seat of whoever has answered a page already.
const Holder = "holder"

// anew asks whoever has the page whether they have what came since, too. Without an answer in the time of the first level all levels follow.
func (p *Page) anew(now time.Time, w World, calls []Call, told []Told) ([]Call, []Told) {
	c := &p.Answer
	who, morning := p.awake([]asked{{p.By, Holder}}, w, now)
	if len(who) == 0 {
		c.await(morning)
		return calls, append(told, Told{"waits", fmt.Sprintf("Page %s: %s has it, and is told of what came since in the morning: %s", p.ID, p.By, stamp(morning))})
	}
	within := p.Line.Acknowledge[0].Within.Of()
	calls = append(calls, Call{Page: p.ID, Chain: ToAnswer, Round: c.Round, Level: 0, Person: p.By, Seat: Holder, At: now, State: Queued})
	c.Asked = []string{p.By}
	c.arm(now, within)
	p.State, p.Renewed = Asking, now
	return calls, append(told, Told{"asked", fmt.Sprintf("Page %s asks %s anew: it tells of %d tickets now; the levels are asked %s", p.ID, p.By, p.Tickets, stamp(now.Add(within)))})
}

// ask asks the next level of a chain that has anybody to ask.
func (p *Page) ask(chain Chain, now time.Time, w World, calls []Call, told []Told) ([]Call, []Told) {
	c, levels := p.chain(chain)
	for ; c.Next < len(levels); c.Next++ {
		l := levels[c.Next]
		who, why := w.fresh(l, c.Asked)
		if len(who) == 0 {
			told = append(told, Told{"passed-over", fmt.Sprintf("Page %s: level %s is passed over: %s", p.ID, level(chain, c.Next), why)})
			continue
		}
		awake, morning := p.awake(who, w, now)
		if len(awake) == 0 {
			c.await(morning)
			if chain == ToAnswer {
				p.State = Waiting
			}
			return calls, append(told, Told{"waits", fmt.Sprintf("Page %s: level %s waits for the morning of %s: %s", p.ID, level(chain, c.Next), name(who), stamp(morning))})
		}
		for _, a := range awake {
			calls = append(calls, Call{Page: p.ID, Chain: chain, Round: c.Round, Level: c.Next, Person: a.person, Seat: a.seat, At: now, State: Queued})
		}
		told = append(told, Told{"asked", fmt.Sprintf("Page %s asks %s, level %s%s; the next level is asked %s", p.ID, name(awake), level(chain, c.Next), p.late(chain), stamp(now.Add(l.Within.Of())))})
		for _, a := range awake {
			c.Asked = append(c.Asked, a.person)
		}
		c.Next++
		c.arm(now, l.Within.Of())
		if chain == ToAnswer {
			p.State = Asking
		}
		return calls, told
	}
	c.Over = true
	c.stop()
	if chain == ToAnswer {
		p.State = Unanswered
	}
	return calls, append(told, Told{"nobody-left", fmt.Sprintf("Page %s: there is nobody left to ask%s", p.ID, p.late(chain))})
}

func (p *Page) chain(chain Chain) (*Clock, []Level) {
	if chain == ToFix {
		return &p.Late, p.Line.Fix.Levels
	}
	return &p.Answer, p.Line.Acknowledge
}

func (p *Page) late(chain Chain) string {
	if chain == ToFix {
		return ", as it had to be fixed by " + stamp(p.FixBy)
	}
	return ""
}

// asked is a person with the seat that they are asked in.
type asked struct{ person, seat string }

// fresh are who sits at a level and was not asked yet, or why there is nobody.
func (w World) fresh(l Level, before []string) (out []asked, why string) {
	var empty, twice []string
	for _, word := range l.Ask {
		who := w.Seats.Who(word)
		if len(who) == 0 {
			empty = append(empty, word)
		}
		for _, person := range who {
			switch {
			case slices.Contains(before, person):
				twice = append(twice, person)
			case !slices.ContainsFunc(out, func(a asked) bool { return a.person == person }):
				out = append(out, asked{person, word})
			}
		}
	}
	var said []string
	if len(empty) > 0 {
		said = append(said, "nobody sits at "+strings.Join(empty, ", "))
	}
	if len(twice) > 0 {
		said = append(said, strings.Join(some(twice...), ", ")+" was asked before and has not answered")
	}
	if w.Silent != "" && slices.ContainsFunc(empty, func(word string) bool { return onDuty(word) }) {
		said = append(said, w.Silent)
	}
	return out, strings.Join(said, "; ")
}

// onDuty reports whether it depends on the rota who sits in a seat.
func onDuty(word string) bool {
	return word == Primary || word == Secondary || word == Top || strings.HasPrefix(word, "above/")
}

// awake are those who may be called now; when there are none, the first morning of any of them.
func (p *Page) awake(who []asked, w World, now time.Time) (out []asked, morning time.Time) {
	for _, a := range who {
		var at *time.Location
		if w.Zone != nil {
			at = w.Zone(a.person)
		}
		m := w.Quiet.Morning(now, at)
		if !p.Line.Quiet || p.Loud || m.IsZero() {
			out = append(out, a)
			continue
		}
		if morning.IsZero() || m.Before(morning) {
			morning = m
		}
	}
	return out, morning
}

func level(chain Chain, n int) string { return fmt.Sprintf("%s/%d", chain, n+1) }

func name(who []asked) string {
	out := make([]string, len(who))
	for i, a := range who {
		out[i] = a.person + " (" + Describe(a.seat) + ")"
	}
	return strings.Join(out, " and ")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
