package oncall

import (
	"time"

	"jobzero/internal/fault"
)

// Wish is what somebody wants changed in a rota, in the words of whoever asks: a form, a program. Make turns it into a change.
type Wish struct {
	Kind   Kind
	Rota   string       // empty: the first
	Seat   Seat         // of an override or a swap; empty: primary
	Person string       // who gets the seat, or is away; of a take empty: whoever asks
	From   time.Time    // of an override, and the first day of leave
	Until  time.Time    // of an override or a take; the last day of leave
	Times  [2]time.Time // of a swap: a time of each shift
	Change string       // of a withdrawal: the ID of what is taken back
}

// Make makes the change, or refuses it with everything that is wrong.
func (p *Plan) Make(w Wish, o Order) (Change, error) {
	if w.Seat == "" {
		w.Seat = Primary
	}
	switch w.Kind {
	case Override:
		return p.Override(o, Span{Seat: w.Seat, Person: w.Person, From: w.From, Until: w.Until})
	case Swap:
		return p.Swap(o, w.Seat, w.Times[0], w.Times[1])
	case Take:
		if w.Person == "" {
			w.Person = o.By
		}
		return p.Take(o, w.Person, w.Until)
	case Away:
		return p.LeaveDays(o, w.Person, w.From, w.Until)
	case Withdrawal:
		return p.Withdraw(o, w.Change)
	}
	return Change{}, fault.New(fault.Invalid, "%q is no change of a rota: want override, swap, take, leave or withdraw", w.Kind)
}
