package cacao

import (
	"maps"
	"math/big"
	"slices"
)

// joins knows of each step the nearest one through which all ways from it lead. Those are its post-dominators in the graph of the
// workflow, as in T. Lengauer and R. E. Tarjan, A fast algorithm for finding dominators in a flowgraph, 1979; worked out by repetition
// until nothing changes, as a workflow has some hundred steps at most.
type joins struct {
	ids  []string
	at   map[string]int
	sets []*big.Int // of each step those through which all ways from it lead, with itself
}

func (p *Playbook) findJoins() joins {
	j := joins{ids: slices.Sorted(maps.Keys(p.Workflow)), at: map[string]int{}}
	for i, id := range j.ids {
		j.at[id] = i
	}
	all := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(len(j.ids))), big.NewInt(1))
	for range j.ids {
		j.sets = append(j.sets, all)
	}
	for changed := true; changed; {
		changed = false
		for i := range slices.Backward(j.ids) {
			if set := j.through(p, i, all); set.Cmp(j.sets[i]) != 0 {
				j.sets[i], changed = set, true
			}
		}
	}
	return j
}

// through is what all ways from a step lead through, by what is known of those after it.
func (j joins) through(p *Playbook, i int, all *big.Int) *big.Int {
	set := new(big.Int).Set(all)
	for _, next := range p.after(p.Workflow[j.ids[i]]) {
		if k, ok := j.at[next]; ok {
			set.And(set, j.sets[k])
		} else {
			set.SetInt64(0)
		}
	}
	return set.SetBit(set, i, 1)
}

// after are the steps to which a step may lead; an empty one is an end.
func (p *Playbook) after(s *Step) (out []string) {
	next := s.goesOn()
	fails := s.Failure
	if fails == "" && s.Done == "" {
		fails = p.Exception
	}
	branches := s.branches()
	switch {
	case s.Type == end:
		return []string{""}
	case next != "" || len(branches) == 0:
		out = append(out, next)
	default:
		for _, b := range branches {
			out = append(out, b.to)
		}
		if s.Type == ifThen && s.False == "" || s.Type == while {
			out = append(out, "")
		}
	}
	if fails != "" && len(branches) == 0 {
		out = append(out, fails)
	}
	return out
}

// of is the nearest step through which all ways from a step lead; empty where there is none.
func (j joins) of(id string) (best string) {
	i, ok := j.at[id]
	if !ok {
		return ""
	}
	most := 0
	if bits(j.sets[i]) == len(j.ids) && len(j.ids) > 1 { // no way from it ends
		return ""
	}
	for k, other := range j.ids {
		if n := bits(j.sets[k]); k != i && j.sets[i].Bit(k) == 1 && n > most {
			best, most = other, n
		}
	}
	return best
}

func bits(n *big.Int) (count int) {
	for i := range n.BitLen() {
		count += int(n.Bit(i))
	}
	return count
}
