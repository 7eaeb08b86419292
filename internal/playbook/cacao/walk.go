package cacao

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// mostMade bounds what ways that meet nowhere again are written out to. It is what a playbook of ours may have.
const (
	mostMade   = 200
	mostWalked = 20 * maxSteps // with the steps of which nothing is made
)

// unless is a step of which a failure has led elsewhere: what follows on it is for when it worked, up to where the ways meet.
type unless struct{ step, join string }

// route is where a sequence ends, and the steps that were come to on the way to it.
type route struct{ stop, way []string }

// until is the route that ends at a step too.
func (r route) until(id string) route {
	if id != "" {
		r.stop = append(r.stop[:len(r.stop):len(r.stop)], id)
	}
	return r
}

// sequence follows a workflow from a step to an end, to where the route ends or to where it has been.
func (b *builder) sequence(id string, r route) (out []book.Step) {
	var not []unless
	for id != "" && !slices.Contains(r.stop, id) && b.err == nil {
		s := b.p.Workflow[id]
		if s == nil || s.Type == end {
			return out
		}
		b.walked++
		b.been[id] = true
		not = slices.DeleteFunc(not, func(u unless) bool { return u.join == id })
		var more []book.Step
		if slices.Contains(r.way, id) {
			more, id = b.back(id, s), ""
		} else {
			r.way = append(r.way[:len(r.way):len(r.way)], id)
			before := not
			more, id, not = b.one(id, s, r, not)
			more = guarded(more, before)
		}
		if out = append(out, more...); len(b.ids) > mostMade || b.walked > mostWalked {
			b.err = fault.New(fault.Invalid, "%s: its ways come to more than %d steps when they are written out one after the other: divide it", b.file, mostMade)
		}
	}
	return out
}

// guarded leaves steps out where one before has failed.
func guarded(steps []book.Step, not []unless) []book.Step {
	var all []string
	for _, u := range not {
		all = append(all, state(u.step)+` != "failed"`)
	}
	for i := range steps {
		if these := all; len(these) > 0 {
			if steps[i].If != "" {
				these = append(these[:len(these):len(these)], "("+steps[i].If+")")
			}
			steps[i].If = strings.Join(these, " && ")
		}
	}
	return steps
}

func state(step string) string { return `steps["` + step + `"].state` }

// one translates a step with all that is in it, and gives what comes after it.
func (b *builder) one(id string, s *Step, r route, not []unless) ([]book.Step, string, []unless) {
	if s.Type == start {
		return nil, s.goesOn(), not
	}
	t, ours := b.told(id, s)
	switch {
	case ours && t.Part != "": // an end or a loop that a step of ours implies
		return nil, s.goesOn(), not
	case ours && t.When != "":
		return b.conditional(id, s, t, r), b.after(id, s), not
	case ours && t.Step != nil:
		return b.failing(id, s, b.our(id, s, t, r), r, not)
	}
	if s.Type != action && s.Type != other && s.Failure != "" {
		b.remark("workflow."+id+".on_failure", "is left out: a step with others in it does not fail here by itself")
	}
	switch s.Type {
	case action, other:
		return b.failing(id, s, b.foreign(id, s), r, not)
	case parallel:
		return b.delayed(s, b.parallel(id, s, r)), b.after(id, s), not
	case choice:
		return b.delayed(s, b.choose(id, s, r)), b.after(id, s), not
	default:
		return b.delayed(s, b.question(id, s, r)), b.after(id, s), not
	}
}

// after is where a workflow goes on behind a step with branches: where it says, or else where all its branches meet.
func (b *builder) after(id string, s *Step) string {
	if next := s.goesOn(); next != "" {
		return next
	}
	return b.joins.of(id)
}

// inside follows a branch of a step. It ends with an end of its own, or where the step goes on.
func (b *builder) inside(id string, s *Step, to string, r route) []book.Step {
	return b.sequence(to, r.until(b.after(id, s)))
}

// failing says where a step that failed leads, which is the last of steps. A way of its own becomes a decision behind the step.
func (b *builder) failing(id string, s *Step, steps []book.Step, r route, not []unless) ([]book.Step, string, []unless) {
	next, fails := s.goesOn(), b.failure(s)
	last := &steps[len(steps)-1]
	to := b.p.Workflow[fails]
	switch {
	case to != nil && implied(to), s.Done != "" && fails == "": // as the step of ours says, or on in any case
		return steps, next, not
	case to == nil || to.Type == end:
		last.OnFailure = book.Stop
		return steps, next, not
	}
	last.OnFailure = book.Next
	if fails == next {
		return steps, next, not
	}
	join := b.joins.of(id)
	decide := book.Step{ID: b.unused(last.ID + "-failed")}
	decide.Decide = []book.Branch{{If: state(last.ID) + ` == "failed"`, Steps: b.sequence(fails, r.until(join))}}
	return append(steps, decide), next, append(not[:len(not):len(not)], unless{last.ID, join})
}

// failure is where a step that failed leads; empty: nobody says, and the way goes on where on_completion is said.
func (b *builder) failure(s *Step) string {
	if s.Failure == "" && s.Done == "" {
		return b.p.Exception
	}
	return s.Failure
}

// implied reports whether a step is only there for what our own steps say of failures.
func implied(s *Step) bool {
	text, ok := s.Extended[extension][stepProperty].(string)
	return ok && strings.HasPrefix(text, "part:")
}
