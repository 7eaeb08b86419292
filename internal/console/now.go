package console

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

// nowPage is the first page: what matters at this moment.
type nowPage struct {
	Duty     []Duty
	DutyErr  string
	Asked    bool // somebody says who is on duty
	States   []stateCount
	Human    []ticket.Ticket // the worst of what people have, first
	Open     []ticket.Ticket // the worst of what software has
	Answers  []question
	Findings int // believed and not dealt with, up to mostCounted
	Letters  int // dead, up to mostCounted
	Most     int
	Rates    Rates
	Brake    effect.Brake
	Clocks   []pageClock // of pages, the one that runs out first at the top
	More     int         // clocks that are not shown
	Pages    bool        // there are pages here
	Behind   []Leg       // legs whose oldest has waited too long, or that have given something up
	RoadErr  string
}

// stateCount is how many tickets are in a state.
type stateCount struct {
	State ticket.State
	N     int
}

// question is what a playbook asks people.
type question struct {
	Run  playbook.Run
	Step playbook.Step
}

const (
	mostCounted = 10_000 // what is more is only said to be more
	mostWorst   = 8
	mostAsked   = 200 // runs at work that are looked through for questions
	behind      = 5 * time.Minute
)

func (c *Console) now(v visit) (page, error) {
	out := nowPage{Most: mostCounted, Asked: c.Duty != nil, Rates: c.Rates()}
	ctx := v.Context()
	err := c.Reader.View(ctx, func(tx Tx) (err error) {
		counts, err := tx.CountTickets(ctx, mostCounted)
		if err != nil {
			return err
		}
		for _, s := range ticket.States() {
			out.States = append(out.States, stateCount{s, counts[s]})
		}
		if out.Human, err = tx.WorstTickets(ctx, ticket.Human, mostWorst); err != nil {
			return err
		}
		if out.Open, err = atWork(ctx, tx); err != nil {
			return err
		}
		if out.Findings, err = tx.CountFindings(ctx, finding.Open, mostCounted); err != nil {
			return err
		}
		if out.Letters, err = tx.CountLetters(ctx, event.Dead, mostCounted); err != nil {
			return err
		}
		if out.Brake, err = tx.Brake(ctx, playbook.EnforcementBrake); err != nil {
			return err
		}
		if out.Pages = c.OnCall != nil; out.Pages {
			if out.Clocks, err = clocks(ctx, tx, v.now); err != nil {
				return err
			}
			out.More, out.Clocks = max(0, len(out.Clocks)-mostWorst), out.Clocks[:min(len(out.Clocks), mostWorst)]
		}
		out.Answers, err = questions(ctx, tx)
		return err
	})
	if err != nil {
		return page{}, err
	}
	c.dutyNow(ctx, v.now, &out)
	if legs, err := c.Road(ctx); err != nil {
		out.RoadErr = err.Error()
	} else {
		out.Behind = slices.DeleteFunc(legs, func(l Leg) bool { return l.Lag < behind && l.Poisoned == 0 })
	}
	return page{name: "now", title: "Now", here: "/", content: out}, nil
}

// dutyNow says who is on duty. That this is not known does not keep the rest away.
func (c *Console) dutyNow(ctx context.Context, now time.Time, out *nowPage) {
	if c.Duty == nil {
		return
	}
	var err error
	if out.Duty, err = c.Duty(ctx, now); err != nil {
		out.DutyErr = err.Error()
	}
}

// atWork are the worst of what software is settling.
func atWork(ctx context.Context, tx Tx) (out []ticket.Ticket, err error) {
	for _, s := range []ticket.State{ticket.Open, ticket.Investigating, ticket.Remediating, ticket.Verifying} {
		some, err := tx.WorstTickets(ctx, s, mostWorst)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	slices.SortStableFunc(out, func(a, b ticket.Ticket) int { return b.Severity.Rank() - a.Severity.Rank() })
	return out[:min(len(out), mostWorst)], nil
}

// questions are what playbooks at work ask people now.
func questions(ctx context.Context, tx Tx) (out []question, err error) {
	p, err := tx.RunPage(ctx, playbook.RunQuery{States: []playbook.RunState{playbook.Running}, Size: mostAsked})
	for _, r := range p.Runs {
		for _, s := range r.Steps {
			if s.State == playbook.StepAsking || s.State == playbook.StepTasked {
				out = append(out, question{r, s})
			}
		}
	}
	return out, err
}
