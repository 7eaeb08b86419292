package rest

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

type changesAsked struct {
	Rota string    `query:"rota" maxLength:"200" doc:"Only those of this rota, and leave"`
	From time.Time `query:"from" doc:"Those that are not over then; without it now"`
}

type changeList struct {
	Changes []oncall.Change `json:"changes"`
}

// Because is who changes a rota why, and what is wanted nevertheless.
type Because struct {
	Reason string             `json:"reason" minLength:"1" maxLength:"1000" doc:"Why, in one line: others will read it"`
	Accept []oncall.FaultKind `json:"accept,omitempty" maxItems:"3" enum:"night,rest,leave" doc:"What is wanted nevertheless"`
}

// Keyed is a write that may be sent again.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
}

type overrideAsked struct {
	Keyed
	Body struct {
		Because

		Rota   string      `json:"rota,omitempty" maxLength:"200" doc:"Without it the first"`
		Seat   oncall.Seat `json:"seat,omitempty" enum:"primary,secondary" default:"primary"`
		Person string      `json:"person" minLength:"1" maxLength:"200"`
		From   time.Time   `json:"from"`
		Until  time.Time   `json:"until"`
	}
}

type swapAsked struct {
	Keyed
	Body struct {
		Because

		Rota   string      `json:"rota,omitempty" maxLength:"200" doc:"Without it the first"`
		Seat   oncall.Seat `json:"seat,omitempty" enum:"primary,secondary" default:"primary"`
		First  time.Time   `json:"first" doc:"A time of the one shift"`
		Second time.Time   `json:"second" doc:"A time of the other"`
	}
}

type takeAsked struct {
	Keyed
	Body struct {
		Because

		Rota   string    `json:"rota,omitempty" maxLength:"200" doc:"Without it the first"`
		Person string    `json:"person,omitempty" maxLength:"200" doc:"Without it whoever asks"`
		Until  time.Time `json:"until,omitempty" doc:"Without it the end of the shift"`
	}
}

type leaveAsked struct {
	Keyed
	Body struct {
		Because

		Person string `json:"person" minLength:"1" maxLength:"200"`
		First  string `json:"first" format:"date" doc:"The first day, where the person sits"`
		Last   string `json:"last" format:"date" doc:"The last day"`
	}
}

type withdrawAsked struct {
	Keyed
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag of the change, as any other write"`
	Body    struct{ Because }
}

// rota are changes of who is on duty. What would leave a seat empty is refused with the gap.
func (s *server) rota() {
	route(s, plainGet("list-rota-changes", "/oncall/changes", auth.Look, "Overrides, swaps, takes, leave and withdrawals that are not over"), func(ctx context.Context, a asked[changesAsked]) (*answer[changeList], error) {
		from, err := when(a.in.From, a.now)
		if err != nil {
			return nil, err
		}
		all, err := view(ctx, s.Store, func(tx Tx) ([]oncall.Change, error) { return tx.Changes(ctx, a.in.Rota, from) })
		return &answer[changeList]{Body: changeList{full(all)}}, err
	})
	route(s, plainGet("show-rota-change", "/oncall/changes/{id}", auth.Look, "A change of a rota that is not over"), func(ctx context.Context, a asked[one]) (*answer[oncall.Change], error) {
		c, err := s.changeOf(ctx, a.in.ID, a.now)
		return &answer[oncall.Change]{tag(c), c}, err
	})
	route(s, plainPost("override-rota", "/oncall/override", auth.Duty, "Give somebody a seat for a time"), func(ctx context.Context, a asked[overrideAsked]) (*answer[oncall.Change], error) {
		b := a.in.Body
		return s.amend(ctx, a.who, oncall.Wish{Kind: oncall.Override, Rota: b.Rota, Seat: b.Seat, Person: b.Person, From: b.From, Until: b.Until}, b.Because)
	})
	route(s, plainPost("swap-shifts", "/oncall/swap", auth.Duty, "Have two people have each other's shifts"), func(ctx context.Context, a asked[swapAsked]) (*answer[oncall.Change], error) {
		b := a.in.Body
		return s.amend(ctx, a.who, oncall.Wish{Kind: oncall.Swap, Rota: b.Rota, Seat: b.Seat, Times: [2]time.Time{b.First, b.Second}}, b.Because)
	})
	route(s, plainPost("take-duty", "/oncall/take", auth.Duty, "Be primary from now on"), func(ctx context.Context, a asked[takeAsked]) (*answer[oncall.Change], error) {
		b := a.in.Body
		return s.amend(ctx, a.who, oncall.Wish{Kind: oncall.Take, Rota: b.Rota, Person: b.Person, Until: b.Until}, b.Because)
	})
	route(s, plainPost("take-leave", "/oncall/leave", "", "Say that somebody is away: yourself, or whoever sits in a rota that you may change"), func(ctx context.Context, a asked[leaveAsked]) (*answer[oncall.Change], error) {
		b := a.in.Body
		w := oncall.Wish{Kind: oncall.Away, Person: b.Person}
		for text, into := range map[string]*time.Time{b.First: &w.From, b.Last: &w.Until} {
			day, err := time.Parse(time.DateOnly, text)
			if err != nil {
				return nil, fault.New(fault.Invalid, "%q is no day: write it as 2026-12-24", text)
			}
			*into = day
		}
		if b.First == b.Last {
			w.From = w.Until
		}
		return s.amend(ctx, a.who, w, b.Because)
	})
	route(s, plainPost("withdraw-rota-change", "/oncall/changes/{id}/withdraw", "", "Take a change back from now on"), func(ctx context.Context, a asked[withdrawAsked]) (*answer[oncall.Change], error) {
		c, err := s.changeOf(ctx, a.in.ID, a.now)
		if err != nil {
			return nil, err
		}
		if err := fits(a.in.IfMatch, c); err != nil {
			return nil, err
		}
		return s.amend(ctx, a.who, oncall.Wish{Kind: oncall.Withdrawal, Change: a.in.ID}, a.in.Body.Because)
	})
}

func (s *server) changeOf(ctx context.Context, id string, now time.Time) (oncall.Change, error) {
	return view(ctx, s.Store, func(tx Tx) (oncall.Change, error) {
		all, err := tx.Changes(ctx, "", now)
		if err != nil {
			return oncall.Change{}, err
		}
		i := slices.IndexFunc(all, func(c oncall.Change) bool { return c.ID == id })
		if i < 0 {
			return oncall.Change{}, fault.New(fault.NotFound, "there is no change %s that is not over", id)
		}
		return all[i], nil
	})
}

// amend changes a rota for whoever may with all rotas that it is about, or for whoever is away by it.
func (s *server) amend(ctx context.Context, who auth.Visitor, w oncall.Wish, b Because) (*answer[oncall.Change], error) {
	text, err := reason(b.Reason)
	if err != nil {
		return nil, err
	}
	teams, away, err := s.Duties.WhoseRotas(ctx, w)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		if away == "" || away != who.ID {
			if err := may(who, auth.Duty, t); err != nil {
				return nil, err
			}
		}
	}
	c, err := s.Duties.ChangeRota(ctx, w, oncall.Order{By: who.ID, Why: text, Accept: b.Accept})
	return &answer[oncall.Change]{tag(c), c}, err
}
