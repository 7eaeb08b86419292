package booktest_test

import (
	"slices"
	"testing"

	"jobzero/content"
	"jobzero/internal/playbook/book"
)

// TestContainmentWaitsForNobody walks each playbook that contains, with people who never answer: what software may do by itself is done all the
// same.
func TestContainmentWaitsForNobody(t *testing.T) {
	all, bad := book.Collect(content.FS(), "playbooks")
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	var held []string
	for _, d := range all {
		if !d.Contains {
			continue
		}
		parts, err := d.Whole(all)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := book.Tree(parts)
		if err != nil {
			t.Fatal(err)
		}
		for choice := range 4 {
			for _, id := range unreached(tree, choice) {
				if line := d.ID + " " + id; !slices.Contains(held, line) {
					held = append(held, line)
				}
			}
		}
	}
	for _, h := range held {
		t.Errorf("%s waits for a person, who may not be there: move it before, or beside, what people do", h)
	}
}

// unreached are the steps that software may do by itself and does not come to when nobody answers and each decision takes the branch of the
// number, or its last.
func unreached(tree []*book.Node, choice int) (out []string) {
	begun, over, inside := map[string]bool{}, map[string]bool{}, map[string]int{}
	progress := func(n *book.Node) book.Progress {
		return book.Progress{Begun: begun[n.ID], Over: over[n.ID], Choice: inside[n.ID]}
	}
	for moved := true; moved; {
		moved = false
		for _, n := range book.Ready(tree, progress) {
			person := n.Step.Approve != nil || n.Step.Kind() == book.Approve || n.Step.Kind() == book.Task
			switch kind := n.Step.Kind(); {
			case person:
				begun[n.ID] = true
				continue
			case kind == book.Decide && !begun[n.ID]:
				inside[n.ID] = min(choice, len(n.Step.Decide)-1)
				begun[n.ID], moved = true, true
			case (kind == book.Parallel || kind == book.Other) && !begun[n.ID]:
				begun[n.ID], moved = true, true
			case !over[n.ID]:
				begun[n.ID], over[n.ID], moved = true, true, true
			}
		}
	}
	for _, n := range taken(tree, choice) {
		if n.Step.Kind() == book.Action && n.Step.Approve == nil && !begun[n.ID] {
			out = append(out, n.ID)
		}
	}
	return out
}

// taken are the steps on the way of the choice.
func taken(nodes []*book.Node, choice int) (out []*book.Node) {
	for _, n := range nodes {
		out = append(out, n)
		for i, branch := range n.Branches {
			if n.Step.Kind() == book.Decide && i != min(choice, len(n.Branches)-1) {
				continue
			}
			out = append(out, taken(branch, choice)...)
		}
	}
	return out
}
