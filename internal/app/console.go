package app

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"jobzero/internal/api"
	"jobzero/internal/console"
	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// openable is the door with the console behind it.
func (h *House) openable(version string) (*api.Server, error) {
	o := h.doorOptions(version)
	if !h.config.Console.Off {
		var err error
		if o.Console, err = h.console(version); err != nil {
			return nil, err
		}
	}
	return api.New(o), nil
}

// console makes the pages for people.
func (h *House) console(version string) (http.Handler, error) {
	ctx, cancel := context.WithCancel(context.Background())
	h.counting.ctx = ctx //nolint:fatcontext // once a house
	h.onStop("counting", func(context.Context) error { cancel(); h.counting.wait.Wait(); return nil })
	forecasts := newForecasts(h)
	h.onStop("forecasts", forecasts.stop)
	return console.New(console.Options{
		Reader:    store.In(h.store, func(tx *store.Tx) console.Tx { return tx }),
		Keeper:    store.In(h.store, func(tx *store.Tx) console.Shelf { return tx }),
		Triage:    store.In(h.store, func(tx *store.Tx) triage.Tx { return tx }),
		Playbooks: store.In(h.store, func(tx *store.Tx) playbook.Tx { return tx }),
		Knowledge: h.known, Visitors: h.visitors(), Duty: h.dutiesNow, Shifts: h.shifts,
		Reporting: h.reporting(), Explain: h.explained, Forecasts: forecasts,
		OnCall: h, Desk: pager.Desk{Store: PageStore(h.store), Carrier: h.wayToPeople()}, Strangers: h.gate,
		Road: h.roadNow, Rates: h.rates, Replay: h.replay, Now: h.clock.Now, Version: version, Log: h.log, Secure: h.config.Auth.TLS(),
	})
}

// visitors are those who sign in. As long as the settings have no way to, whoever works on this machine may look too.
func (h *House) visitors() console.Visitors {
	if h.config.Auth.Ready() {
		return console.Signed{}
	}
	return console.Signed{Else: console.Local{Person: h.config.Console.Person}}
}

// known is what people have written, for the console.
func (h *House) known() console.Knowledge {
	k := h.knowledge.Load()
	out := console.Knowledge{Expectation: k.Expectations.One, Playbooks: k.Playbooks, Waivers: k.Waivers.All(), Accounts: map[string]string{}}
	rules := make([]detect.Rule, 0, len(k.set.Rules)+len(k.set.Correlations))
	for _, r := range k.set.Rules {
		rules = append(rules, r.Rule)
	}
	for _, c := range k.set.Correlations {
		rules = append(rules, c.Rule)
	}
	out.Rules = rules
	for _, a := range h.config.Accounts {
		out.Accounts[a.ID] = a.Name
	}
	for _, a := range k.Org.Accounts {
		out.Accounts[a.ID] = cmp.Or(out.Accounts[a.ID], a.Name)
	}
	return out
}

// roadNow is the road as it is at this moment: what waits, from the store, and what this process has carried.
func (h *House) roadNow(ctx context.Context) ([]console.Leg, error) {
	waits, err := h.store.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]flow.Backlog{}
	for _, b := range waits {
		by[b.Leg] = b
	}
	var out []console.Leg
	now := h.clock.Now()
	for _, l := range h.legs() {
		x := console.Leg{Leg: l, Waiting: by[l.Name].Pending, Poisoned: by[l.Name].Poisoned}
		if due := by[l.Name].OldestDue; !due.IsZero() && due.Before(now) {
			x.Lag = now.Sub(due).Truncate(time.Second)
		}
		h.pace.fill(&x)
		out = append(out, x)
	}
	return out, nil
}

// replay tries to read a dead letter again, and says what came of it in a word of the console.
func (h *House) replay(ctx context.Context, id string) (string, error) {
	d, err := (&Postman{h.intake, h.logs, h.clock.Now}).Deliver(ctx, id)
	if err == nil && d.State == event.Dead {
		return "dead", nil
	}
	return "replayed", err
}
