package drift

import (
	"slices"
	"strings"
)

// inOrder are lists whose order means something. CloudFormation's other lists are sets in all but name: rules, tags, subnets, policies.
func inOrder() []string {
	return []string{
		"Args", "Arguments", "CacheBehaviors", "Command", "Commands", "EntryPoint", "Layers", "OrderedCacheBehaviors", "Phases",
		"RoutingRules", "Stages", "Steps", "TextTransformations",
	}
}

func ordered(at spot) bool {
	return at.mode == document || at.mode == plain && slices.Contains(inOrder(), at.name)
}

// sequence compares lists element by element.
func (c *comparer) sequence(said, is []any, at spot) {
	for i, s := range said {
		value := any(absent{})
		if i < len(is) {
			value = is[i]
		}
		c.walk(s, value, at.element(i))
	}
	for i := len(said); i < len(is); i++ {
		c.walkExtra(is[i], at)
	}
}

func (c *comparer) walkExtra(is any, at spot) {
	if h, ok := is.(hole); ok {
		c.open(at, h)
		return
	}
	c.differ(Added, nil, is, at)
}

// set compares lists whatever their order: what is certainly the same is paired first, then what may be, then what is most alike.
func (c *comparer) set(said, is []any, at spot) {
	if len(said)*len(is) > maxCells {
		c.open(at, hole{why: "the lists are too long to be compared"})
		return
	}
	p := &pairing{said: said, is: is, to: unpaired(len(said)), from: unpaired(len(is))}
	p.answers = make([][]answer, len(said))
	for i, s := range said {
		p.answers[i] = make([]answer, len(is))
		for j, v := range is {
			p.answers[i][j] = c.same(s, v, at.element(i))
		}
	}
	p.match(yes)
	p.match(maybe)
	left := p.alike()
	blind := slices.ContainsFunc(is, isHole) // what is missing may be there unseen
	for i, s := range said {
		switch j := p.to[i]; {
		case j >= 0:
			c.walk(s, is[j], at.element(i))
		case isHole(s):
			c.walk(s, nil, at.element(i))
		case !solid(s) && len(is) > 0: // an empty element says nothing
		case blind:
			c.open(at.element(i), hole{why: "not all of the list could be read"})
		default:
			c.nothing(s, at.element(i))
		}
	}
	c.extra(said, left, at)
}

// extra notes what is there and was not said.
func (c *comparer) extra(said, left []any, at spot) {
	left = slices.DeleteFunc(left, func(v any) bool { return c.excused(v, at) })
	if len(left) > 0 && slices.ContainsFunc(said, isHole) {
		c.open(at, hole{why: "which of what is there the text means is not known"})
		return
	}
	for _, v := range left {
		c.walkExtra(v, at)
	}
}

// excused reports whether an element that the list of the text does not have comes from elsewhere: from AWS, from the whole stack,
// or from another resource of the text.
func (c *comparer) excused(is any, at spot) bool {
	if empty(is) {
		return true
	}
	if m, ok := is.(map[string]any); ok && at.name == c.tagsAt {
		key, _ := m["Key"].(string)
		value, ours := c.tags[key]
		if text, _ := textOf(m["Value"]); strings.HasPrefix(key, "aws:") || ours && text == value {
			return true
		}
	}
	return slices.ContainsFunc(c.more[at.path], func(said any) bool { return c.same(said, is, at.element(0)) != no })
}

func isHole(v any) bool {
	_, ok := v.(hole)
	return ok
}

// pairing pairs what a text says with what is there.
type pairing struct {
	said, is []any
	answers  [][]answer
	to, from []int // the other one's index, -1 for none
}

func unpaired(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// match pairs as many as possible of those that are as much the same as is asked for. It is the way of augmenting paths.
func (p *pairing) match(want answer) {
	for i := range p.said {
		if p.to[i] < 0 {
			p.augment(i, want, make([]bool, len(p.is)))
		}
	}
}

func (p *pairing) augment(i int, want answer, seen []bool) bool {
	for j, a := range p.answers[i] {
		if seen[j] || a < want {
			continue
		}
		seen[j] = true
		k := p.from[j]
		if k >= 0 && (p.answers[k][j] > want || !p.augment(k, want, seen)) { // a certain pair stays
			continue
		}
		p.to[i], p.from[j] = j, i
		return true
	}
	return false
}

// alike pairs what is left by what it has in common, so that a change is shown as one. It gives what is there and has no pair.
func (p *pairing) alike() []any {
	for i, s := range p.said {
		if p.to[i] >= 0 {
			continue
		}
		best, most := -1, 0
		for j, v := range p.is {
			if p.from[j] >= 0 {
				continue
			}
			if n := likeness(s, v); n > most {
				best, most = j, n
			}
		}
		if best >= 0 {
			p.to[i], p.from[best] = best, i
		}
	}
	var left []any
	for j, v := range p.is {
		if p.from[j] < 0 {
			left = append(left, v)
		}
	}
	return left
}

// keys are members that say which element of a list something is.
func keys() []string {
	return []string{"Key", "Sid", "PolicyName", "Name", "Id", "AttributeName", "IndexName", "DeviceName", "ContainerName", "LogicalName", "Priority"}
}

// likeness is how much two objects have in common; 0 when they are not the same thing.
func likeness(said, is any) int {
	s, ok1 := said.(map[string]any)
	v, ok2 := is.(map[string]any)
	if !ok1 || !ok2 {
		return 0
	}
	for _, key := range keys() {
		a, okA := textOf(s[key])
		b, okB := textOf(v[key])
		if okA && okB && a != b {
			return 0
		}
		if okA && okB {
			return 1 << 20
		}
	}
	common, all := 0, 0
	for key, x := range s {
		a, okA := textOf(x)
		if !okA {
			continue
		}
		all++
		if b, okB := textOf(v[key]); okB && strings.EqualFold(a, b) {
			common++
		}
	}
	if 2*common <= all {
		return 0
	}
	return common
}
