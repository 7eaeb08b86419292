package series

import (
	"fmt"
	"math"
	"strings"
)

// String says in words what is unusual about the value, the most surprising first, and what it was compared with.
func (v Verdict) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%.4g after %d values", v.Value, v.Seen)
	parts := []struct {
		surprise float64
		text     string
	}{
		{v.Spike, fmt.Sprintf("it is %.3g from the level of %.4g", math.Abs(v.Value-v.Level), v.Level)},
		{v.Shift, fmt.Sprintf("the recent mean of %.4g is %.3g from the level of %.4g", v.Recent, math.Abs(v.Recent-v.Level), v.Level)},
		{v.Season, fmt.Sprintf("lately values are off what is usual at their time of day, which is %.4g now", v.Usual)},
	}
	said := false
	for _, p := range parts {
		if p.surprise >= 2 {
			fmt.Fprintf(&b, "; %s, as far as one value in %.0f", p.text, math.Pow(10, p.surprise))
			said = true
		}
	}
	switch {
	case !said:
		b.WriteString("; nothing about it is rarer than one value in a hundred")
	case v.Score == 0:
		b.WriteString("; a greater surprise not long ago makes this no news")
	}
	return b.String()
}
