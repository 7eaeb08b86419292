package cacao

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// origin is the playbook of others that a definition was made of; nil where there is none.
type origin struct {
	raw  object
	p    *Playbook
	base book.Definition   // what was made of it
	made map[string]string // by the ID of a step of base the identifier of its step in CACAO
	was  map[string][]byte // by the ID of a step of base what it says
}

func originOf(d book.Definition) (*origin, error) {
	if d.Origin == "" {
		return nil, nil //nolint:nilnil // no origin is no error, and its methods know
	}
	p, _, err := Read(d.ID+": origin", []byte(d.Origin))
	if err != nil {
		return nil, fault.Wrap(fault.CodeOf(err), err, "origin of playbook %s: import it again, or leave it out", d.ID)
	}
	raw, err := parse([]byte(d.Origin))
	if err != nil {
		return nil, err
	}
	b, err := build(d.ID+": origin", p, Options{})
	if err != nil {
		return nil, err
	}
	o := &origin{raw: raw, p: p, base: b.d, made: b.made, was: map[string][]byte{}}
	book.Each(b.d.Steps, func(s *book.Step) { o.was[s.ID] = doc.Write(bare(s)) })
	return o, nil
}

// foundation is what is kept of a playbook of others: all of it but what we added to it when we wrote it the last time.
func foundation(clean []byte, p *Playbook) (string, error) {
	for _, s := range p.Workflow {
		if _, ours := s.Extended[extension]; ours {
			return string(clean), nil
		}
	}
	raw, err := parse(clean)
	if err != nil {
		return "", err
	}
	for _, key := range []string{"playbook_extensions", "extension_definitions"} {
		if c := child(raw, key); c[extension] != nil {
			if delete(c, extension); len(c) == 0 {
				delete(raw, key)
			}
		}
	}
	text, err := format(raw)
	return string(text), err
}

// unchanged is the playbook of others, where the steps are those that were made of it. What was said here beside them is added.
func (o *origin) unchanged(d book.Definition) ([]byte, bool) {
	if o == nil || d.Title != o.base.Title || d.Why != o.base.Why || !bytes.Equal(stepsOf(d), stepsOf(o.base)) {
		return nil, false
	}
	raw := maps.Clone(o.raw)
	if rest := beside(d); !bytes.Equal(rest, beside(o.base)) {
		raw["playbook_extensions"] = with(child(raw, "playbook_extensions"), extension, object{playbookProperty: string(rest)})
		raw["extension_definitions"] = with(child(raw, "extension_definitions"), extension, ours())
	}
	text, err := format(raw)
	return text, err == nil
}

func with(o object, key string, v any) object {
	out := object{key: v}
	for k, old := range o {
		if k != key {
			out[k] = old
		}
	}
	return out
}

func stepsOf(d book.Definition) []byte { return doc.Write(book.Definition{Steps: d.Steps}) }

// beside is what a definition says beside its steps and what CACAO has words for.
func beside(d book.Definition) []byte {
	d.Steps, d.Title, d.Why, d.Origin = nil, "", "", ""
	return doc.Write(d)
}

// step is the step of others of which one of ours was made, where that is as it was; without its links.
func (o *origin) step(s *book.Step) *Step {
	if o == nil || o.made[s.ID] == "" || !bytes.Equal(o.was[s.ID], doc.Write(bare(s))) {
		return nil
	}
	out := *o.p.Workflow[o.made[s.ID]]
	if out.Type != action && out.Type != other {
		return nil
	}
	out.Done, out.Success, out.Failure, out.Delay = "", "", "", 0
	return &out
}

// id is the identifier of such a step.
func (o *origin) id(s *book.Step) string {
	if o.step(s) == nil {
		return ""
	}
	return o.made[s.ID]
}

// complete writes a playbook with all that the one that it was made of says and that was not made anew.
func (o *origin) complete(p *Playbook) ([]byte, error) {
	if o == nil {
		return format(p)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a playbook of CACAO")
	}
	out, err := parse(text)
	if err != nil {
		return nil, err
	}
	for key, old := range o.raw {
		switch key {
		case "id", "created", "created_by", "playbook_types":
			out[key] = old
		case "agent_definitions", "target_definitions", "authentication_info_definitions", "extension_definitions", "data_marking_definitions", "playbook_variables", "playbook_extensions":
			out[key] = union(old, out[key])
		case "playbook_activities":
			out[key] = both(old, out[key])
		case "signatures", "workflow_exception": // the one is no longer right, the other may be gone
		default:
			if out[key] == nil {
				out[key] = old
			}
		}
	}
	for id, old := range child(o.raw, "workflow") {
		if now := child(child(out, "workflow"), id); now != nil {
			fill(now, old)
		}
	}
	return format(out)
}

// union has the values of both, those of the second where both have one.
func union(a, b any) object {
	out := object{}
	for _, o := range []any{a, b} {
		if m, ok := o.(object); ok {
			maps.Copy(out, m)
		}
	}
	return out
}

// both is a list with the values of two.
func both(a, b any) []any {
	out, _ := a.([]any)
	more, _ := b.([]any)
	for _, v := range more {
		if !slices.Contains(out, v) {
			out = append(out[:len(out):len(out)], v)
		}
	}
	return out
}

// fill gives a step what it said before, but for where it leads.
func fill(now object, old any) {
	was, _ := old.(object)
	for key, v := range was {
		switch key {
		case "on_completion", "on_success", "on_failure", "delay":
		case "step_extensions":
			now[key] = union(v, now[key])
		default:
			now[key] = v
		}
	}
}
