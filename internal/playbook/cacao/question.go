package cacao

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/playbook/book"
)

// words are what a command says, with what was encoded as text where it is text.
func (c Command) words() string {
	out := []string{c.Description, c.Command, decoded(c.Encoded)}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		out = append(out, "header "+name+": "+strings.Join(c.Headers[name], ", "))
	}
	out = append(out, c.Content, decoded(c.Body))
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), "; ")
}

func decoded(text string) string {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(plain) {
		return text
	}
	return string(plain)
}

// question asks a person for what an if-condition or a while-condition hangs on: its condition is a STIX pattern over variables, whose
// values nobody here knows.
func (b *builder) question(id string, s *Step, r route) []book.Step {
	ask := b.ask(id, s, "Does this hold: "+s.Condition+"?")
	yes := b.inside(id, s, s.True, r)
	if s.Type == while {
		yes = append(yes, b.manual(ask.ID+"-again", "As long as this holds, do the steps of "+ask.ID+" again by hand: "+s.Condition))
		b.remark("workflow."+id, "is a loop, which our language has none of: its steps are there once, and a person repeats them")
	}
	decide := book.Step{ID: b.unused(ask.ID + "-answer"), Decide: []book.Branch{{If: answered(ask.ID), Steps: yes}}}
	if no := b.inside(id, s, s.False, r); len(no) > 0 {
		decide.Decide = append(decide.Decide, book.Branch{Steps: no})
	}
	return []book.Step{ask, decide}
}

func answered(step string) string { return state(step) + ` == "done"` }

// ask is a question: done means yes, failed means no.
func (b *builder) ask(id string, s *Step, question string) book.Step {
	text := s.words() + question + " Say done if so, and failed if not."
	if values := b.values(s, text); values != "" {
		text += "\n" + values
	}
	out := b.manual(slug(s.Name, "question"), text)
	out.OnFailure = book.Next
	b.made[out.ID] = id
	b.remark("workflow."+id, "hangs on what nobody here can work out: a person is asked")
	return out
}

// choose asks of one case after the other, until one is it.
func (b *builder) choose(id string, s *Step, r route) (out []book.Step) {
	decide := book.Step{}
	var no []string
	for _, c := range slices.Sorted(maps.Keys(s.Cases)) {
		if c == "default" {
			continue
		}
		ask := b.ask(id, s, fmt.Sprintf("Is %s equal to %q?", s.Switch, c))
		ask.If = strings.Join(no, " && ")
		no = append(no, state(ask.ID)+` != "done"`)
		decide.Decide = append(decide.Decide, book.Branch{If: answered(ask.ID), Steps: b.inside(id, s, s.Cases[c], r)})
		out = append(out, ask)
	}
	if to, ok := s.Cases["default"]; ok {
		decide.Decide = append(decide.Decide, book.Branch{Steps: b.inside(id, s, to, r)})
	}
	if len(decide.Decide) == 0 {
		return nil
	}
	decide.ID = b.unused(slug(s.Name, "choice") + "-answer")
	return append(out, decide)
}

// parallel goes all ways at the same time. A way with nothing in it is none.
func (b *builder) parallel(id string, s *Step, r route) []book.Step {
	out := book.Step{ID: b.unused(slug(s.Name, "parallel"))}
	for _, next := range s.Next {
		if steps := b.inside(id, s, next, r); len(steps) > 0 {
			out.Parallel = append(out.Parallel, book.Branch{Steps: steps})
		}
	}
	if out.Parallel == nil {
		return nil
	}
	return []book.Step{out}
}

// back is where a way comes to a step that it has been at.
func (b *builder) back(id string, s *Step) []book.Step {
	b.remark("workflow."+id, "is come to again by a way that began there: a person is asked whether to go on from it again")
	return []book.Step{b.manual("again-"+slug(s.Name, s.Type), "The playbook goes back to the step "+strings.TrimSpace(s.words())+" ("+id+"). Do again by hand what follows from there, if that is needed.")}
}
