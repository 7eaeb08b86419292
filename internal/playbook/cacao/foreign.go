package cacao

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/playbook/book"
)

// unused gives an ID that no step has yet.
func (b *builder) unused(want string) string {
	id := want
	for i := 2; b.ids[id]; i++ {
		id = want + "-" + strconv.Itoa(i)
	}
	b.ids[id] = true
	return id
}

func (b *builder) manual(id, text string) book.Step {
	return book.Step{ID: b.unused(id), Manual: &book.Manual{Do: text}}
}

// foreign is an action step, or one that runs another playbook, of which software here cannot do what it says.
func (b *builder) foreign(id string, s *Step) []book.Step {
	name := slug(s.Name, s.Type)
	var out book.Step
	if s.Type == other {
		if ours := b.o.Here[s.Playbook]; ours != "" {
			out = book.Step{ID: b.unused(name), Playbook: ours}
		} else {
			out = b.manual(name, strings.TrimSpace(s.words()+"Run the playbook "+s.Playbook+", which is not here. "+b.values(s, strings.Join(s.In, " "))))
			b.remark("workflow."+id, "runs the playbook "+s.Playbook+", which is not here: a person is asked to")
		}
	} else {
		out = b.manual(name, b.task(s))
	}
	if out.Manual != nil && s.Timeout > 0 {
		out.Manual.Within = milliseconds(s.Timeout)
	}
	b.made[out.ID] = id
	return b.delayed(s, []book.Step{out})
}

// milliseconds is a time of CACAO, ten years at most.
func milliseconds(n int64) time.Duration {
	const most = 10 * 365 * 24 * time.Hour
	return min(time.Duration(min(n, int64(most/time.Millisecond)))*time.Millisecond, most)
}

// delayed puts the time before a step that the step waits for.
func (b *builder) delayed(s *Step, steps []book.Step) []book.Step {
	if s.Delay <= 0 || len(steps) == 0 {
		return steps
	}
	wait := book.Step{ID: b.unused("before-" + steps[0].ID), Wait: &book.Wait{For: milliseconds(s.Delay)}}
	return append([]book.Step{wait}, steps...)
}

// words are what a step is called and says of itself.
func (s *Step) words() string {
	var out strings.Builder
	for _, w := range []string{s.Name, s.Description} {
		if w = strings.TrimSpace(w); w != "" {
			out.WriteString(strings.TrimSuffix(w, ".") + ". ")
		}
	}
	return out.String()
}

// task is what a person is told of an action step: all of it.
func (b *builder) task(s *Step) string {
	var out strings.Builder
	out.WriteString(strings.TrimSpace(s.words()))
	for i, c := range s.Commands {
		fmt.Fprintf(&out, "\nCommand %d of %d, %s: %s", i+1, len(s.Commands), c.Type, c.words())
	}
	if s.Agent != "" {
		out.WriteString("\nCarried out by " + party(b.p.Agents, s.Agent))
	}
	for _, t := range s.Targets {
		out.WriteString("\nOn " + party(b.p.Targets, t))
	}
	if values := b.values(s, out.String()); values != "" {
		out.WriteString("\n" + values)
	}
	return strings.TrimSpace(out.String())
}

// party says who or what an agent or target is.
func party(all map[string]Agent, id string) string {
	a, ok := all[id]
	if !ok {
		return id + ", of which the playbook says nothing"
	}
	out := []string{a.Name + " (" + a.Type + ")"}
	for _, kind := range slices.Sorted(maps.Keys(a.Address)) {
		for _, v := range a.Address[kind] {
			out = append(out, fmt.Sprintf("%s %v", kind, v))
		}
	}
	if a.Port != "" {
		out = append(out, "port "+a.Port)
	}
	return strings.Join(out, ", ")
}

// values are the variables of a step, and those of the playbook that its text names.
func (b *builder) values(s *Step, text string) string {
	var all []string
	for i, vars := range []Variables{s.Variables, b.p.Variables} {
		for _, name := range slices.Sorted(maps.Keys(vars)) {
			if i > 0 && !strings.Contains(text, name) {
				continue
			}
			v := vars[name]
			text := name + " (" + v.Type + ")"
			if v.Value != nil {
				text += " = " + *v.Value
			}
			if v.Description != "" {
				text += ", " + v.Description
			}
			all = append(all, text)
		}
	}
	if all == nil {
		return ""
	}
	return "Variables: " + strings.Join(all, "; ")
}
