package book

import (
	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// Errorf is an error about what stands at a place of the definition, such as steps[1].action. Its text begins with file, line and column.
func (d Definition) Errorf(place, format string, args ...any) error {
	nodes, err := doc.Parse(d.File, []byte(d.Text))
	if err != nil || len(nodes) == 0 { // it was read before
		return fault.New(fault.Invalid, d.File+": "+format, args...)
	}
	return find(nodes[0], place).Errorf(format, args...)
}

// Position is where the value at a place begins.
func (d Definition) Position(place string) expr.Place {
	nodes, err := doc.Parse(d.File, []byte(d.Text))
	if err != nil || len(nodes) == 0 {
		return expr.Place{File: d.File, Line: 1, Col: 1}
	}
	n := find(nodes[0], place)
	line, col := n.Begins()
	return expr.Place{File: n.File(), Line: line, Col: col}
}
