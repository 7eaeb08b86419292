package cacao

import (
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// Imported is what came of a playbook of CACAO.
type Imported struct {
	ID         string          // of the playbook in CACAO
	Definition book.Definition // as book.Parse reads it; its Text is what to keep
	Remarks    []Remark        // what a person should know
}

// Options are what Import needs to know beside the playbook.
type Options struct {
	ID   string            // that the playbook gets; of its name where it is empty
	Here map[string]string // the IDs of playbooks of ours by their identifiers in CACAO, for steps that run others
}

// Import translates a playbook of CACAO. file is only named in errors.
//
// What software here cannot do becomes a task for a person, and what it cannot decide a question to one. What our language has no word for
// is in the definition's Origin, from where Export takes it again.
func Import(file string, text []byte, o Options) (Imported, error) {
	_, remarks, err := Read(file, text)
	if err != nil {
		return Imported{}, err
	}
	clean, hidden, err := withoutSecrets(text)
	if err != nil {
		return Imported{}, err
	}
	p, _, err := Read(file, clean)
	if err != nil {
		return Imported{}, err
	}
	remarks = append(remarks, hidden...)
	b, err := build(file, p, o)
	if err != nil {
		return Imported{}, err
	}
	d := b.d
	again, err := Export(d, p.dates())
	if err != nil {
		return Imported{}, err
	}
	if !same(again, clean) {
		if d.Origin, err = foundation(clean, p); err != nil {
			return Imported{}, err
		}
	}
	out, err := book.Parse(d.ID+".yml", doc.Write(d))
	if err != nil {
		return Imported{}, fault.Wrap(fault.Invalid, err, "%s: what it comes to is no playbook of ours", file)
	}
	return Imported{p.ID, out, append(remarks, b.remarks...)}, nil
}

// dates are those that a playbook says. What cannot be read as a time, such as a second 60, is the zero time.
func (p *Playbook) dates() Dates {
	at := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return time.Time{}
		}
		return t
	}
	return Dates{at(p.Created), at(p.Modified)}
}

// builder makes a definition of a playbook.
type builder struct {
	file    string
	p       *Playbook
	o       Options
	d       book.Definition
	ours    *exporter         // what we would say of steps of ours
	ids     map[string]bool   // that steps have already
	made    map[string]string // ID of a step of ours to the identifier of the one that it was made of
	joins   joins
	been    map[string]bool // steps of the workflow that a way came to
	walked  int             // how often a way came to a step
	remarks []Remark
	err     error
}

// build makes the definition, without its origin.
func build(file string, p *Playbook, o Options) (*builder, error) {
	b := &builder{file: file, p: p, o: o, ids: map[string]bool{}, made: map[string]string{}, been: map[string]bool{}}
	if err := b.begin(); err != nil {
		return nil, err
	}
	from, err := originOf(b.d)
	if err != nil {
		return nil, err
	}
	b.ours = &exporter{d: b.d, from: from, p: &Playbook{}}
	b.joins = p.findJoins()
	b.reserve()
	b.d.Steps = b.sequence(p.Start, route{})
	if len(b.d.Steps) == 0 && b.err == nil {
		b.d.Steps = []book.Step{b.manual("nothing", "This playbook has no steps that do anything. Read it and decide what to do.")}
		b.remark("workflow", "has no step that does anything: a person is asked to read it")
	}
	b.unreached()
	return b, b.err
}

// unreached says which steps no way from the start comes to. They stay in the origin.
func (b *builder) unreached() {
	for _, id := range slices.Sorted(maps.Keys(b.p.Workflow)) {
		if s := b.p.Workflow[id]; !b.been[id] && s.Type != end && s.Type != start && !implied(s) {
			b.remark("workflow."+id, "is come to by no way that is followed here: it is kept, and not carried out")
		}
	}
}

// begin reads what stands beside the steps: of a playbook of ours from our extension.
func (b *builder) begin() error {
	p := b.p
	text, ours := p.Extended[extension][playbookProperty].(string)
	if ours {
		if err := doc.Decode(b.file+": playbook_extensions."+extension+"."+playbookProperty, []byte(text), &b.d); err != nil {
			return err
		}
	} else {
		b.d.ID = slug(p.Name, "playbook-"+p.ID[strings.LastIndex(p.ID, "-")+1:])
		b.d.When.Hand = true
		b.remark("", "names nothing that begins it: it is begun by hand, until its when says otherwise")
	}
	if b.o.ID != "" {
		b.d.ID = b.o.ID
	}
	b.d.Title, b.d.Why = p.Name, p.Description
	if b.d.Title == "" {
		b.d.Title = "Playbook without a name"
	}
	if b.d.Why == "" {
		b.d.Why = "Imported from the CACAO playbook " + p.ID + ", which does not say why."
	}
	return nil
}

func (b *builder) remark(path, text string) { b.remarks = append(b.remarks, Remark{path, text}) }
