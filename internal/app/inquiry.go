package app

import (
	"context"
	"encoding/json"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
)

const (
	activityWindow = 24 * time.Hour  // before and after a finding
	mostActs       = 20              // of a principal that are told by name
	gatherPatience = 5 * time.Second // for one thing that is read
)

// learned is what was read about a finding.
type learned struct {
	text  string
	data  any
	links []string // what anybody can look at again: event/ID, ticket/ID or effect/KEY
}

// gather reads more about a finding: one of book.Gatherers. It changes nothing. What nobody knows is an error that says so.
func (h *House) gather(ctx context.Context, what string, f finding.Finding) (playbook.Gathered, error) {
	read, ok := map[string]func(context.Context, finding.Finding) (learned, error){
		"who": h.whoDid, "event": h.happened, "activity": h.activity, "first-seen": h.firstSeen, "history": h.history, "owner": h.ownerOf,
		"exposure": h.exposed, "related": h.related, "waivers": h.waived, "reach": h.reaches,
		"ours": h.ourOwn, "tools": h.byTool, "changes": h.inChange, "break-glass": h.byGlass,
		"least": h.smaller, "denied": h.refusedSince,
	}[what]
	if !ok {
		return playbook.Gathered{}, fault.New(fault.Invalid, "nobody gathers %q", what)
	}
	ctx, cancel := context.WithTimeout(ctx, gatherPatience)
	defer cancel()
	l, err := read(ctx, f)
	if err != nil {
		return playbook.Gathered{}, err
	}
	raw, err := json.Marshal(l.data)
	if err != nil {
		return playbook.Gathered{}, fault.Wrap(fault.Internal, err, "describe %s", what)
	}
	return playbook.Gathered{Text: l.text, Data: raw, Links: l.links}, nil
}
