package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/action"
	"jobzero/internal/app"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

func (s *shell) playbookShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show a playbook, or one run of it as a story",
		Long: `Shows a playbook: what it is for, what begins it, its guards, and its steps as a tree, each with what it may change, how far
that can be taken back and which permissions it needs. What AWS bills for an effect its plan says.

With the ID of a run it shows that run: when each step began and ended, what was asked and who answered, which calls were
made, and what it would do where it only plans.

ID is the whole name of a playbook or run, or a beginning or end of it that no other has.`,
		Example: `  jobzero playbook show close-public-bucket
  jobzero playbook show 4ZQX
  jobzero playbook show 4ZQX --format json | jq '.steps[] | select(.state == "failed")'`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: s.completePlaybooks,
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := s.playbooksInForce()
			if err != nil {
				return err
			}
			d, err := onePlaybook(all, args[0])
			if fault.Is(err, fault.NotFound) {
				return s.showRun(cmd.Context(), args[0], form, err)
			}
			if err != nil {
				return err
			}
			return s.showPlaybook(d, all, form)
		},
	}
	form.flag(c)
	return c
}

// stepShown is a step as programs see it.
type stepShown struct {
	ID       string        `json:"id"`
	Kind     book.Kind     `json:"kind"`
	Does     string        `json:"does"`
	Besides  []string      `json:"besides,omitempty"`
	Action   string        `json:"action,omitempty"`
	Undo     effect.Class  `json:"undo,omitempty"`
	Writes   []string      `json:"writes,omitempty"`
	Reads    []string      `json:"reads,omitempty"`
	Branches []branchShown `json:"branches,omitempty"`
}

type branchShown struct {
	If    string      `json:"if,omitempty"`
	Steps []stepShown `json:"steps,omitempty"`
}

// bookShown is a playbook as programs see it.
type bookShown struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Why       string       `json:"why"`
	File      string       `json:"file"`
	Hash      string       `json:"hash"`
	When      []string     `json:"when"`
	Contains  bool         `json:"contains,omitempty"`
	OnFailure book.Failure `json:"on_failure"` // of a step that does not say so itself
	Settled   string       `json:"settled,omitempty"`
	SettledBy string       `json:"settled_by,omitempty"`
	Guards    []guardShown `json:"guards,omitempty"`
	Mode      string       `json:"mode"`
	EnforceIn []string     `json:"enforce_in,omitempty"`
	Steps     []stepShown  `json:"steps"`
}

type guardShown struct {
	If   string    `json:"if"`
	Why  string    `json:"why,omitempty"`
	Else book.Else `json:"else"`
}

func (s *shell) showPlaybook(d book.Definition, all []book.Definition, form format) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	parts, err := d.Whole(all)
	if err != nil {
		return err
	}
	tree, err := book.Tree(parts)
	if err != nil {
		return err
	}
	b := bookShown{
		ID: d.ID, Title: d.Title, Why: strings.Join(strings.Fields(d.Why), " "), File: d.File, Hash: d.Hash(), When: d.When.Words(),
		Contains: d.Contains, OnFailure: cmp.Or(d.OnFailure, book.Next), Settled: strings.Join(strings.Fields(d.Settled), " "), SettledBy: d.SettledBy, Steps: shownSteps(tree, app.Actions()),
	}
	b.Mode, b.EnforceIn = modeOf(settings.Playbooks, d.ID)
	for _, g := range d.Guards {
		if g.Else == "" {
			g.Else = book.ElsePlan
		}
		b.Guards = append(b.Guards, guardShown{strings.TrimSpace(g.If), g.Why, g.Else})
	}
	if form == formatJSON {
		return s.object(b)
	}
	return s.playbookPage(b)
}

func shownSteps(nodes []*book.Node, actions []action.Info) (out []stepShown) {
	for _, n := range nodes {
		x := stepShown{ID: n.ID, Kind: n.Step.Kind(), Does: n.Step.Words(), Besides: n.Step.Besides(), Action: n.Step.ActionID()}
		if at := slices.IndexFunc(actions, func(a action.Info) bool { return a.ID == x.Action }); at >= 0 {
			x.Undo, x.Writes, x.Reads = actions[at].Undo, actions[at].Writes, actions[at].Reads
		}
		for i, b := range n.Branches {
			shown := branchShown{Steps: shownSteps(b, actions)}
			if n.Step.Decide != nil {
				shown.If = n.Step.Decide[i].If
			}
			x.Branches = append(x.Branches, shown)
		}
		out = append(out, x)
	}
	return out
}

func (s *shell) playbookPage(b bookShown) error {
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s", p.paint("1", b.ID), b.Title)
	p.line(2, "why      %s", b.Why)
	for i, w := range b.When {
		p.line(2, "%-8s %s", []string{"when", ""}[min(i, 1)], w)
	}
	switch {
	case b.SettledBy != "":
		p.line(2, "settled  by expectation %s", b.SettledBy)
	case b.Settled != "":
		p.line(2, "settled  when %s", b.Settled)
	}
	if b.Contains {
		p.line(2, "contains it stops harm that is under way: no change freeze holds it")
	}
	mode := b.Mode
	if len(b.EnforceIn) > 0 && !slices.Contains(b.EnforceIn, "*") {
		mode = "enforce in " + strings.Join(b.EnforceIn, ", ") + "; plan elsewhere"
	}
	p.line(2, "failure  %s", map[book.Failure]string{
		book.Next: "of a step: the next one is done", book.Stop: "of a step: a person has the rest", book.Undo: "of a step: what was done is taken back",
	}[b.OnFailure])
	p.line(2, "mode     %s", mode)
	p.line(2, "file     %s", b.File)
	for _, g := range b.Guards {
		why := g.If
		if g.Why != "" {
			why += " (" + g.Why + ")"
		}
		p.line(2, "guard    %s; else %s", why, map[book.Else]string{
			book.ElsePlan: "it only plans", book.ElseWait: "it waits and looks again", book.ElsePerson: "a person has it",
		}[g.Else])
	}
	p.gap()
	p.line(0, "%s", p.paint("1", "Steps"))
	p.stepTree(2, b.Steps)
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

func (p *page) stepTree(in int, steps []stepShown) {
	for _, x := range steps {
		p.line(in, "%s  %s", p.paint("1", x.ID), x.Does)
		for _, more := range x.Besides {
			p.line(in+2, "%s", more)
		}
		if x.Action != "" && x.Undo == "" {
			p.line(in+2, "%s", p.paint("31", "there is no action "+x.Action))
		}
		if x.Undo != "" {
			p.line(in+2, "may call %s", strings.Join(x.Writes, ", "))
			p.line(in+2, "reads %s", strings.Join(x.Reads, ", "))
			p.line(in+2, "undo: %s", string(x.Undo))
		}
		for i, b := range x.Branches {
			switch {
			case x.Kind == book.Decide && b.If == "":
				p.line(in+2, "%s", p.paint("36", "for all else"))
			case x.Kind == book.Decide:
				p.line(in+2, "%s", p.paint("36", "if "+b.If))
			case x.Kind == book.Parallel:
				p.line(in+2, "%s", p.paint("36", "way "+count(int64(i+1))))
			}
			if len(b.Steps) == 0 {
				p.line(in+4, "nothing is done")
			}
			p.stepTree(in+4, b.Steps)
		}
	}
}
