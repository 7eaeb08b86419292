package lineage

import "cmp"

// ends is a heap of grants by their end.
type ends []*Grant

func (e ends) Len() int { return len(e) }

func (e ends) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(e[i].Until, e[j].Until), cmp.Compare(e[i].id(), e[j].id())) < 0
}

func (e ends) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].place, e[j].place = i, j
}

// Push is of heap.Interface.
func (e *ends) Push(x any) {
	n := x.(*Grant)
	n.place = len(*e)
	*e = append(*e, n)
}

// Pop is of heap.Interface.
func (e *ends) Pop() any {
	old := *e
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*e = old[:len(old)-1]
	return last
}
