package notice

import "time"

// Attempt is one call of a channel.
type Attempt struct {
	Channel string    `json:"channel"`
	Address string    `json:"address"` // as far as it may be shown
	Round   int       `json:"round"`
	State   Outcome   `json:"state"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"`
	Receipt string    `json:"receipt,omitempty"` // the channel's own name of what it took
	Error   string    `json:"error,omitempty"`
}

// Outcome is what came of an attempt.
type Outcome string

// The outcomes. Trying is what a process that died leaves behind: nobody knows whether it was sent.
const (
	Trying  Outcome = "trying"
	Taken   Outcome = "taken"
	Later   Outcome = "later"   // it failed, and may be tried again
	Refused Outcome = "refused" // it failed for good
)

// Begin writes down that a channel is about to be called. After a process that died the call is made again, under the same name.
func (d *Delivery) Begin(channel, address string, now time.Time) {
	d.Why = ""
	if n := len(d.Attempts); n > 0 && d.Attempts[n-1].State == Trying && d.Attempts[n-1].Channel == channel {
		return
	}
	d.Attempts = append(d.Attempts, Attempt{Channel: channel, Address: address, Round: d.Round, State: Trying, Began: now})
}

// Done writes down what came of the call that was begun last.
func (d *Delivery) Done(o Outcome, receipt, errText string, now time.Time) {
	a := &d.Attempts[len(d.Attempts)-1]
	a.State, a.Receipt, a.Error, a.Ended = o, cut(receipt, mostFact), cut(errText, mostFact), now
	if o == Taken && d.State == Queued {
		d.State, d.Sent = Sent, now
	}
}

// Next is the channel to try now, of those in order; empty: none is left in this round. Spent says that no other round helps.
func (d *Delivery) Next(order []string) (channel string, spent bool) {
	spent = true
	for _, c := range order {
		refused, tried := false, false
		for _, a := range d.Attempts {
			if a.Channel != c {
				continue
			}
			refused = refused || a.State == Refused
			tried = tried || a.Round == d.Round && a.State != Trying
		}
		spent = spent && refused
		if !refused && !tried && channel == "" {
			channel = c
		}
	}
	return channel, spent
}

// Taken gives the attempts by which it was taken.
func (d *Delivery) Taken() (out []Attempt) {
	for _, a := range d.Attempts {
		if a.State == Taken {
			out = append(out, a)
		}
	}
	return out
}
