package chart

import (
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/draw"
	"jobzero/internal/playbook/book"
)

// DOT writes the graph for Graphviz.
func (c Chart) DOT() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n\trankdir=TB\n\tlabel=%s\n\tlabelloc=t\n\tnode [shape=box style=\"rounded\" fontname=\"sans-serif\" fontsize=11]\n\tedge [fontname=\"sans-serif\" fontsize=10]\n",
		quoted(c.Playbook), quoted(c.Title))
	for _, n := range c.Nodes {
		text := append([]string{n.ID}, draw.Wrapped(n.Words, 40, 4)...)
		for _, b := range n.Besides {
			text = append(text, draw.Wrapped(b, 40, 2)...)
		}
		if n.State != "" {
			text = append(text, n.State)
		}
		shape := ""
		switch n.Kind {
		case book.Decide:
			shape = " shape=diamond style=\"\""
		case "":
			shape = " shape=oval style=\"\""
		default:
		}
		fmt.Fprintf(&b, "\t%s [label=%s%s]\n", quoted(n.ID), quoted(strings.Join(text, "\n")), shape)
	}
	for _, e := range c.Edges {
		style := ""
		if e.Left {
			style = " style=dashed"
		}
		fmt.Fprintf(&b, "\t%s -> %s [label=%s%s]\n", quoted(e.From), quoted(e.To), quoted(strings.Join(draw.Wrapped(e.If, 40, 3), "\n")), style)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// quoted is a text as DOT wants it: https://graphviz.org/doc/info/lang.html
func quoted(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && !strconv.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
