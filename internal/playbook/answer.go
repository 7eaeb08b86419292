package playbook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Answer is what a person answers to a step of a run.
type Answer struct {
	Run  string
	Step string
	Yes  bool // agreed, or done
	Order
}

// Respond notes a person's answer to a step that asks. Nobody agrees to what they asked for themselves or are suspected of, nor twice.
func Respond(ctx context.Context, s Store, a Answer, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		r, t, err := runAndTicket(ctx, tx, a.Run)
		if err != nil {
			return err
		}
		step, err := waiting(&r, a.Step, StepAsking)
		if err != nil {
			return err
		}
		if a.Yes {
			if err := mayAgree(ctx, tx, r, a.Person); err != nil {
				return err
			}
		}
		if err := count(step.Ask, a, now); err != nil {
			return err
		}
		text := fmt.Sprintf("%s agrees to step %s (%d of %d)%s", a.Person, step.ID, len(step.Ask.Yes), step.Ask.Need, reason(a.Reason))
		if !a.Yes {
			text = fmt.Sprintf("%s says no to step %s%s", a.Person, step.ID, reason(a.Reason))
		}
		return answered(ctx, tx, &t, r, ticket.Entry{At: now, Actor: "person/" + a.Person, Kind: "answer", Text: text})
	})
}

func count(q *Ask, a Answer, now time.Time) error {
	v := Vote{Person: a.Person, Reason: a.Reason, At: now}
	switch {
	case !now.Before(q.Until):
		return fault.New(fault.Conflict, "the question stood until %s: it is too late to answer", q.Until.UTC().Format(time.RFC3339))
	case q.No != nil || len(q.Yes) >= q.Need:
		return fault.New(fault.Conflict, "the question is answered already")
	case !a.Yes:
		q.No = &v
		return nil
	}
	for _, y := range q.Yes {
		if strings.EqualFold(y.Person, a.Person) {
			return fault.New(fault.Denied, "%s has agreed already: another person has to", a.Person)
		}
	}
	q.Yes = append(q.Yes, v)
	return nil
}

// mayAgree keeps people from agreeing to what they asked for, and to what is done about what they did.
func mayAgree(ctx context.Context, tx Tx, r Run, person string) error {
	if r.Asker != "" && strings.EqualFold(r.Asker, person) {
		return fault.New(fault.Denied, "%s asked for this run: another person has to agree", person)
	}
	f, ok, err := tx.Finding(ctx, r.Finding)
	if err != nil || !ok {
		return err
	}
	if suspect(f, person) {
		return fault.New(fault.Denied, "the finding is about what %s did: another person has to agree", person)
	}
	return nil
}

// suspect reports whether a finding is about a person, by the name that ends the principal's ARN or the person it is about.
func suspect(f finding.Finding, person string) bool {
	if f.About != nil && strings.EqualFold(f.About.ID, person) {
		return true
	}
	name := f.Principal[strings.LastIndexAny(f.Principal, "/:")+1:]
	short, _, _ := strings.Cut(person, "@")
	return name != "" && (strings.EqualFold(name, person) || strings.EqualFold(name, short))
}

// Finish notes that a person has done the task of a step, or could not.
func Finish(ctx context.Context, s Store, a Answer, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		r, t, err := runAndTicket(ctx, tx, a.Run)
		if err != nil {
			return err
		}
		step, err := waiting(&r, a.Step, StepTasked)
		if err != nil {
			return err
		}
		step.State, step.Ended, step.Note = StepDone, now, "done by "+a.Person+reason(a.Reason)
		if !a.Yes {
			step.State, step.Note = StepFailed, a.Person+" could not do it"+reason(a.Reason)
		}
		return answered(ctx, tx, &t, r, ticket.Entry{At: now, Actor: "person/" + a.Person, Kind: "answer", Text: "Step " + step.ID + ": " + step.Note})
	})
}

func waiting(r *Run, id string, in StepState) (*Step, error) {
	step := r.step(id)
	switch {
	case step.ID == "":
		return nil, fault.New(fault.NotFound, "run %s has no step %q; `jobzero playbook show %s` lists them", r.ID, id, r.ID)
	case r.State != Running || step.State != in:
		return nil, fault.New(fault.Conflict, "step %s is %s in a run that is %s: it waits for nobody's answer", id, step.State, r.State)
	}
	return step, nil
}

// answered saves a run that a person has changed, with a line that says so, and wakes it.
func answered(ctx context.Context, tx Tx, t *ticket.Ticket, r Run, e ticket.Entry) error {
	if err := tx.SaveRun(ctx, r); err != nil {
		return err
	}
	if err := tx.AppendEntry(ctx, t, e); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Leg, string(t.ID), e.At)
}

// Pause holds a run: no step of it begins, and no call that has not been made is made. What was asked stays asked.
func Pause(ctx context.Context, s Store, id string, o Order, now time.Time) error {
	return change(ctx, s, id, given{o, now}, func(r *Run) (string, error) {
		if !r.unfinished() || r.Paused != "" {
			return "", fault.New(fault.Conflict, "run %s is %s%s: there is nothing to pause", id, r.State, paused(*r))
		}
		r.Paused = o.Person + reason(o.Reason)
		return "pauses playbook " + r.Playbook, nil
	})
}

// Resume lets a paused run go on.
func Resume(ctx context.Context, s Store, id string, o Order, now time.Time) error {
	return change(ctx, s, id, given{o, now}, func(r *Run) (string, error) {
		if r.Paused == "" {
			return "", fault.New(fault.Conflict, "run %s is %s and not paused", id, r.State)
		}
		r.Paused = ""
		return "lets playbook " + r.Playbook + " go on", nil
	})
}

func paused(r Run) string {
	if r.Paused == "" {
		return ""
	}
	return ", paused by " + r.Paused
}

// given is an order with the time at which it is given.
type given struct {
	Order
	at time.Time
}

// change is what a person does to a run.
func change(ctx context.Context, s Store, id string, by given, do func(*Run) (string, error)) error {
	o, now := by.Order, by.at
	return s.Update(ctx, func(tx Tx) error {
		r, t, err := runAndTicket(ctx, tx, id)
		if err != nil {
			return err
		}
		text, err := do(&r)
		if err != nil {
			return err
		}
		return answered(ctx, tx, &t, r, ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: "order", Text: o.Person + " " + text + reason(o.Reason)})
	})
}

// Cancel ends a run and leaves its ticket to a person. What was done stays done: RequestUndoRun takes it back.
func Cancel(ctx context.Context, s Store, id string, o Order, now time.Time) error {
	return change(ctx, s, id, given{o, now}, func(r *Run) (string, error) {
		if !r.unfinished() || r.Cancel != "" {
			return "", fault.New(fault.Conflict, "run %s is %s: there is nothing to cancel", id, r.State)
		}
		r.Paused, r.Cancel = "", "cancelled by "+o.Person+reason(o.Reason)
		return "cancels playbook " + r.Playbook, nil
	})
}
