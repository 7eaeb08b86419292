package book

import "jobzero/internal/fault"

// Node is a step where it stands in a run, with those in it. A playbook that is run as a step is the one branch of that step.
type Node struct {
	ID       string // unique in the run: the step's, behind those of the playbooks that run it, such as contain.block
	Step     *Step
	Of       *Definition // in which it stands
	Branches [][]*Node
}

// Tree puts a definition and the parts that it runs together. The first of parts is the definition itself.
func Tree(parts []Definition) ([]*Node, error) {
	if len(parts) == 0 {
		return nil, fault.New(fault.Internal, "a tree of no playbook")
	}
	by := map[string]*Definition{}
	for i := range parts {
		by[parts[i].ID] = &parts[i]
	}
	g := grower{by: by}
	tree := g.grow(&parts[0], parts[0].Steps, "")
	return tree, g.err
}

// mostNodes bounds what a playbook of playbooks grows to.
const mostNodes = 1000

type grower struct {
	by    map[string]*Definition
	nodes int
	err   error
}

func (g *grower) grow(of *Definition, steps []Step, prefix string) (out []*Node) {
	for i := range steps {
		s := &steps[i]
		n := &Node{ID: prefix + s.ID, Step: s, Of: of}
		if g.nodes++; g.nodes > mostNodes {
			g.err = fault.New(fault.Invalid, "%s: more than %d steps with those of the playbooks that it runs", of.File, mostNodes)
			return nil
		}
		for _, b := range append(s.Decide[:len(s.Decide):len(s.Decide)], s.Parallel...) {
			n.Branches = append(n.Branches, g.grow(of, b.Steps, prefix))
		}
		if s.Playbook != "" {
			sub := g.by[s.Playbook]
			if sub == nil {
				g.err = fault.New(fault.Invalid, "%s: %s: there is no playbook %q", of.File, s.place, s.Playbook)
				return nil
			}
			n.Branches = [][]*Node{g.grow(sub, sub.Steps, n.ID+".")}
		}
		out = append(out, n)
	}
	return out
}

// Every lists the nodes of a tree, each before those in it.
func Every(tree []*Node) (out []*Node) {
	for _, n := range tree {
		out = append(out, n)
		for _, b := range n.Branches {
			out = append(out, Every(b)...)
		}
	}
	return out
}

// Progress is how far a step is.
type Progress struct {
	Begun  bool
	Over   bool
	Choice int // of a decision that has begun: its branch; -1 for none
}

// Ready are the steps at which something may happen now, in the order of the playbook: several where branches go on at the same time. A
// step with branches is ready before it begins, and again when all in it is over.
func Ready(tree []*Node, at func(*Node) Progress) []*Node {
	for _, n := range tree {
		p := at(n)
		if p.Over {
			continue
		}
		if !p.Begun || len(n.Branches) == 0 {
			return []*Node{n}
		}
		var inside []*Node
		for i, b := range n.Branches {
			if n.Step.Decide == nil || i == p.Choice {
				inside = append(inside, Ready(b, at)...)
			}
		}
		if len(inside) > 0 {
			return inside
		}
		return []*Node{n}
	}
	return nil
}
