package doc

import "strings"

// Begins says where the text of a scalar begins, in lines and columns from 1: behind a quote, or below the sign of a block. Whoever reads
// the text as a language of its own tells by it where something in it stands.
func (n *Node) Begins() (line, col int) {
	lines := strings.Split(n.part.text, "\n")
	at := n.Line - n.part.shift
	if at < 1 || at > len(lines) || n.Col > len(lines[at-1]) {
		return n.Line, n.Col
	}
	switch lines[at-1][n.Col-1] {
	case '"', '\'':
		return n.Line, n.Col + 1
	case '|', '>':
		for _, next := range lines[at:] { // blank lines at its start belong to the text
			if text := strings.TrimLeft(next, " "); strings.TrimSpace(text) != "" {
				return n.Line + 1, 1 + len(next) - len(text)
			}
		}
	}
	return n.Line, n.Col
}
