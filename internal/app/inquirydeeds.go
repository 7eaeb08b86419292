package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

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

// activity is what else the principal did around the time, the most frequent first. The ledger folds by principal: what one address did is
// told by the tickets with findings of it, and not call by call.
func (h *House) activity(ctx context.Context, f finding.Finding) (learned, error) {
	used, err := h.acts(ctx, f, f.Occurred.Add(-activityWindow), f.Occurred.Add(activityWindow))
	if err != nil {
		return learned{}, err
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
	return learned{text, map[string]any{"calls": calls, "refused": refused, "kinds": len(used), "acts": used[:min(len(used), mostActs)]}, nil}, nil
}

// firstSeen is what the principal did for the first time within a day before the finding.
func (h *House) firstSeen(ctx context.Context, f finding.Finding) (learned, error) {
	used, err := h.acts(ctx, f, time.Time{}, time.Time{})
	if err != nil {
		return learned{}, err
	}
	known := len(used)
	used = slices.DeleteFunc(used, func(u ledger.Use) bool { return u.First.Before(f.Occurred.Add(-activityWindow)) })
	text := fmt.Sprintf("%d of %d things that it was seen to do are new since a day before", len(used), known)
	return learned{text, map[string]any{"known": known, "new": len(used), "acts": used[:min(len(used), mostActs)]}, nil}, nil
}
