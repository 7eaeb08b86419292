package cacao

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// loose says which rules of the specification a playbook breaks that its schema does not know: what names something that is not there.
// Such playbooks are exchanged; they are read as far as they go.
func (p *Playbook) loose() (out []Remark) {
	say := func(path, format string, args ...any) {
		out = append(out, Remark{path, fmt.Sprintf(format, args...)})
	}
	step := func(path, id string) {
		if id != "" && p.Workflow[id] == nil {
			say(path, "names the step %s, which is not there: the way ends here", id)
		}
	}
	step("workflow_start", p.Start)
	step("workflow_exception", p.Exception)
	if s := p.Workflow[p.Start]; s != nil && s.Type != start {
		say("workflow_start", "begins with a step of type %s: the specification wants a start step", s.Type)
	}
	if p.Revoked {
		say("revoked", "those who made it have taken it back")
	}
	if len(p.Signatures) > 0 {
		say("signatures", "are kept, and nobody here checks them")
	}
	for _, id := range slices.Sorted(maps.Keys(p.Workflow)) {
		s, at := p.Workflow[id], "workflow."+id
		for _, link := range s.links() {
			step(at+"."+link.property, link.to)
		}
		if s.Done != "" && (s.Success != "" || s.Failure != "") {
			say(at, "has on_completion beside on_success or on_failure: on_completion counts where a step worked")
		}
		if _, ok := p.Agents[s.Agent]; s.Agent != "" && !ok {
			say(at+".agent", "names %s, which agent_definitions does not have", s.Agent)
		}
		for i, t := range s.Targets {
			if _, ok := p.Targets[t]; !ok {
				say(fmt.Sprintf("%s.targets[%d]", at, i), "names %s, which target_definitions does not have", t)
			}
		}
	}
	return out
}

// link is a way from a step to another.
type link struct{ property, to string }

// links are all ways from a step, in the order of the specification.
func (s *Step) links() (out []link) {
	add := func(property, to string) {
		if to != "" {
			out = append(out, link{property, to})
		}
	}
	add("on_completion", s.Done)
	add("on_success", s.Success)
	add("on_failure", s.Failure)
	for i, n := range s.Next {
		add(fmt.Sprintf("next_steps[%d]", i), n)
	}
	add("on_true", s.True)
	add("on_false", s.False)
	for _, c := range slices.Sorted(maps.Keys(s.Cases)) {
		add("cases."+c, s.Cases[c])
	}
	return out
}

// branches are the ways that begin inside a step and come back to it.
func (s *Step) branches() (out []link) {
	for _, l := range s.links() {
		if !strings.HasPrefix(l.property, "on_completion") && l.property != "on_success" && l.property != "on_failure" {
			out = append(out, l)
		}
	}
	return out
}
