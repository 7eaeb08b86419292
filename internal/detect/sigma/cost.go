package sigma

// The cost of judging, in comparisons of two short texts.
const (
	costNothing = 0
	costCompare = 1
	costSearch  = 3
	costDescend = 6
	costRegex   = 40
)

// cost is what judging the line costs about.
func (l *line) cost() int {
	sum := costNothing
	if l.field == nil {
		sum += costRegex // the whole record
	} else if !l.field.slotted || l.field.rest != "" || l.field.steps != nil {
		sum += costDescend
	}
	if l.names != nil {
		return sum + costCompare + len(l.names)/8
	}
	for _, x := range l.Values {
		switch x := x.(type) {
		case null:
		case *pattern:
			if _, exact := x.exact(); exact {
				sum += costCompare
			} else {
				sum += costSearch
			}
		case regex:
			sum += costRegex
		default:
			sum += costSearch
		}
	}
	return sum
}

// cost is what judging the part costs about, at most.
func (n *node) cost() int {
	switch {
	case n.test != nil:
		return n.test.cost()
	case n.each != nil:
		return costDescend + 4*n.each.body.cost()
	}
	sum := costNothing
	for i := range n.parts {
		sum += n.parts[i].cost()
	}
	return sum
}
