package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
)

const (
	activityWindow = 24 * time.Hour // before and after a finding
	mostActs       = 20             // of a principal that are told by name
	mostRelated    = 500            // open findings of an account that are looked through
)

// gather reads more about a finding for a playbook: one of book.Gatherers. It changes nothing. What nobody knows is an error that says so.
func (h *House) gather(ctx context.Context, what string, f finding.Finding) (playbook.Gathered, error) {
	read, ok := map[string]func(context.Context, finding.Finding) (string, any, error){
		"who": h.whoDid, "activity": h.activity, "first-seen": h.firstSeen, "history": h.history, "owner": h.ownerOf,
		"exposure": h.exposed, "related": h.related, "waivers": h.waived, "reach": h.reaches, "least": h.smaller, "denied": h.refusedSince,
	}[what]
	if !ok {
		return playbook.Gathered{}, fault.New(fault.Invalid, "nobody gathers %q", what)
	}
	text, data, err := read(ctx, f)
	if err != nil {
		return playbook.Gathered{}, err
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return playbook.Gathered{}, fault.Wrap(fault.Internal, err, "describe %s", what)
	}
	return playbook.Gathered{Text: text, Data: raw}, nil
}

// whoDid is who was behind it, as the sessions told when the event came.
func (h *House) whoDid(_ context.Context, f finding.Finding) (string, any, error) {
	for _, e := range slices.Backward(f.Evidence) {
		if e.Kind == "lineage" {
			return e.Text, map[string]any{"principal": f.Principal, "lineage": e.Data}, nil
		}
	}
	if f.Principal == "" {
		return "", nil, fault.New(fault.NotFound, "the finding names nobody")
	}
	return f.Principal, map[string]any{"principal": f.Principal}, nil
}

// acts is what the ledger has of a principal; empty when it has nothing, which says nothing about whether there was something.
func (h *House) acts(ctx context.Context, f finding.Finding, since, until time.Time) ([]ledger.Use, error) {
	if f.Principal == "" {
		return nil, fault.New(fault.NotFound, "the finding names nobody")
	}
	l, _, err := Ledger(ctx, h.store, f.Principal, ledger.Options{})
	if err != nil {
		return nil, err
	}
	if l.Counts().Events == 0 {
		return nil, fault.New(fault.NotFound, "no ledger of who did what is kept: ledger.days in the settings")
	}
	return l.Within(since, until).Used(f.Principal), nil
}

// activity is what else the principal did around the time, the most frequent first.
func (h *House) activity(ctx context.Context, f finding.Finding) (string, any, error) {
	used, err := h.acts(ctx, f, f.Occurred.Add(-activityWindow), f.Occurred.Add(activityWindow))
	if err != nil {
		return "", nil, err
	}
	calls, refused := 0, 0
	for _, u := range used {
		calls, refused = calls+u.Count, refused+u.Refused
	}
	slices.SortStableFunc(used, func(a, b ledger.Use) int { return b.Count - a.Count })
	var names []string
	for _, u := range used[:min(len(used), 5)] {
		names = append(names, fmt.Sprintf("%s %d times", u.Action, u.Count))
	}
	text := fmt.Sprintf("%d calls of %d kinds within a day of it, %d refused", calls, len(used), refused)
	if len(names) > 0 {
		text += ": " + strings.Join(names, ", ")
	}
	return text, map[string]any{"calls": calls, "refused": refused, "kinds": len(used), "acts": used[:min(len(used), mostActs)]}, nil
}

// firstSeen is what the principal did for the first time within a day before the finding.
func (h *House) firstSeen(ctx context.Context, f finding.Finding) (string, any, error) {
	used, err := h.acts(ctx, f, time.Time{}, time.Time{})
	if err != nil {
		return "", nil, err
	}
	known := len(used)
	used = slices.DeleteFunc(used, func(u ledger.Use) bool { return u.First.Before(f.Occurred.Add(-activityWindow)) })
	text := fmt.Sprintf("%d of %d things that it was seen to do are new since a day before", len(used), known)
	return text, map[string]any{"known": known, "new": len(used), "acts": used[:min(len(used), mostActs)]}, nil
}

// history is what was done to the resource before, and how often its ticket was opened again.
func (h *House) history(ctx context.Context, f finding.Finding) (text string, data any, err error) {
	if f.Resource == nil {
		return "", nil, fault.New(fault.NotFound, "the finding is about no resource")
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		made, err := tx.Effects(ctx, effect.Filter{Resource: f.Resource.Key(), Limit: mostActs})
		if err != nil {
			return err
		}
		t, _, err := tx.TicketOf(ctx, f.Subject())
		var before []map[string]any
		for _, e := range made {
			before = append(before, map[string]any{"action": e.Plan.Action, "state": string(e.State), "at": e.Began, "effect": e.Key})
		}
		text = fmt.Sprintf("%d things were done to it by software, its ticket was opened again %d times", len(made), t.Reopened)
		data = map[string]any{"effects": before, "reopened": t.Reopened}
		return err
	})
	return text, data, err
}

// ownerOf is who answers for the resource, and whom they report to.
func (h *House) ownerOf(_ context.Context, f finding.Finding) (string, any, error) {
	ref := resource.Ref{Account: f.Account, Region: f.Region}
	if f.Resource != nil {
		ref = *f.Resource
	}
	o := h.knowledge.Load().Org
	owner := o.OwnerOf(ref, f.Tags, f.ARN)
	if owner.Team == "" && owner.Person == "" {
		return "", nil, fault.New(fault.NotFound, "nobody is known to answer for it")
	}
	var chain []string
	for _, p := range o.Chain(owner.Person) {
		chain = append(chain, p.ID)
	}
	text := strings.TrimSpace(owner.Team + " " + owner.Person)
	if owner.Team != "" && owner.Person != "" {
		text = owner.Team + ", " + owner.Person
	}
	return text, map[string]any{"team": owner.Team, "person": owner.Person, "via": owner.Via, "chain": chain}, nil
}

// exposed is whom the resource lets in by itself.
func (h *House) exposed(_ context.Context, f finding.Finding) (string, any, error) {
	if f.ARN == "" {
		return "", nil, fault.New(fault.NotFound, "the resource's ARN is not known")
	}
	who, err := h.knowledge.Load().Access.Exposure(f.ARN)
	return "it lets in: " + who, map[string]any{"exposure": who}, err
}

// reaches is how far whoever did it comes.
func (h *House) reaches(_ context.Context, f finding.Finding) (string, any, error) {
	if f.Principal == "" {
		return "", nil, fault.New(fault.NotFound, "the finding names nobody")
	}
	r, err := h.knowledge.Load().Access.Reach(f.Principal)
	if err != nil {
		return "", nil, err
	}
	most, known := r["most"].(map[string]any)
	if !known {
		delete(r, "most") // what is cut off is not known
	}
	least, _ := r["least"].(map[string]any)
	text := fmt.Sprintf("score %v; at least %v accounts, %v principals, %v resources read", r["score"], least["accounts"], least["principals"], least["read"])
	if known {
		text += fmt.Sprintf("; at most %v accounts, %v principals, %v resources read", most["accounts"], most["principals"], most["read"])
	}
	return text, r, nil
}

// related are other open tickets with findings of the same principal, or in the same account at the time.
func (h *House) related(ctx context.Context, f finding.Finding) (text string, data any, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		open, err := tx.Findings(ctx, finding.Filter{Account: f.Account, Limit: mostRelated})
		if err != nil {
			return err
		}
		same, near := []string{}, []string{}
		add := func(to *[]string, id string) {
			if id != "" && id != f.Ticket && !slices.Contains(*to, id) && len(*to) < mostActs {
				*to = append(*to, id)
			}
		}
		for _, o := range open {
			if f.Principal != "" && o.Principal == f.Principal {
				add(&same, o.Ticket)
			} else if d := o.Occurred.Sub(f.Occurred).Abs(); d < activityWindow && o.State != finding.Done {
				add(&near, o.Ticket)
			}
		}
		text = fmt.Sprintf("%d other tickets about the same principal, %d open ones of the account within a day", len(same), len(near))
		data = map[string]any{"same_principal": same, "same_account": near}
		return nil
	})
	return text, data, err
}

// waived is whether somebody has approved of it.
func (h *House) waived(_ context.Context, f finding.Finding) (string, any, error) {
	if f.Resource == nil || f.Kind != finding.Expectation {
		return "nothing that can be waived", map[string]any{"live": false}, nil
	}
	now := h.clock.Now()
	w, ok := h.knowledge.Load().Waivers.Of(f.By, org.Waivable{Ref: *f.Resource, ARN: f.ARN, Tags: f.Tags}, now)
	switch {
	case !ok:
		return "nobody has waived it", map[string]any{"live": false}, nil
	case !w.Live(now):
		return "a waiver has lapsed: " + waivedNote(w), map[string]any{"live": false, "lapsed": true}, nil
	}
	return waivedNote(w), map[string]any{"live": true}, nil
}
