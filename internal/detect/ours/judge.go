package ours

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/ticket"
)

// Verdict says whether our log has a call.
type Verdict string

// The verdicts.
const (
	Logged   Verdict = "logged"
	Unproved Verdict = "unproved" // it may be one of an attempt that left no record
	Unlogged Verdict = "unlogged" // our log does not have it: somebody else made it
)

const (
	// skew is how far our clock and AWS's may be apart, and answerless how long AWS may take over a call that nobody waits for any more.
	skew, answerless = time.Minute, 5 * time.Minute
	// aroundFor is how far from a call of ours a service may make another one for it.
	aroundFor = 15 * time.Minute
)

// Judge says whether the timeline of the ticket that the session names has the call. used are the unanswered attempts that other calls were.
func (c Call) Judge(line []ticket.Entry, used map[string]bool) Call {
	switch entry, ok := c.byRequest(line); {
	case ok:
		c.Verdict, c.Why = Logged, fmt.Sprintf("entry %d has the request", entry)
	case c.Via != "":
		c.byService(line)
	default:
		c.byAttempt(line, used)
	}
	return c
}

// byRequest finds the call by AWS's own ID of it.
func (c Call) byRequest(line []ticket.Entry) (entry int, ok bool) {
	for _, e := range line {
		for _, m := range e.Made {
			if c.Request != "" && m.Request == c.Request && m.Account == c.Of {
				return e.Seq, true
			}
		}
	}
	return 0, false
}

// byService takes what a service did for the session: such calls have IDs of their own, which nobody but AWS has seen.
func (c *Call) byService(line []ticket.Entry) {
	for _, e := range line {
		for _, m := range e.Made {
			if m.Account == c.Of && c.At.Sub(m.At).Abs() <= aroundFor {
				c.Verdict, c.Why = Logged, fmt.Sprintf("%s made it for %s, which is in entry %d", c.Via, m.API, e.Seq)
				return
			}
		}
	}
	c.Verdict, c.Why = Unlogged, c.Via+" made it for the session, and the log has no call of ours at that time"
}

// byAttempt holds the call against attempts of which nobody knows AWS's ID: one that had no answer, or one whose process died. The one is in the
// log and stands for one call; of the other it is only known what was planned.
func (c *Call) byAttempt(line []ticket.Entry, used map[string]bool) {
	for _, e := range line {
		for i, m := range e.Made {
			place := fmt.Sprintf("%s/%d/%d", e.Ticket, e.Seq, i)
			if m.Request == "" && !used[place] && m.Account == c.Of && service(m.API) == service(c.API) &&
				c.At.After(m.At.Add(-skew)) && c.At.Before(m.At.Add(answerless)) {
				c.Verdict, c.Entry = Logged, place
				c.Why = fmt.Sprintf("entry %d has a call of %s to which no answer came", e.Seq, m.API)
				return
			}
		}
	}
	if entry, ok := c.lost(line); ok {
		c.Verdict = Unproved
		c.Why = fmt.Sprintf("it is of a kind that was planned, and by entry %d an attempt of that time left no record", entry)
		return
	}
	c.Verdict, c.Why = Unlogged, "the log has no call with that request"
	switch {
	case c.Ticket == "":
		c.Why = "its session names no ticket"
	case len(line) == 0:
		c.Why = "its session names a ticket that there is not"
	}
}

// lost finds an attempt that left no record, after a plan with calls of the same service.
func (c Call) lost(line []ticket.Entry) (entry int, ok bool) {
	planned := false
	for _, e := range line {
		switch {
		case e.Kind == "plan" && e.At.Before(c.At.Add(skew)):
			var p effect.Plan
			planned = json.Unmarshal(e.Data, &p) == nil && plans(p, service(c.API))
		case planned && (e.Kind == "repeat" || e.Kind == "dropped") && e.At.After(c.At.Add(-skew)):
			return e.Seq, true
		}
	}
	return 0, false
}

func plans(p effect.Plan, service string) bool {
	for _, call := range p.Calls {
		for _, need := range call.Needs() {
			if strings.HasPrefix(need.Permission, service+":") {
				return true
			}
		}
	}
	return false
}

func service(api string) string {
	name, _, _ := strings.Cut(api, ":")
	return name
}
