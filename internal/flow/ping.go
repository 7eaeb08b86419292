package flow

import (
	"context"

	"jobzero/internal/fault"
)

// Ping finds out whether the server answers, in one round trip.
func (m *motion) Ping(ctx context.Context) error {
	return fault.Wrap(fault.Unavailable, m.nc.FlushWithContext(ctx), "ask the bus")
}
