package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// story is everything about one run.
type story struct {
	playbook.Run
	Subject  string          `json:"subject"`
	Effects  []effect.Effect `json:"effects"`
	Timeline []ticket.Entry  `json:"timeline"` // of the ticket, from the run's beginning to its end
}

// showRun shows a run; first is what is said when there is none either.
func (s *shell) showRun(ctx context.Context, name string, form format, first error) error {
	if _, there, err := s.countRuns(ctx); err != nil || !there {
		return cmp.Or(err, first)
	}
	return s.with(ctx, func(st *store.Store) error {
		x, err := view(ctx, st, func(tx *store.Tx) (story, error) { return tell(ctx, tx, name) })
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "there is no playbook or run %q: `jobzero playbook list` and `jobzero playbook runs` show them", name)
		}
		if err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(x)
		}
		return s.story(x)
	})
}

// tell brings together all about a run.
func tell(ctx context.Context, tx *store.Tx, name string) (x story, err error) {
	if x.Run, err = findRun(ctx, tx, name); err != nil {
		return x, err
	}
	f, ok, err := tx.Finding(ctx, x.Finding)
	if err != nil {
		return x, err
	}
	if ok {
		x.Subject = subjectOf(f)
	}
	if x.Effects, err = tx.Effects(ctx, effect.Filter{Ticket: string(x.Ticket), Run: x.ID}); err != nil {
		return x, err
	}
	slices.Reverse(x.Effects) // the first begun first
	all, err := tx.Timeline(ctx, x.Ticket)
	for _, e := range all {
		if !e.At.Before(x.Started) && (x.Ended.IsZero() || !e.At.After(x.Ended)) {
			x.Timeline = append(x.Timeline, e)
		}
	}
	return x, err
}

func subjectOf(f finding.Finding) string {
	if f.Resource != nil {
		return f.Resource.String()
	}
	return f.Title
}

func (s *shell) story(x story) error {
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s  %s", p.paint("1", x.ID), p.paint(runColour(string(x.State)), string(x.State)), x.Playbook)
	p.line(2, "on       %s", x.Subject)
	p.line(2, "ticket   %s", string(x.Ticket))
	p.line(2, "mode     %s", string(x.Mode))
	if x.Asker != "" {
		p.line(2, "asked    by %s", x.Asker)
	}
	p.line(2, "begun    %s", instant(x.Started))
	if !x.Ended.IsZero() {
		p.line(2, "ended    %s, after %s", instant(x.Ended), span(x.Ended.Sub(x.Started)))
	}
	if now := x.Run.Doing(); now != "" {
		p.line(2, "%s", "now      "+now)
	}
	p.gap()
	p.line(0, "%s", p.paint("1", "Steps"))
	for _, st := range x.Steps {
		p.runStep(st, x.Effects)
	}
	p.gap()
	p.line(0, "%s", p.paint("1", "What happened"))
	for _, e := range x.Timeline {
		lines := strings.Split(strings.TrimSpace(e.Text), "\n")
		p.line(2, "%s  %s", e.At.UTC().Format("2006-01-02 15:04:05"), lines[0])
		for _, l := range lines[1:] {
			p.line(23, "%s", l)
		}
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// runStep writes how far a step is, what was asked, and what was done.
func (p *page) runStep(st playbook.Step, effects []effect.Effect) {
	when := ""
	if !st.Began.IsZero() {
		when = instant(st.Began)
	}
	if !st.Ended.IsZero() && !st.Began.IsZero() {
		when += ", " + span(st.Ended.Sub(st.Began))
	}
	p.line(2, "%s  %s  %s", p.paint("1", st.ID), p.paint(runColour(string(st.State)), string(st.State)), when)
	if st.Note != "" {
		p.line(4, "%s", st.Note)
	}
	if st.Failed > 0 {
		p.line(4, "tried %d times in vain", st.Failed)
	}
	if st.Plan != nil {
		word := "does"
		if st.State == playbook.StepPlanned {
			word = "would do"
		}
		p.line(4, "%s %s", word, playbook.Words(*st.Plan))
		if c := st.Plan.Cost; c != nil {
			p.line(4, "%s", fmt.Sprintf("costs about %.2f USD per %s: %s", c.USD, c.Per, c.Why))
		}
	}
	if st.Ask != nil {
		p.ask(*st.Ask)
	}
	for _, e := range effects {
		if e.Step == st.ID {
			p.line(4, "effect %s: %s, %s", e.Key, string(e.State), plural(e.Calls, "call"))
		}
	}
}

func (p *page) ask(q playbook.Ask) {
	p.line(4, "asks %s", q.Of)
	p.line(4, "wants %d to agree until %s", q.Need, instant(q.Until))
	for _, v := range q.Yes {
		p.line(4, "yes, by %s at %s: %s", v.Person, instant(v.At), v.Reason)
	}
	if q.No != nil {
		p.line(4, "no, by %s at %s: %s", q.No.Person, instant(q.No.At), q.No.Reason)
	}
}
