package cli

import (
	"strings"
	"time"

	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/sigma"
)

// showAccounts says why, for people or for programs.
func (s *shell) showAccounts(all []explain.Account, events int, form format) error {
	if form == formatJSON {
		return list(s, all)
	}
	p := &page{colour: coloured(s.out)}
	for i, a := range all {
		if i > 0 {
			p.line(0, "")
		}
		p.line(0, "%s  %s", p.paint("1", a.Title), a.File)
		p.account(a, events)
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// account shows one account.
func (p *page) account(a explain.Account, events int) {
	colour := "33"
	if a.Verdict == explain.Fired {
		colour = "1;31"
	}
	on := " on " + plural(events, "event")
	if a.Event != nil {
		on = " on " + a.Event.Name + " " + a.Event.ID + " of " + instant(a.Event.Time) + " (" + a.Event.Origin + ")"
	}
	level := ""
	if a.Level != "" {
		level = ", " + a.Level
	}
	p.line(0, "%s%s", p.paint(colour, string(a.Verdict)+level), on)
	p.line(2, "%s", "because "+a.Why)
	if a.Condition != nil {
		p.line(0, "")
		p.judged(0, *a.Condition)
	}
	for _, f := range a.Filters {
		p.line(0, "%s", mark(!f.Step.Held)+"not left out by the filter "+f.Title+"  "+f.File)
		p.judged(1, f.Step)
	}
	for i, g := range a.Groups {
		if i == 0 {
			p.line(0, "")
		}
		p.group(g)
	}
	if a.MoreGroups > 0 {
		p.line(0, "… and %s more, further away", plural(a.MoreGroups, "group"))
	}
}

// judged shows a part of a condition with what it is made of.
func (p *page) judged(depth int, j sigma.Judged) {
	indent := strings.Repeat("  ", depth)
	if j.Of == nil {
		p.line(0, "%s", mark(j.Held)+indent+j.Part)
		for _, sub := range j.Steps {
			p.judged(depth+1, sub)
		}
		return
	}
	p.line(0, "%s", mark(j.Held)+indent+j.Of.Search)
	for _, t := range j.Of.Tests {
		p.line(0, "%s", mark(t.Matched)+indent+"  "+t.Field+": is "+t.Got+", wanted "+t.Want)
	}
}

// mark is whether it holds. It is a word, so that it does not need colours.
func mark(held bool) string {
	if held {
		return "yes  "
	}
	return "no   "
}

// group shows the window of a group that came nearest.
func (p *page) group(g explain.Group) {
	who := strings.Join(g.Values, ", ")
	if len(g.Values) == 0 {
		who = "all together"
	}
	if strings.TrimSpace(who) == "" {
		who = "(no value)"
	}
	p.line(0, "%s", mark(g.Holds)+who+": "+g.Found)
	line := plural(g.Hits, "hit") + " from " + g.From.Format(time.DateTime) + " to " + g.To.Format(time.DateTime)
	if len(g.Absent) > 0 {
		line += "; none of " + strings.Join(g.Absent, ", ")
	}
	p.line(7, "%s", line)
}
