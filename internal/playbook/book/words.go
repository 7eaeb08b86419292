package book

import (
	"fmt"
	"strings"
	"time"
)

// Words says in a line what the step does.
func (s *Step) Words() string {
	switch s.Kind() {
	case Action:
		if s.On != nil {
			return s.Action + " on " + s.On.Type + " " + s.On.ID
		}
		return s.Action
	case Gather:
		return "reads " + strings.Join(s.Gather, ", ")
	case Decide:
		return "decides"
	case Parallel:
		return fmt.Sprintf("%d ways at the same time", len(s.Parallel))
	case Waiting:
		return s.Wait.Words()
	case Approve:
		return s.Approval.Words()
	case Task:
		return "a person: " + s.Manual.Do
	case Tell:
		return "tells " + s.Notify.To + ": " + strings.TrimSpace(s.Notify.Say)
	case Other:
		return "runs playbook " + s.Playbook
	case Hook:
		return "posts to " + s.Webhook.Name
	case Function:
		return "invokes " + s.Lambda.Function
	case Script:
		return "runs document " + s.Document.Name
	default:
		return "nothing"
	}
}

// Words says what is waited for.
func (w Wait) Words() string {
	switch {
	case w.Unless != "":
		return "waits " + Span(w.For) + ", and fails if " + w.Unless
	case w.Until == "":
		return "waits " + Span(w.For)
	case w.For == 0:
		return "waits until " + w.Until
	}
	return "waits until " + w.Until + ", " + Span(w.For) + " at most"
}

// Words says who is asked, and for how long.
func (a Approval) Words() string {
	who := "a person has to agree"
	if a.Need() > 1 {
		who = fmt.Sprintf("%d people have to agree", a.Need())
	}
	out := who + " within " + Span(a.Lasts())
	if a.Why != "" {
		out += ": " + a.Why
	}
	return out
}

// Span writes a duration without zeros at its end.
func Span(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = strings.TrimSuffix(text, zero[1:])
		}
	}
	return text
}

// Words says what begins the playbook, one thing each.
func (t Trigger) Words() (out []string) {
	for _, id := range t.Expectations {
		out = append(out, "expectation "+id)
	}
	for _, id := range t.Rules {
		out = append(out, "rule "+id)
	}
	for _, what := range t.Leavers {
		out = append(out, "leaver's "+what)
	}
	if t.Reused {
		out = append(out, "use of what was shut")
	}
	if t.Schedule != "" {
		out = append(out, "schedule "+t.Schedule+" (UTC)")
	}
	for _, state := range t.Tickets {
		out = append(out, "ticket becomes "+state)
	}
	if t.Hand {
		out = append(out, "by hand")
	}
	return out
}

// Besides says what is tried, asked and done beside the step itself, one thing each.
func (s *Step) Besides() (out []string) {
	if s.If != "" {
		out = append(out, "only if "+s.If)
	}
	if s.Approve != nil {
		out = append(out, strings.Replace(s.Approve.Words(), "agree", "agree to what is planned", 1))
	}
	if s.Always {
		out = append(out, "also when it is settled already")
	}
	if s.Timeout > 0 {
		out = append(out, "has failed after "+Span(s.Timeout))
	}
	if s.Manual != nil && s.Manual.Within > 0 {
		out = append(out, "has failed after "+Span(s.Manual.Within))
	}
	if s.Retry != nil {
		out = append(out, fmt.Sprintf("is tried again %d times", s.Retry.Times))
	}
	switch s.OnFailure {
	case Next:
		out = append(out, "on failure the next step is done")
	case Stop:
		out = append(out, "on failure a person has the rest")
	case Undo:
		out = append(out, "on failure what was done is taken back")
	default:
	}
	return out
}
