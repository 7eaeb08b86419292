package config

import (
	"regexp"
	"strconv"

	"jobzero/internal/doc"
)

// step is one step of a key: a name, or a number in brackets.
var step = regexp.MustCompile(`[a-z_0-9]+|\[\d+\]`)

// place is where a key was said, ending in a colon and a space: an option, a variable, or file:line:column of the nearest
// part of the key that the file has. It is empty when the key was said nowhere.
func (w places) place(key string) string {
	if from := w.from[key]; from != "" {
		return from + ": "
	}
	if w.text.name == "" {
		return ""
	}
	nodes, err := doc.Parse(w.text.name, w.text.data)
	if err != nil || len(nodes) == 0 {
		return w.text.name + ": "
	}
	at := nodes[0]
	for _, s := range step.FindAllString(key, -1) {
		next := at.Get(s)
		if s[0] == '[' {
			next = nil
			if i, err := strconv.Atoi(s[1 : len(s)-1]); err == nil && i < len(at.Items) {
				next = at.Items[i]
			}
		}
		if next == nil {
			break
		}
		at = next
	}
	return at.Place() + ": "
}
