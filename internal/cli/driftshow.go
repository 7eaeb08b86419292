package cli

import (
	"cmp"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/drift"
	"jobzero/internal/stack"
)

// notCompared is the kind of a row for what could not be compared.
const notCompared = "not compared"

// driftRow is one difference, or one thing that could not be compared, for programs.
type driftRow struct {
	Account  string `json:"account"`
	Region   string `json:"region"`
	Stack    string `json:"stack"`
	Resource string `json:"resource"` // its name in the text
	Type     string `json:"type"`
	ID       string `json:"id,omitempty"`
	Kind     string `json:"kind"`
	Path     string `json:"path,omitempty"` // empty: the resource itself
	Said     any    `json:"said,omitempty"`
	Is       any    `json:"is,omitempty"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Why      string `json:"why,omitempty"`

	place design.Place
}

// driftSum is what everything came to.
type driftSum struct{ stacks, resources, drifted, different, same, open, failed int }

// take notes what came of one text.
func (r *driftRun) take(p driftPlace, name string, compared []drift.Compared) {
	r.sum.stacks++
	for _, c := range compared {
		r.sum.resources++
		r.sum.same += c.Same
		r.sum.different += len(c.Differences)
		r.sum.open += len(c.Open)
		if len(c.Differences) > 0 {
			r.sum.drifted++
		}
		row := driftRow{Account: p.account, Region: p.region, Stack: name, Resource: c.Name, Type: string(c.Ref.Type), ID: c.Ref.ID}
		for _, d := range c.Differences {
			x := row.at(d.Place)
			x.Kind, x.Path, x.Said, x.Is = string(d.Kind), d.Path, d.Said, d.Is
			r.rows = append(r.rows, x)
		}
		for _, o := range c.Open {
			x := row.at(c.Place)
			x.Kind, x.Path, x.Why = notCompared, o.Path, o.Why
			if stack.Again(o.Code) {
				r.sum.failed++
			}
			if r.o.all || stack.Again(o.Code) {
				r.rows = append(r.rows, x)
			}
		}
	}
}

func (r driftRow) at(p design.Place) driftRow {
	r.place, r.File, r.Line, r.Column = p, p.File, p.Line, p.Col
	return r
}

func (r *driftRun) show() error {
	if r.o.form == formatJSON {
		return list(r.shell, r.rows)
	}
	if len(r.rows) == 0 {
		return nil
	}
	t := table{columns: []column{
		{name: "STACK", give: 1},
		{name: "RESOURCE", give: 1},
		{name: "DRIFT", colour: driftColour},
		{name: "PATH", give: 2},
		{name: "SAID", give: 2},
		{name: "IS", give: 2},
		{name: "PLACE", give: 1},
	}}
	const most = 200 // characters of a value
	for _, x := range r.rows {
		where := x.Stack
		if len(r.o.accounts) != 1 || len(r.o.regions) != 1 {
			where = x.Account + " " + x.Region + " " + x.Stack
		}
		is := stack.Text(x.Is, most)
		if x.Why != "" {
			is = x.Why
		}
		t.add(where, x.Resource, x.Kind, cmp.Or(strings.TrimPrefix(x.Path, "properties."), x.Type), stack.Text(x.Said, most), is, place(x.place))
	}
	return t.write(r.shell.out)
}

// driftColour is red for what differs and yellow for what is not known.
func driftColour(cell string) string {
	if cell == notCompared {
		return "33"
	}
	return "31"
}
