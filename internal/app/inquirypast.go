package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// mostKin is how many of the latest findings are looked through for tickets near by.
const mostKin = 50

// history is what was done to the resource before, which tickets it has had, and how often this one was opened again.
func (h *House) history(ctx context.Context, f finding.Finding) (l learned, err error) {
	if f.Resource == nil {
		return l, fault.New(fault.NotFound, "the finding is about no resource")
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		made, err := tx.Effects(ctx, effect.Filter{Resource: f.Resource.Key(), Limit: mostActs})
		if err != nil {
			return err
		}
		effects, earlier := []map[string]any{}, []string{}
		for _, e := range made {
			effects = append(effects, map[string]any{"action": e.Plan.Action, "state": string(e.State), "at": e.Began, "effect": e.Key})
			l.links = append(l.links, "effect/"+e.Key)
		}
		reopened := 0
		for _, subject := range []string{f.Subject(), ticket.Routine(f.Subject()), f.Resource.Key()} {
			t, ok, err := tx.TicketOf(ctx, subject)
			if err != nil {
				return err
			}
			switch {
			case !ok:
			case string(t.ID) == f.Ticket:
				reopened = t.Reopened
			case !slices.Contains(earlier, string(t.ID)):
				earlier = append(earlier, string(t.ID))
				l.links = append(l.links, "ticket/"+string(t.ID))
			}
		}
		l.text = counted("nothing before", part{len(made), "effects of software on it"}, part{len(earlier), "other tickets about it"}, part{reopened, "times opened again"})
		l.data = map[string]any{"effects": effects, "earlier": earlier, "reopened": reopened}
		return nil
	})
	return l, err
}

// part is a number of things.
type part struct {
	n    int
	what string
}

// counted says the numbers that are not zero, or that there is nothing.
func counted(nothing string, parts ...part) string {
	var out []string
	for _, p := range parts {
		if p.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(out) == 0 {
		return nothing
	}
	return strings.Join(out, ", ")
}

// related are other open tickets around the time: of the same principal, of the same address, and of the account.
func (h *House) related(ctx context.Context, f finding.Finding) (l learned, err error) {
	source := ""
	if said, err := recordsOf(f); err == nil {
		source = said[0].SourceIP
	}
	kin := map[string][]string{"same_principal": {}, "same_source": {}, "same_account": {}}
	err = h.store.View(ctx, func(tx storeTx) error {
		for _, of := range []struct {
			name string
			kin  store.Kin
		}{{"same_principal", store.Kin{Principal: f.Principal}}, {"same_source", store.Kin{Source: source}}, {"same_account", store.Kin{Account: f.Account}}} {
			if of.kin == (store.Kin{}) {
				continue
			}
			of.kin.Since, of.kin.Until, of.kin.Most = f.Occurred.Add(-activityWindow), f.Occurred.Add(activityWindow), mostKin
			found, err := tx.Kin(ctx, of.kin)
			if err != nil {
				return err
			}
			for _, id := range found {
				if string(id) != f.Ticket && len(kin[of.name]) < mostActs {
					kin[of.name] = append(kin[of.name], string(id))
				}
			}
		}
		return nil
	})
	for _, id := range slices.Concat(kin["same_principal"], kin["same_source"]) { // of the account there may be many that have nothing to do with it
		l.links = append(l.links, "ticket/"+id)
	}
	l.text = counted("no other open ticket within a day", part{len(kin["same_principal"]), "other open tickets of the same principal"},
		part{len(kin["same_source"]), "of the same address"}, part{len(kin["same_account"]), "of the account, within a day"})
	l.data = kin
	return l, err
}

// waived is whether somebody has approved of it, and what else of the resource somebody has approved of.
func (h *House) waived(_ context.Context, f finding.Finding) (learned, error) {
	over := []string{}
	data := map[string]any{"live": false, "lapsed": false, "over": over}
	if f.Resource == nil {
		return learned{"nothing that can be waived", data, nil}, nil
	}
	now, k := h.clock.Now(), h.knowledge.Load()
	about := org.Waivable{Ref: *f.Resource, ARN: f.ARN, Tags: f.Tags}
	if len(k.Waivers.All()) > 0 {
		for _, id := range k.Expectations.IDs() {
			if e, ok := k.Expectations.One(id); !ok || !slices.Contains(e.Types, about.Type) {
				continue
			}
			if w, ok := k.Waivers.Of(id, about, now); ok && w.Live(now) {
				over = append(over, id)
			}
		}
	}
	data["over"] = over
	w, ok := k.Waivers.Of(f.By, about, now)
	switch {
	case f.Kind != finding.Expectation && len(over) > 0:
		return learned{fmt.Sprintf("%d expectations are waived of the resource", len(over)), data, nil}, nil
	case f.Kind != finding.Expectation || !ok:
		return learned{"nobody has waived it", data, nil}, nil
	case !w.Live(now):
		data["lapsed"] = true
		return learned{"a waiver has lapsed: " + waivedNote(w), data, nil}, nil
	}
	data["live"] = true
	return learned{waivedNote(w), data, nil}, nil
}

// refOf is what a finding is about for those who name resources by ARN or ID.
func refOf(f finding.Finding) string {
	switch {
	case f.ARN != "":
		return f.ARN
	case f.Resource == nil:
		return ""
	case f.Resource.Type == resource.Bucket:
		return "arn:aws:s3:::" + f.Resource.ID
	default:
		return f.Resource.ID
	}
}
