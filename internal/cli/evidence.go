package cli

import (
	"bytes"
	"encoding/json"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
)

// data shows what an entry carries: evidence and plans in words, everything else as JSON, which only --full shows.
func (p *page) data(indent int, data json.RawMessage) {
	if len(data) == 0 || string(data) == "null" {
		return
	}
	var list []finding.Evidence
	if strict(data, &list) && len(list) > 0 {
		for _, e := range list {
			p.line(indent, "%s", e.Kind+" at "+instant(e.At)+": "+e.Text)
			if p.full {
				p.json(indent+2, e.Data)
			}
		}
		return
	}
	var plan effect.Plan
	if strict(data, &plan) && plan.Action != "" {
		p.plan(indent, plan)
		return
	}
	if p.full {
		p.json(indent, data)
	}
}

// strict reads data only when it is exactly of the shape of what into points at.
func strict(data []byte, into any) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into) == nil
}

// json shows a value, indented.
func (p *page) json(indent int, data json.RawMessage) {
	if len(data) == 0 {
		return
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		p.line(indent, "%s", string(data))
		return
	}
	for l := range strings.Lines(b.String()) {
		p.line(indent, "%s", strings.TrimRight(l, "\n"))
	}
}

// plan shows what an action would change. The line above it on the timeline says the calls in words.
func (p *page) plan(indent int, plan effect.Plan) {
	if !p.full {
		p.diff(indent, plan.Diff)
		return
	}
	p.line(indent, "plan: %s on %s, undo: %s", plan.Action, plan.Target.Ref.String(), string(plan.Undo))
	if plan.Refused != "" {
		p.line(indent+2, "%s", p.paint("1;31", "refused: "+plan.Refused))
	}
	if plan.Nothing != "" {
		p.line(indent+2, "%s", "nothing to do: "+plan.Nothing)
	}
	for _, c := range plan.Calls {
		p.line(indent+2, "%s", "call "+c.Permission+" on "+c.Resource)
		p.json(indent+4, c.Input)
	}
	p.diff(indent+4, plan.Diff)
	switch {
	case len(plan.Loses) > 0:
		p.line(indent+2, "%s", "loses access: "+strings.Join(plan.Loses, ", "))
	case len(plan.Calls) > 0:
		p.line(indent+2, "loses access: nobody known")
	}
}

func (p *page) diff(indent int, diff string) {
	for l := range strings.Lines(diff) {
		l = strings.TrimRight(l, "\r\n")
		p.line(indent, "%s", p.paint(diffColour(l), l))
	}
}

func diffColour(line string) string {
	switch {
	case strings.HasPrefix(line, "+"):
		return "32"
	case strings.HasPrefix(line, "-"):
		return "31"
	}
	return ""
}
