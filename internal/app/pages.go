package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

// Escalation is the policy that the settings name, or else the built-in one, held against the organisation.
func Escalation(c config.Config, people *org.Org) (p escalate.Policy, err error) {
	if c.Escalation == "" {
		p, err = escalate.Default()
	} else {
		var text []byte
		if text, err = os.ReadFile(c.Escalation); err != nil {
			return p, fault.Path(err, c.Escalation, "a policy: jobzero page policy --text shows the built-in one")
		}
		p, err = escalate.Parse(c.Escalation, text)
	}
	if err == nil {
		err = p.Against(people)
	}
	return p, err
}

// joinPager makes what carries pages out.
func (h *House) joinPager() {
	h.pager = pager.New(pager.Options{
		Store: PageStore(h.store), Roster: roster{h}, Carrier: h.wayToPeople(),
		Policy: func() escalate.Policy { return h.knowledge.Load().Escalation },
		Org:    func() *org.Org { return h.knowledge.Load().Org },
		NewID:  func(now time.Time) escalate.ID { return escalate.ID(newULID(now)) }, Now: h.clock.Now,
	})
}

// pagerLeg passes pages on.
func (h *House) pagerLeg() flow.Leg {
	leg := flow.Via(pager.Leg, "tickets", h.pager.Advance, "pages")
	leg.Workers = pager.Workers
	return leg
}

// PageStore is the store as pages need it.
func PageStore(s *store.Store) pager.Store {
	return store.In(s, func(tx *store.Tx) pager.Tx { return tx })
}

// planPages has it looked at what no ticket wakes anybody for.
func (h *House) planPages(ctx context.Context) error {
	return errors.Join(h.later(ctx, pager.Leg, pager.Overdue, 0), h.later(ctx, pager.Leg, pager.Clock, 0))
}

// unpaged keeps a timer going that has failed too often: a page that is put aside would tell nobody any more.
func (h *House) unpaged(ctx context.Context, ref string) error {
	return h.later(ctx, pager.Leg, ref, time.Minute)
}

// roster says who is on duty by the rotas that are loaded.
type roster struct{ h *House }

// OnDuty gives both who are. The people of the built-in rota are made up: nobody could be called.
func (r roster) OnDuty(ctx context.Context, rota string, at time.Time) (primary, secondary string, err error) {
	d, err := r.h.Duty(ctx, rota, at)
	switch {
	case err != nil:
		return "", "", err
	case d.Sample:
		return "", "", fault.New(fault.NotFound, "the built-in rota has made-up people: write one and name it under oncall.rota")
	case d.Primary.Person == "":
		return "", d.Secondary.Person, fault.New(fault.NotFound, "rota %s has nobody on duty", d.Rota)
	}
	return d.Primary.Person, d.Secondary.Person, nil
}

// Zone is that of the first rota in which somebody is a member.
func (r roster) Zone(person string) *time.Location {
	set := r.h.knowledge.Load().Rotas
	for _, name := range set.Rotas() {
		p, err := set.Plan(name, oncall.Facts{})
		if err != nil {
			continue
		}
		if z := p.Zone(person); z != nil {
			return z
		}
	}
	return nil
}

// escalation loads the policy.
func (k *Knowledge) escalation(c config.Config) (err error) {
	if k.Escalation, err = Escalation(c, k.Org); err != nil {
		return fmt.Errorf("escalation: %w", err)
	}
	return nil
}
