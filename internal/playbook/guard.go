package playbook

import (
	"context"

	"jobzero/internal/expr"
	"jobzero/internal/playbook/book"
)

// guarded is what the guards of a playbook say now.
type guarded struct {
	held bool
	way  book.Else
	why  string
}

// guarded asks the guards of a playbook. One of which nobody knows whether it holds does not.
func (d *Director) guarded(ctx context.Context, k desk, def book.Definition) (guarded, error) {
	if len(def.Guards) == 0 {
		return guarded{}, nil
	}
	k.def = def
	scene, err := d.scene(ctx, k)
	if err != nil {
		return guarded{}, err
	}
	for i, g := range def.Guards {
		v, why := def.Holds(book.GuardPlace(i), scene)
		if v == expr.True {
			continue
		}
		if g.Why != "" {
			why = g.Why + " (" + why + ")"
		}
		if g.Else == "" {
			g.Else = book.ElsePlan
		}
		return guarded{true, g.Else, "guarded: " + why}, nil
	}
	return guarded{}, nil
}

// hold does what a guard that does not hold asks for, in a run that is about to change something.
func (d *Director) hold(ctx context.Context, k desk, g guarded) (next, error) {
	switch g.way {
	case book.ElsePerson:
		return d.abandon(ctx, k, g.why, nil)
	case book.ElseWait:
		return d.await(ctx, k, Sight{Text: g.why, Again: d.now().Add(heldPause)})
	default:
		k.run.Mode = PlanOnly
		return d.record(ctx, k, note{kind: "held", text: "Plans only, and changes nothing: " + g.why})
	}
}
