package cacao

import (
	"slices"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
)

// Dates are when a playbook was made, and when it was changed last.
type Dates struct{ Created, Modified time.Time }

// Export writes a definition as a CACAO playbook. What CACAO cannot say stands in an extension, by which Import gives the definition again.
// What came from another playbook and was not changed here is written as it was there.
func Export(d book.Definition, when Dates) ([]byte, error) {
	from, err := originOf(d)
	if err != nil {
		return nil, err
	}
	if text, ok := from.unchanged(d); ok {
		return text, nil
	}
	e := &exporter{d: d, from: from, p: begin(d, when)}
	e.workflow()
	e.finish()
	return from.complete(e.p)
}

// begin is a playbook without steps.
func begin(d book.Definition, when Dates) *Playbook {
	rest := d
	rest.Steps, rest.Title, rest.Why = nil, "", ""
	p := &Playbook{
		Type: "playbook", SpecVersion: "cacao-2.0", ID: PlaybookID(d.ID), Name: d.Title, Description: d.Why,
		CreatedBy: author, Created: stamp(when.Created), Modified: stamp(when.Modified),
		Workflow:   map[string]*Step{},
		Extended:   Extended{extension: {playbookProperty: string(doc.Write(rest))}},
		Variables:  Variables{},
		Agents:     map[string]Agent{},
		Extensions: map[string]Extension{extension: ours()},
	}
	p.Types = []string{"remediation"}
	if d.Contains {
		p.Types = []string{"mitigation"}
	}
	return p
}

// ours is what is said of our extension.
func ours() Extension {
	return Extension{
		Type: "extension-definition", Name: "jobzero", CreatedBy: author, Version: "1.0.0",
		Description: "What a playbook of jobzero says and CACAO has no property for: triggers, guards, conditions, approvals, tries, undo and the proof that it is settled.",
		Schema: "YAML in the language of playbooks of jobzero. " + playbookProperty + ": the playbook without its steps; " + stepProperty + ": step, a step without those in it; " +
			"when, the condition of the one step inside; part, what a step is of.",
	}
}

// stamp is a time as CACAO writes it, in milliseconds (section 3.1).
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// exporter makes the workflow of one definition.
type exporter struct {
	d    book.Definition
	p    *Playbook
	from *origin
}

func (e *exporter) workflow() {
	id := e.name(start)
	e.p.Start = id
	last := e.end("")
	e.p.Workflow[id] = &Step{Type: start, Name: "begin", Done: e.sequence(e.d.Steps, last)}
}

// name is the identifier of a step.
func (e *exporter) name(kind string, names ...string) string {
	return identifier(kind, append([]string{e.d.ID}, names...)...)
}

// end adds the end of the branch of that name: each has one of its own (section 4.7).
func (e *exporter) end(branch string) string {
	id := e.name(end, branch)
	e.p.Workflow[id] = &Step{Type: end}
	return id
}

// sequence adds steps that follow on one another and go on to a step that is there, and gives the first.
func (e *exporter) sequence(steps []book.Step, next string) string {
	for _, s := range slices.Backward(steps) {
		next = e.step(&s, next)
	}
	return next
}

// step adds a step, in a condition of its own where it has one.
func (e *exporter) step(s *book.Step, next string) string {
	if s.If == "" {
		return e.core(s, next)
	}
	id := e.name(ifThen, "if", s.ID)
	v := variable("if-" + s.ID)
	out := &Step{
		Type: ifThen, Name: "whether " + s.ID, Done: next, True: e.core(s, e.end("if/"+s.ID)),
		Condition: v + ":value = 'true'", Variables: Variables{v: {Type: "bool", Description: "What CEL says: " + s.If}},
		Extended: note(told{When: s.If}),
	}
	e.p.Workflow[id] = out
	return id
}

// core adds a step without its condition, and what is in it.
func (e *exporter) core(s *book.Step, next string) string {
	out := e.native(s)
	id := e.from.id(s)
	if id == "" {
		id = e.name(out.Type, s.ID)
	}
	e.links(out, e.d.Fails(s), next)
	switch out.Type {
	case parallel:
		for i, b := range s.Parallel {
			out.Next = append(out.Next, e.branch(s.ID, i, b.Steps))
		}
		if len(out.Next) == 1 { // two are needed (section 4.7): the other one does nothing
			out.Next = append(out.Next, e.end(s.ID+"/none"))
		}
	case ifThen:
		out.True = e.branch(s.ID, 0, s.Decide[0].Steps)
		if len(s.Decide) > 1 {
			out.False = e.branch(s.ID, 1, s.Decide[1].Steps)
		}
	case choice:
		for i, b := range s.Decide {
			out.Cases[caseName(i, b)] = e.branch(s.ID, i, b.Steps)
		}
	case while:
		out.True = e.again(s)
	}
	e.p.Workflow[id] = out
	return id
}

func (e *exporter) branch(id string, i int, steps []book.Step) string {
	return e.sequence(steps, e.end(id+"/"+caseName(i, book.Branch{If: "x"})))
}

// links says where a step goes on when it worked, and when it did not.
func (e *exporter) links(s *Step, f book.Failure, next string) {
	switch f {
	case book.Stop:
		s.Success, s.Failure = next, e.stop()
	case book.Undo:
		s.Success, s.Failure = next, e.undo()
	default:
		s.Done = next
	}
}
