package notify

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Tried is what came of telling somebody by one channel, as a trial.
type Tried struct {
	Channel string `json:"channel"`
	Address string `json:"address,omitempty"`
	Taken   bool   `json:"taken"`
	Receipt string `json:"receipt,omitempty"`
	Why     string `json:"why,omitempty"` // not taken, or not tried
	Tried   bool   `json:"tried"`
}

// Try tells somebody by each channel that reaches them, and not only by the first: it keeps no row and tries nothing twice.
func Try(ctx context.Context, w Ways, m notice.Message, to notice.To, now time.Time) ([]Tried, error) {
	order, not, err := w.find(to, m)
	if err != nil {
		return nil, err
	}
	d, err := notice.Queue(m, to, now)
	if err != nil {
		return nil, err
	}
	var out []Tried
	for _, x := range order {
		one := Tried{Channel: x.channel.Name(), Address: x.to.Shown, Tried: true}
		l, err := letter(d, x, w.Templates, now)
		if err == nil {
			call, cancel := context.WithTimeout(ctx, patience)
			one.Receipt, err = x.channel.Send(call, l)
			cancel()
		}
		if one.Taken = err == nil; err != nil {
			one.Why = err.Error()
		}
		out = append(out, one)
	}
	for _, n := range not {
		out = append(out, Tried{Channel: n.channel, Why: n.why})
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "no channel reaches %s: set notify.smtp or another in the settings", to)
	}
	return out, nil
}
