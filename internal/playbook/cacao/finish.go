package cacao

import (
	"maps"
	"slices"
)

// finish adds what follows from the steps: variables from outside, agents, activities and the summary.
func (e *exporter) finish() {
	p := e.p
	sum := Summary{WithExtensions: true}
	from := map[string]string{
		"__account__": "Account of what the finding is about", "__region__": "Its region", "__resource_type__": "Its type, as CloudFormation names it", "__resource_id__": "Its identifier",
	}
	activities := map[string]bool{}
	for _, s := range p.Workflow {
		for _, name := range s.In {
			if text, ok := from[name]; ok && s.Agent == software {
				p.Variables[name] = Variable{Type: "string", Description: text, External: true}
			}
		}
		switch s.Agent {
		case software:
			p.Agents[software] = Agent{Type: "security-category", Name: "jobzero", Description: "Runs security operations for an AWS organisation", Category: []string{"orchestrator"}}
		case people:
			p.Agents[people] = Agent{Type: "group", Name: "people", Description: "Those who answer for what the finding is about, and those on call"}
		}
		for _, c := range s.Commands {
			if c.Activity != "" {
				activities[c.Activity] = true
			}
		}
		sum.add(s)
	}
	if len(p.Variables) == 0 {
		p.Variables = nil
	}
	p.Activities = slices.Sorted(maps.Keys(activities))
	if len(p.Activities) == 0 { // types want an activity beside them (section 3.1)
		p.Types, p.Activities = nil, nil
	}
	p.Summary = &sum
}

// add notes what software needs to be able to do for a step (section 10.14).
func (m *Summary) add(s *Step) {
	m.External = m.External || s.Type == other
	m.Parallel = m.Parallel || s.Type == parallel
	m.If = m.If || s.Type == ifThen
	m.While = m.While || s.Type == while
	m.Switch = m.Switch || s.Type == choice
	m.Temporal = m.Temporal || s.Delay > 0 || s.Timeout > 0
}
