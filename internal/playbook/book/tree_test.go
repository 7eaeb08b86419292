package book_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/playbook/book"
)

// grow draws a playbook of branches within branches.
func grow(t *rapid.T, depth int, count *int) (steps []book.Step) {
	for range rapid.IntRange(1, 3).Draw(t, "steps") {
		*count++
		s := book.Step{ID: fmt.Sprintf("s%d", *count)}
		kind := rapid.IntRange(0, 3).Draw(t, "kind")
		if depth == 0 || kind < 2 {
			s.Action = "x"
			steps = append(steps, s)
			continue
		}
		var branches []book.Branch
		for range rapid.IntRange(1, 3).Draw(t, "branches") {
			branches = append(branches, book.Branch{Steps: grow(t, depth-1, count)})
		}
		if kind == 2 {
			s.Decide = branches
		} else {
			s.Parallel = branches
		}
		steps = append(steps, s)
	}
	return steps
}

// TestReady walks made-up playbooks in any order that is allowed: every step of a branch that was chosen happens once, what stands after
// another begins after it is over, and no other branch is touched.
func TestReady(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := 0
		d := book.Definition{ID: "drawn", Steps: grow(t, 3, &count)}
		tree, err := book.Tree([]book.Definition{d})
		if err != nil {
			t.Fatal(err)
		}
		progress := map[string]book.Progress{}
		var order []string
		for range 10 * count {
			ready := book.Ready(tree, func(n *book.Node) book.Progress { return progress[n.ID] })
			if len(ready) == 0 {
				break
			}
			n := rapid.SampledFrom(ready).Draw(t, "next")
			p := progress[n.ID]
			switch {
			case p.Over:
				t.Fatalf("%s again", n.ID)
			case len(n.Branches) > 0 && !p.Begun:
				p.Begun = true
				if n.Step.Decide != nil {
					p.Choice = rapid.IntRange(-1, len(n.Branches)-1).Draw(t, "choice")
				}
			default:
				p.Begun, p.Over = true, true
				order = append(order, n.ID)
			}
			progress[n.ID] = p
		}
		check(t, tree, progress)
		if ready := book.Ready(tree, func(n *book.Node) book.Progress { return progress[n.ID] }); len(ready) > 0 {
			t.Fatalf("does not come to an end: %v after %v", ready[0].ID, order)
		}
	})
}

// check says that in a walk that came to its end everything that was chosen is over, and nothing else has begun.
func check(t *rapid.T, nodes []*book.Node, progress map[string]book.Progress) {
	for _, n := range nodes {
		p := progress[n.ID]
		if !p.Over {
			t.Fatalf("%s is not over", n.ID)
		}
		for i, b := range n.Branches {
			if n.Step.Decide == nil || i == p.Choice {
				check(t, b, progress)
				continue
			}
			for _, other := range book.Every(b) {
				if progress[other.ID].Begun {
					t.Fatalf("%s has begun in a branch that was not chosen", other.ID)
				}
			}
		}
	}
}
