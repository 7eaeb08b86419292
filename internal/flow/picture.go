package flow

import (
	"fmt"
	"strings"
)

// Picture draws the road as text, a leg a line: solid arrows are durable, dotted ones stay in the process.
func Picture(legs []Leg) string {
	wide := 0
	for _, l := range legs {
		wide = max(wide, len(l.From), len("world"))
	}
	var b strings.Builder
	for _, l := range legs {
		from, to, line := l.From, l.To, "──"
		if from == "" {
			from = "world"
		}
		if to == "" {
			to = "world"
		}
		if l.Kind == Stream {
			line = "┄┄"
		}
		fmt.Fprintf(&b, "%-*s %s %s %s▶ %s\n", wide, from, line, l.Name, line, to)
	}
	return b.String()
}
