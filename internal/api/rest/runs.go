package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/playbook"
)

type runsAsked struct {
	State    []playbook.RunState `query:"state" maxItems:"8" enum:"running,verifying,undoing,planned,settled,gave-up,cancelled,undone"`
	Playbook string              `query:"playbook" maxLength:"200"`
	After    string              `query:"after" maxLength:"700"`
	Size     int                 `query:"size" minimum:"1" maximum:"500" default:"50"`
}

type answerStep struct {
	ID      string `path:"id" maxLength:"200"`
	Step    string `path:"step" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the answer counts only for that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    why
}

type playbookStore = playbook.Store

func (s *server) runs() {
	route(s, plainGet("list-runs", "/runs", auth.Look, "Runs of playbooks, the last begun first"), func(ctx context.Context, a asked[runsAsked]) (*answer[playbook.RunPage], error) {
		q := playbook.RunQuery{Playbook: a.in.Playbook, States: a.in.State, After: a.in.After, Size: a.in.Size}
		p, err := view(ctx, s.Store, func(tx Tx) (playbook.RunPage, error) { return tx.RunPage(ctx, q) })
		p.Runs = full(p.Runs)
		return &answer[playbook.RunPage]{Body: p}, err
	})
	route(s, plainGet("show-run", "/runs/{id}", auth.Look, "A run with its steps"), func(ctx context.Context, a asked[one]) (*answer[playbook.Run], error) {
		r, err := view(ctx, s.Store, func(tx Tx) (playbook.Run, error) { return tx.Run(ctx, a.in.ID) })
		return &answer[playbook.Run]{tag(r), r}, err
	})
	s.orders()
	s.answers()
}

// orders are what is asked of a run.
func (s *server) orders() {
	undo := func(ctx context.Context, st playbookStore, id string, o playbook.Order, now time.Time) error {
		_, err := playbook.RequestUndoRun(ctx, st, id, o, now)
		return err
	}
	for _, verb := range []struct {
		Route
		do func(context.Context, playbookStore, string, playbook.Order, time.Time) error
	}{
		{plainPost("pause-run", "/runs/{id}/pause", auth.Operate, "Hold a run"), playbook.Pause},
		{plainPost("resume-run", "/runs/{id}/resume", auth.Operate, "Let a paused run go on"), playbook.Resume},
		{plainPost("cancel-run", "/runs/{id}/cancel", auth.Operate, "End a run and leave its ticket to a person"), playbook.Cancel},
		{plainPost("undo-run", "/runs/{id}/undo", auth.Operate, "Ask for all that a run did to be taken back"), undo},
	} {
		route(s, verb.Route, func(ctx context.Context, a asked[change]) (*answer[playbook.Run], error) {
			w := runWrite{a.in.ID, a.in.IfMatch, verb.Verb, a.in.Body.Reason}
			return s.operate(ctx, a.who, w, func(st playbookStore, o playbook.Order) error { return verb.do(ctx, st, a.in.ID, o, a.now) })
		})
	}
}

// answers are what people answer to a step of a run.
func (s *server) answers() {
	for _, verb := range []struct {
		Route
		do  func(context.Context, playbookStore, playbook.Answer, time.Time) error
		yes bool
	}{
		{plainPost("approve-step", "/runs/{id}/steps/{step}/approve", auth.Approve, "Agree to a step that asks"), playbook.Respond, true},
		{plainPost("deny-step", "/runs/{id}/steps/{step}/deny", auth.Approve, "Say no to a step that asks"), playbook.Respond, false},
		{plainPost("finish-step", "/runs/{id}/steps/{step}/done", auth.Operate, "Say that a person's task is done"), playbook.Finish, true},
		{plainPost("fail-step", "/runs/{id}/steps/{step}/failed", auth.Operate, "Say that a person's task could not be done"), playbook.Finish, false},
	} {
		route(s, verb.Route, func(ctx context.Context, a asked[answerStep]) (*answer[playbook.Run], error) {
			w := runWrite{a.in.ID, a.in.IfMatch, verb.Verb, a.in.Body.Reason}
			return s.operate(ctx, a.who, w, func(st playbookStore, o playbook.Order) error {
				return verb.do(ctx, st, playbook.Answer{Run: a.in.ID, Step: a.in.Step, Yes: verb.yes, Order: o}, a.now)
			})
		})
	}
}

// runWrite is a write to a run.
type runWrite struct {
	id, ifMatch string
	verb        auth.Verb
	reason      string
}

// operate does something to a run whose ticket the visitor may do it to, if it is still as it was read.
func (s *server) operate(ctx context.Context, who auth.Visitor, w runWrite, do func(playbookStore, playbook.Order) error) (*answer[playbook.Run], error) {
	text, err := reason(w.reason)
	if err != nil {
		return nil, err
	}
	st := narrow[playbook.Tx]{s.Store, func(tx Tx) playbook.Tx { return tx }, func(ctx context.Context, tx Tx) error {
		r, err := tx.Run(ctx, w.id)
		if err != nil {
			return err
		}
		k, err := tx.Ticket(ctx, r.Ticket)
		if err != nil {
			return err
		}
		if err := may(who, w.verb, k.Owner.Team); err != nil {
			return err
		}
		return fits(w.ifMatch, r)
	}}
	if err := do(st, playbook.Order{Person: who.ID, Reason: text}); err != nil {
		return nil, err
	}
	r, err := view(ctx, s.Store, func(tx Tx) (playbook.Run, error) { return tx.Run(ctx, w.id) })
	return &answer[playbook.Run]{tag(r), r}, err
}
