package chart

import (
	"fmt"
	"strings"

	"jobzero/internal/playbook/book"
)

// begins says what the playbook begins with.
func begins(d book.Definition) string { return strings.Join(d.When.Words(), "; ") }

// guards says what has to hold before anything is changed.
func guards(d book.Definition) string {
	var all []string
	for _, g := range d.Guards {
		text := g.Why
		if text == "" {
			text = strings.Join(strings.Fields(g.If), " ")
		}
		how := map[book.Else]string{book.ElseWait: "waits", book.ElsePerson: "a person has it"}[g.Else]
		if how == "" {
			how = "only plans"
		}
		all = append(all, fmt.Sprintf("%s, else %s", text, how))
	}
	return strings.Join(all, "; ")
}

// ends says what shows that it is settled.
func ends(d book.Definition) string {
	switch {
	case d.SettledBy != "":
		return "fresh reads: " + d.SettledBy
	case d.Settled != "":
		return "fresh reads: " + strings.Join(strings.Fields(d.Settled), " ")
	case len(d.When.Expectations)+len(d.When.Leavers) > 0:
		return "fresh reads show that it is settled"
	}
	return "what was done holds"
}
