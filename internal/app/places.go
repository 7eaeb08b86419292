package app

import (
	"context"
	"time"

	"jobzero/internal/gather"
	"jobzero/internal/inventory/identitystore"
)

const (
	keepPlaces = time.Hour       // for how long it is known where Identity Center is
	keepSets   = 5 * time.Minute // and how its permission sets are called
)

// places is where Identity Center is.
type places struct {
	found []identitystore.Instance
	until time.Time
}

// instances finds where Identity Center is: asking every account and region each time would be thousands of calls for what hardly ever
// changes. What is not all known is not kept.
func (h *House) instances(ctx context.Context, g gather.Gatherer) ([]identitystore.Instance, error) {
	now := h.clock.Now()
	h.leaving.Lock()
	known := h.leaving.at
	h.leaving.Unlock()
	if now.Before(known.until) {
		return known.found, nil
	}
	var found []identitystore.Instance
	whole, miss := true, g.Miss
	g.Miss = func(err error) error { whole = false; return miss(err) }
	for _, a := range h.config.Accounts {
		some, err := g.Instances(ctx, a.ID, a.Regions)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	if whole {
		h.leaving.Lock()
		h.leaving.at = places{found, now.Add(keepPlaces)}
		h.leaving.Unlock()
	}
	return found, nil
}
