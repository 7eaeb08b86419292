package console

import (
	"cmp"
	"slices"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/chart"
	"jobzero/internal/ticket"
)

// runsPage is the list of runs.
type runsPage struct {
	Playbook string
	States   []choice
	Page     playbook.RunPage
	More     string
	Start    string
}

func (c *Console) runs(v visit) (page, error) {
	get := v.URL.Query()
	q := playbook.RunQuery{Playbook: get.Get("playbook"), After: get.Get("after")}
	out := runsPage{Playbook: q.Playbook}
	for _, s := range playbook.RunStates() {
		on := slices.Contains(get["state"], string(s))
		if out.States = append(out.States, choice{string(s), on}); on {
			q.States = append(q.States, s)
		}
	}
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		out.Page, err = tx.RunPage(v.Context(), q)
		return err
	})
	if out.Page.Next != "" {
		out.More = onward(v.URL, out.Page.Next)
	}
	if q.After != "" {
		out.Start = onward(v.URL, "")
	}
	return page{name: "runs", title: "Runs of playbooks", here: "/playbooks", content: out}, err
}

// runPage is one run as a story.
type runPage struct {
	playbook.Run
	Subject  string
	Steps    []stepView
	Timeline []ticket.Entry
	Doing    string
	Ended    bool
	CanUndo  bool
	May      rights
}

// stepView is a step with the effects that it made.
type stepView struct {
	playbook.Step
	Effects []effect.Effect
	Plan    *effect.Plan
}

func (c *Console) run(v visit) (page, error) {
	var out runPage
	ctx := v.Context()
	err := c.Reader.View(ctx, func(tx Tx) (err error) {
		if out.Run, err = tx.Run(ctx, v.PathValue("id")); err != nil {
			return err
		}
		f, ok, err := tx.Finding(ctx, out.Finding)
		if err != nil {
			return err
		}
		if ok {
			out.Subject = subjectOf(f)
		}
		made, err := tx.Effects(ctx, effect.Filter{Ticket: string(out.Ticket), Run: out.ID, Limit: mostEvidence})
		if err != nil {
			return err
		}
		out.steps(made)
		k, err := tx.Ticket(ctx, out.Ticket)
		if err != nil {
			return err
		}
		out.May = rightsOf(v.visitor, k.Owner.Team)
		all, err := tx.Timeline(ctx, out.Ticket)
		for _, e := range all {
			if !e.At.Before(out.Started) && (out.Run.Ended.IsZero() || !e.At.After(out.Run.Ended)) {
				out.Timeline = append(out.Timeline, e)
			}
		}
		return err
	})
	out.Ended, out.Doing = !out.Run.Ended.IsZero(), out.Run.Doing()
	return page{name: "run", title: "Run of " + out.Playbook, here: "/playbooks", content: out}, err
}

// steps puts the effects to the steps that made them.
func (p *runPage) steps(made []effect.Effect) {
	for _, s := range p.Run.Steps {
		x := stepView{Step: s, Plan: s.Plan}
		for _, e := range made {
			if e.Step == s.ID {
				x.Effects = append(x.Effects, e)
				p.CanUndo = p.CanUndo || !p.Run.Ended.IsZero() && e.State == effect.Done && e.Plan.Undo != effect.None
			}
		}
		p.Steps = append(p.Steps, x)
	}
}

func subjectOf(f finding.Finding) string {
	if f.Resource != nil {
		return f.Resource.String()
	}
	return cmp.Or(f.Principal, f.Title)
}

// runGraph draws what a run has pinned, and how far it is.
func (c *Console) runGraph(v visit) (page, error) {
	var r playbook.Run
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		r, err = tx.Run(v.Context(), v.PathValue("id"))
		return err
	})
	if err != nil {
		return page{}, err
	}
	var parts []book.Definition
	for _, text := range append([]string{r.Definition}, r.Parts...) {
		d, err := book.Parse("run "+r.ID, []byte(text))
		if err != nil {
			return page{}, err
		}
		parts = append(parts, d)
	}
	g, err := chart.New(parts, chart.Run{ID: r.ID, State: string(r.State), Step: func(id string) (state, note string, branch int) {
		at := slices.IndexFunc(r.Steps, func(x playbook.Step) bool { return x.ID == id })
		if at < 0 {
			return "", "", 0
		}
		return string(r.Steps[at].State), r.Steps[at].Note, r.Steps[at].Branch
	}})
	return page{raw: g.SVG()}, err
}
