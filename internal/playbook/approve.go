package playbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// digestOf names exactly what is planned: what, on what, and each call.
func digestOf(p effect.Plan) (string, error) {
	text, err := json.Marshal([]any{p.Action, p.Target, p.Calls})
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "describe the plan of %s", p.Action)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// agreed begins the effect of a step to which people have to agree, once they have agreed to exactly what is planned now.
func (d *Director) agreed(ctx context.Context, k desk, n *book.Node) (next, error) {
	s := k.run.step(n.ID)
	hash, err := digestOf(*s.Plan)
	if err != nil {
		return next{}, err
	}
	switch {
	case s.Ask == nil:
		return d.ask(ctx, k, n, Ask{Of: Words(*s.Plan), Hash: hash})
	case s.Ask.Hash != hash:
		return d.ask(ctx, k, n, Ask{Of: Words(*s.Plan) + "; the world has changed since it was asked before", Hash: hash})
	case len(s.Ask.Yes) < s.Ask.Need: // planned again for another reason
		s.State = StepAsking
		return d.record(ctx, k, note{kind: "asked", text: "Waits for people to agree: " + s.Ask.Of})
	}
	return d.beginEffect(ctx, k, n.ID)
}

// approval is what a step says of asking people.
func approval(n *book.Node) book.Approval {
	switch {
	case n.Step.Approval != nil:
		return *n.Step.Approval
	case n.Step.Approve != nil:
		return *n.Step.Approve
	}
	return book.Approval{}
}

// ask puts a question to people.
func (d *Director) ask(ctx context.Context, k desk, n *book.Node, q Ask) (next, error) {
	s, a := k.run.step(n.ID), approval(n)
	q.Need, q.Until = a.Need(), d.now().Add(a.Lasts())
	if a.Why != "" {
		q.Of = a.Why + ": " + q.Of
	}
	s.State, s.Ask = StepAsking, &q
	text := fmt.Sprintf("Asks %s to agree until %s: %s. `jobzero playbook approve %s %s` says yes, `deny` says no",
		people(q.Need), q.Until.UTC().Format("2006-01-02 15:04:05Z"), q.Of, k.run.ID, n.ID)
	return d.record(ctx, k, note{kind: "asked", text: text, data: s.Plan, why: "waits for a person's answer: " + q.Of})
}

func people(n int) string {
	if n == 1 {
		return "a person"
	}
	return fmt.Sprintf("%d people", n)
}

// asked looks at what people have answered.
func (d *Director) asked(ctx context.Context, k desk, n *book.Node) (next, error) {
	s, now := k.run.step(n.ID), d.now()
	switch q := s.Ask; {
	case q.No != nil:
		return d.end(ctx, k, n, outcome{state: StepFailed, text: q.No.Person + " said no" + reason(q.No.Reason)})
	case len(q.Yes) >= q.Need && n.Step.Approval != nil:
		return d.end(ctx, k, n, outcome{state: StepDone, text: voters(q.Yes) + " agreed"})
	case len(q.Yes) >= q.Need: // planned anew: only exactly what they agreed to is done
		s.State = StepWaiting
		return d.record(ctx, k, note{kind: "agreed", text: voters(q.Yes) + " agreed to step " + n.ID})
	case now.Before(q.Until):
		return next{again: q.Until}, nil
	case approval(n).Ends(n.Of.Contains) == book.Escalated:
		q.Escalated++
		q.Until = now.Add(approval(n).Lasts())
		return d.record(ctx, k, note{kind: "escalated", text: fmt.Sprintf("Nobody agreed to step %s in time, and it stops harm: asked for the %d. time, one level up", n.ID, q.Escalated+1)})
	default:
		return d.end(ctx, k, n, outcome{state: StepFailed, text: "nobody agreed in time, which is a no"})
	}
}

func voters(all []Vote) string {
	var out []string
	for _, v := range all {
		out = append(out, v.Person)
	}
	return strings.Join(out, " and ")
}

func reason(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}
