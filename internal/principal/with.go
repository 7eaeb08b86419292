package principal

import (
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// With gives the document with one more statement, behind the others, which stay byte for byte. A statement that stands alone, not in a
// list, becomes the first of a list.
func (p Policy) With(statement []byte) ([]byte, error) {
	if len(p.Statements) == 0 || p.text == nil {
		return nil, fault.New(fault.Invalid, "policy: there is no statement behind which another could stand")
	}
	if rawjson.End(statement, 0) != len(statement) {
		return nil, fault.New(fault.Invalid, "policy: the new statement is not one JSON value")
	}
	first, last := p.at[0], len(p.Statements)-1
	end := p.at[last] + len(p.Statements[last].Raw)
	before, after := "", ""
	if !p.list {
		before, after = "[", "]"
	}
	return slices.Concat(p.text[:first], []byte(before), p.text[first:end], []byte(","), statement, []byte(after), p.text[end:]), nil
}
