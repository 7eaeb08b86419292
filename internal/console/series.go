package console

import (
	"fmt"
	"strings"

	"jobzero/internal/expect/standing"
)

// The size of a line of shares.
const (
	lineWide = 120
	lineHigh = 24
)

// points is the line of what passed on each day. It is drawn between the least and the most of its own days, or every line would be flat; the
// numbers are beside it.
func points(days []standing.Past) string {
	var shares []float64
	for _, d := range days {
		if s, ok := d.Share(); ok {
			shares = append(shares, s)
		}
	}
	if len(shares) < 2 {
		return ""
	}
	least, most := shares[0], shares[0]
	for _, s := range shares {
		least, most = min(least, s), max(most, s)
	}
	var b strings.Builder
	for i, s := range shares {
		y := lineHigh / 2.0
		if most > least {
			y = lineHigh - 2 - (s-least)/(most-least)*(lineHigh-4)
		}
		fmt.Fprintf(&b, "%.1f,%.1f ", float64(i)*lineWide/float64(len(shares)-1), y)
	}
	return strings.TrimSpace(b.String())
}
