package app

import (
	"context"
	"fmt"

	"jobzero/internal/config"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/baseline/atlas"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// baselineOptions are the learner's, by the settings. Evidence says where records are instead of holding them: they are not kept
// until their turn comes.
func baselineOptions(c config.Baselines) (baseline.Options, error) {
	o := baseline.Options{Budget: c.Budget, MaxEvidence: 1, Rows: true}
	if c.Mode == config.Off || len(c.Locations) == 0 {
		return o, nil
	}
	places, err := atlas.Open(c.Locations...)
	if err != nil {
		return o, fmt.Errorf("baselines.locations: %w", err)
	}
	o.Locator = places
	return o, nil
}

// Habits is a copy of what the learner of a store knows, to ask. An error is fault.NotFound when nothing was learnt.
func Habits(ctx context.Context, st *store.Store, c config.Config) (*baseline.Learner, error) {
	o, err := baselineOptions(c.Baselines)
	if err != nil {
		return nil, err
	}
	o.Rows = false
	var rows []baseline.Row
	err = st.View(ctx, func(tx *store.Tx) error {
		rows, err = tx.Habits(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "baselines have learnt nothing yet (baselines.mode is %s): name logs to learn from", c.Baselines.Mode)
	}
	return baseline.Load(o, rows)
}
