package booktest

import (
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
)

// changes says in words what of a run has changed.
func changes(old, now playbook.Run) (out []string) {
	was := map[string]playbook.Step{}
	for _, s := range old.Steps {
		was[s.ID] = s
	}
	for _, s := range now.Steps {
		before, known := was[s.ID]
		if !known {
			before.State = playbook.StepWaiting
		}
		if before.State != s.State {
			out = append(out, stepLine(s))
		}
	}
	switch {
	case old.Paused == "" && now.Paused != "":
		out = append(out, "run paused")
	case old.Paused != "" && now.Paused == "":
		out = append(out, "run resumed")
	}
	if old.State != now.State && now.State != playbook.Running && now.State != playbook.Verifying {
		out = append(out, "run "+string(now.State)+" "+now.Reason)
	}
	return out
}

// stepLine says what a step has come to.
func stepLine(s playbook.Step) string {
	word, more := string(s.State), s.Note
	switch s.State {
	case playbook.StepInside:
		if word = "begins"; s.Kind == book.Decide {
			word = fmt.Sprintf("takes %d", s.Branch)
		}
	case playbook.StepPausing:
		word = "waits"
	case playbook.StepAsking:
		word, more = "asks", s.Ask.Of
	case playbook.StepTasked:
		word = "wants a person"
	case playbook.StepWaiting:
		word = "again"
	case playbook.StepDoing:
		word, more = "does", ""
	case playbook.StepPlanned:
		word, more = "would", strings.TrimPrefix(more, "would ")
	default:
	}
	if s.Plan != nil && (s.State == playbook.StepDoing || s.State == playbook.StepPlanned) {
		more = s.Plan.Action + " on " + target(s.Plan.Target)
	}
	return strings.TrimSpace(s.ID + " " + word + " " + strings.Join(strings.Fields(more), " "))
}

// differ says where a trace is not what was wanted; empty: nowhere. A wanted line is the beginning of a line, up to a whole word.
func differ(want, got []string) string {
	same := func(w, g string) bool {
		w = strings.Join(strings.Fields(w), " ")
		rest, begins := strings.CutPrefix(g, w)
		return begins && (rest == "" || strings.ContainsRune(" :;,", rune(rest[0])))
	}
	if slices.EqualFunc(want, got, same) {
		return ""
	}
	var b strings.Builder
	b.WriteString("it went otherwise:\n")
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			fmt.Fprintf(&b, "  missing   %s\n", want[i])
		case i >= len(want):
			fmt.Fprintf(&b, "  too much  %s\n", got[i])
		case same(want[i], got[i]):
			fmt.Fprintf(&b, "            %s\n", got[i])
		default:
			fmt.Fprintf(&b, "  want      %s\n  got       %s\n", want[i], got[i])
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
