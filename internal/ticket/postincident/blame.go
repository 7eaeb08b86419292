package postincident

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed blame.txt
var blameText string

// phrase is what a review does not say, and what to write instead.
type phrase struct {
	re      *regexp.Regexp
	instead string
}

// blames are the phrases of the table, and the names of people.
func blames(people []string) (out []phrase) {
	for line := range strings.Lines(blameText) {
		if says, instead, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			out = append(out, phrase{regexp.MustCompile(`(?i)\b(` + says + `)\b`), instead})
		}
	}
	for _, name := range people {
		if name != "" {
			out = append(out, phrase{word(name), "a review names no person: write the part they had, such as the person on duty; names stand at owner alone"})
		}
	}
	return out
}
