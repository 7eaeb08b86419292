package reach

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Reacher is somebody who reaches a resource.
type Reacher struct {
	ARN   string
	Can   []string // sees, reads, changes, controls: what the last of the path can do
	Path  Path     // to him who can; without steps: he is it himself
	Truth policy.Truth
}

// ReachedBy is everybody who can read or change a resource, or who may do so, or gets to somebody who can: certain first, then by steps. The resource need not be
// known. True: the work was cut off by its limit. An error is fault.Invalid.
func (g *Graph) ReachedBy(arn string) ([]Reacher, bool, error) {
	if strings.Count(arn, ":") < 5 || !strings.HasPrefix(arn, "arn:") {
		return nil, false, fault.New(fault.Invalid, "resource %s: want an ARN", arn)
	}
	x := g.asset(arn)
	probes := probesOf(x)
	if len(probes) == 0 {
		return nil, false, fault.New(fault.Invalid, "resource %s: no action is known that is about it", arn)
	}
	all := g.everybody()
	g.asked = 0
	able := map[Node]level{}
	same := map[int]level{}
	look := func(n Node) {
		b := g.being(n)
		l, ok := same[b.kin.number]
		if !ok || b.kin.personal || x.Guarded() {
			some := probes
			if !x.Guarded() {
				some = slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return !b.kin.names(p.small) })
			}
			yes, maybe := g.bits(b, arn, some, wholly)
			l = yes | maybe<<perhaps
			same[b.kin.number] = l
		}
		if l&^(sees|sees<<perhaps) != 0 {
			able[n] = l
		}
	}
	for i := range g.holders {
		look(Node{who: int32(i)})
	}
	for i := range g.accounts {
		look(Node{kind: admin, who: int32(i)})
	}
	return g.reachers(all, able), all.cut || g.spent(), nil
}

// asset is a resource as it is known, or as its ARN says.
func (g *Graph) asset(arn string) *estate.Asset {
	if i, ok := slices.BinarySearchFunc(g.assets, arn, byARN); ok {
		return g.assets[i]
	}
	x := &estate.Asset{ARN: arn, Account: accountOf(arn)}
	if strings.HasPrefix(arn, "arn:aws:s3:::") && !strings.Contains(arn, "/") {
		x.Type = "AWS::S3::Bucket"
	}
	return x
}

func (g *Graph) reachers(all *everything, able map[Node]level) []Reacher {
	goals := func(mask level) (out []Node) {
		for i := range g.accounts { // in the order of the accounts and holders, so that the answer is the same each time
			if n := (Node{kind: admin, who: int32(i)}); able[n]&mask != 0 {
				out = append(out, n)
			}
		}
		for i := range g.holders {
			if n := (Node{who: int32(i)}); able[n]&mask != 0 {
				out = append(out, n)
			}
		}
		return out
	}
	const sure, any = reads | changes | controls, wholly<<perhaps | wholly
	away, next := start(goals(sure))
	all.back(goals(sure), func(e Edge) bool { return e.Truth == policy.Yes }, away, next)
	maybeAway, maybeNext := start(goals(any))
	all.back(goals(any), func(Edge) bool { return true }, maybeAway, maybeNext)
	var out []Reacher
	for i, h := range g.holders {
		n := Node{who: int32(i)}
		if _, ok := away[n]; ok {
			p := g.chain(n, next, policy.Yes)
			out = append(out, Reacher{h.ARN, words(able[p.To] & wholly), p, policy.Yes})
		} else if _, ok := maybeAway[n]; ok {
			p := g.chain(n, maybeNext, policy.Maybe)
			l := able[p.To]
			out = append(out, Reacher{h.ARN, words(l&wholly | l>>perhaps), p, policy.Maybe})
		}
	}
	slices.SortStableFunc(out, func(a, b Reacher) int {
		return cmp.Or(cmp.Compare(b.Truth, a.Truth), cmp.Compare(a.Path.Length(), b.Path.Length()))
	})
	return out
}

func start(goals []Node) (map[Node]int, map[Node]Edge) {
	away := map[Node]int{}
	for _, n := range goals {
		away[n] = 0
	}
	return away, map[Node]Edge{}
}

func words(l level) (out []string) {
	for i, word := range []string{"sees", "reads", "changes", "controls"} {
		if l&(1<<i) != 0 {
			out = append(out, word)
		}
	}
	return out
}
