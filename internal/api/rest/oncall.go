package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
)

// Duties is who is on duty, and how that passes on.
type Duties interface {
	Duty(ctx context.Context, rota string, at time.Time) (oncall.Duty, error)
	Turns(ctx context.Context, rota string, from, until time.Time) ([]oncall.Turn, error)
	Turn(ctx context.Context, id handoff.ID, turn func(handoff.Handoff) (handoff.Handoff, error)) (handoff.Handoff, error)
	ChangeRota(ctx context.Context, want oncall.Wish, o oncall.Order) (oncall.Change, error)
	WhoseRotas(ctx context.Context, want oncall.Wish) (teams []string, away string, err error)
}

type duties interface {
	Handoff(ctx context.Context, id handoff.ID) (handoff.Handoff, error)
	Handoffs(ctx context.Context, rota string, states []handoff.State, until time.Time, limit int) ([]handoff.Handoff, error)
	Changes(ctx context.Context, rota string, after time.Time) ([]oncall.Change, error)
}

type dutyAsked struct {
	Rota string    `query:"rota" maxLength:"200" doc:"Without it the first"`
	At   time.Time `query:"at" doc:"Without it now"`
}

type scheduleAsked struct {
	Rota string    `query:"rota" maxLength:"200" doc:"Without it the first"`
	From time.Time `query:"from" doc:"Without it now"`
	Days int       `query:"days" minimum:"1" maximum:"366" default:"7"`
}

type turnList struct {
	Turns []oncall.Turn `json:"turns"`
}

type handoffsAsked struct {
	Rota  string          `query:"rota" maxLength:"200"`
	State []handoff.State `query:"state" maxItems:"3" enum:"open,accepted,lapsed"`
	Size  int             `query:"size" minimum:"1" maximum:"500" default:"50"`
}

type handoffList struct {
	Handoffs []handoff.Handoff `json:"handoffs"`
}

type acceptAsked struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: it is accepted only as it was"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
}

type noteAsked struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the note is added only to that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    struct {
		Text string `json:"text" minLength:"1" maxLength:"8192" doc:"What the next person should know and no row tells"`
	}
}

func (s *server) oncall() {
	route(s, plainGet("show-duty", "/oncall", auth.Look, "Who is on duty"), func(ctx context.Context, a asked[dutyAsked]) (*answer[oncall.Duty], error) {
		at, err := when(a.in.At, a.now)
		if err != nil {
			return nil, err
		}
		d, err := s.Duties.Duty(ctx, a.in.Rota, at)
		return &answer[oncall.Duty]{Body: d}, err
	})
	route(s, plainGet("list-shifts", "/oncall/schedule", auth.Look, "The shifts to come, with what was changed"), func(ctx context.Context, a asked[scheduleAsked]) (*answer[turnList], error) {
		from, err := when(a.in.From, a.now)
		if err != nil {
			return nil, err
		}
		all, err := s.Duties.Turns(ctx, a.in.Rota, from, from.AddDate(0, 0, a.in.Days))
		return &answer[turnList]{Body: turnList{full(all)}}, err
	})
	route(s, plainGet("list-handoffs", "/oncall/handoffs", auth.Look, "Handoffs, the last one first"), func(ctx context.Context, a asked[handoffsAsked]) (*answer[handoffList], error) {
		all, err := view(ctx, s.Store, func(tx Tx) ([]handoff.Handoff, error) {
			return tx.Handoffs(ctx, a.in.Rota, a.in.State, time.Time{}, a.in.Size)
		})
		return &answer[handoffList]{Body: handoffList{full(all)}}, err
	})
	route(s, plainGet("show-handoff", "/oncall/handoffs/{id}", auth.Look, "A handoff with its document"), func(ctx context.Context, a asked[one]) (*answer[handoff.Handoff], error) {
		h, err := view(ctx, s.Store, func(tx Tx) (handoff.Handoff, error) { return tx.Handoff(ctx, handoff.ID(a.in.ID)) })
		return &answer[handoff.Handoff]{tag(h), h}, err
	})
	// Whom a handoff asks may accept it, whatever the role: it names them, up to the top.
	route(s, plainPost("accept-handoff", "/oncall/handoffs/{id}/accept", "", "Take duty over, as one whom the handoff asks"), func(ctx context.Context, a asked[acceptAsked]) (*answer[handoff.Handoff], error) {
		h, err := s.Duties.Turn(ctx, handoff.ID(a.in.ID), func(h handoff.Handoff) (handoff.Handoff, error) {
			if err := fits(a.in.IfMatch, h); err != nil {
				return h, err
			}
			return h.AcceptBy(a.who.ID, handoff.ByProgram, a.now)
		})
		return &answer[handoff.Handoff]{tag(h), h}, err
	})
	route(s, plainPost("note-handoff", "/oncall/handoffs/{id}/note", "", "Add a note, as one whom the handoff concerns or who may change the rota"), func(ctx context.Context, a asked[noteAsked]) (*answer[handoff.Handoff], error) {
		h, err := s.Duties.Turn(ctx, handoff.ID(a.in.ID), func(h handoff.Handoff) (handoff.Handoff, error) {
			if !h.Concerns(a.who.ID) && !a.who.May(auth.Duty, "") {
				return h, fault.New(fault.Denied, "handoff %s does not concern you", h.ID)
			}
			if err := fits(a.in.IfMatch, h); err != nil {
				return h, err
			}
			return h.Note(a.who.ID, a.in.Body.Text, a.now)
		})
		return &answer[handoff.Handoff]{tag(h), h}, err
	})
	s.rota()
}

// near is how far from now a time may be that is asked about.
const near = 10 * 366 * 24 * time.Hour

// when is a time that is asked about.
func when(at, now time.Time) (time.Time, error) {
	if at.IsZero() {
		return now, nil
	}
	if d := at.Sub(now); d > near || d < -near {
		return at, fault.New(fault.Invalid, "%s: want a time within ten years of now", at.Format(time.RFC3339))
	}
	return at.UTC(), nil
}
