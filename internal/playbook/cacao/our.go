package cacao

import (
	"reflect"

	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
)

// told is what our extension says of a step. Where others have changed what the step does it is a step of theirs.
func (b *builder) told(id string, s *Step) (t told, ok bool) {
	text, ok := s.Extended[extension][stepProperty].(string)
	if !ok || b.err != nil {
		return t, false
	}
	if err := doc.Decode(b.file+": workflow."+id+".step_extensions."+extension+"."+stepProperty, []byte(text), &t); err != nil {
		b.err = err
		return t, false
	}
	if t.Step == nil {
		return t, t.Part != "" || t.When != "" && s.Type == ifThen
	}
	if t.Step.Kind() == "" {
		b.remark("workflow."+id, "says in our extension nothing that a step could do: it is read as a step of others")
		return t, false
	}
	want := b.ours.native(t.Step)
	if s.Type != want.Type || !reflect.DeepEqual(s.Commands, want.Commands) || s.Condition != want.Condition || s.Switch != want.Switch ||
		s.Timeout != want.Timeout || s.Delay != want.Delay || s.Playbook != want.Playbook {
		b.remark("workflow."+id, "does other than our extension says, so somebody else has changed it: it is read as a step of others")
		return t, false
	}
	return t, true
}

// our is a step of ours with what is in it.
func (b *builder) our(id string, s *Step, t told, r route) []book.Step {
	out := *t.Step
	switch s.Type {
	case ifThen:
		out.Decide[0].Steps = b.inside(id, s, s.True, r)
		if len(out.Decide) > 1 {
			out.Decide[1].Steps = b.inside(id, s, s.False, r)
		} else if more := b.inside(id, s, s.False, r); len(more) > 0 {
			out.Decide = append(out.Decide, book.Branch{Steps: more})
		}
	case choice:
		for i, c := range out.Decide {
			out.Decide[i].Steps = b.inside(id, s, s.Cases[caseName(i, c)], r)
		}
	case parallel:
		for _, next := range s.Next {
			if steps := b.inside(id, s, next, r); len(steps) > 0 {
				out.Parallel = append(out.Parallel, book.Branch{Steps: steps})
			}
		}
	}
	return []book.Step{out}
}

// conditional is the step inside of an if-condition of ours, with the condition. Where others have put more inside, all of it is.
func (b *builder) conditional(id string, s *Step, t told, r route) []book.Step {
	steps := b.inside(id, s, s.True, r)
	rest := b.inside(id, s, s.False, r)
	if len(steps) == 1 && steps[0].If == "" && len(rest) == 0 {
		steps[0].If = t.When
		return steps
	}
	out := book.Step{ID: b.unused(slug(s.Name, "whether")), Decide: []book.Branch{{If: t.When, Steps: steps}}}
	if len(rest) > 0 {
		out.Decide = append(out.Decide, book.Branch{Steps: rest})
	}
	return []book.Step{out}
}

// reserve keeps the IDs of our own steps from being given to others.
func (b *builder) reserve() {
	for _, s := range b.p.Workflow {
		var t told
		text, _ := s.Extended[extension][stepProperty].(string)
		if doc.Decode("", []byte(text), &t) == nil && t.Step != nil {
			b.ids[t.Step.ID] = true
		}
	}
}
