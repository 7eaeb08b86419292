// Package port reads lists of ports.
//
// It is: ports and ranges as people write them, such as 22,3389,5900-5910.
// It takes: the text of a parameter.
// It gives: ranges that can be asked whether they overlap.
// Next door: action/ec2 asks which rules open one of them.
package port

import (
	"strconv"
	"strings"

	"jobzero/internal/fault"
)

// Range is a range of ports, both ends in it.
type Range struct{ From, To int32 }

// Parse reads ports and ranges with commas between them.
func Parse(text string) ([]Range, error) {
	var out []Range
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			to = from
		}
		a, errA := strconv.ParseUint(from, 10, 16)
		b, errB := strconv.ParseUint(to, 10, 16)
		if errA != nil || errB != nil || a > b {
			return nil, fault.New(fault.Invalid, "ports: %q is neither a port nor a range such as 5900-5910", part)
		}
		out = append(out, Range{int32(a), int32(b)})
	}
	return out, nil
}

// Overlaps reports whether the two ranges have a port in common.
func (r Range) Overlaps(o Range) bool { return r.From <= o.To && o.From <= r.To }
