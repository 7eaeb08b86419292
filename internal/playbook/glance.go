package playbook

import (
	"context"
	"time"

	"jobzero/internal/finding"
)

// stillFresh is for how long a look counts within one call of Advance.
const stillFresh = time.Second

// glance is the last look of one call of Advance, which may go from investigating to planning within milliseconds.
type glance struct {
	finding finding.Fingerprint
	proof   Proof
	sight   Sight
	used    bool // a second time
}

// forget makes the next glimpse a look. It reports whether that may show something else than the last one.
func (g *glance) forget() bool {
	used := g.used
	*g = glance{}
	return used
}

// glimpse looks, unless this same call has just seen that it is still so. Nothing is settled on what was seen before: that
// always takes a look of its own, as does every read of the settle window; and an action plans on a read of its own.
func (d *Director) glimpse(ctx context.Context, k desk, p Proof) (Sight, error) {
	g := k.glance
	if g.finding == k.next.Fingerprint && g.proof == p && g.sight.Result == StillSo && d.now().Sub(g.sight.At) < stillFresh {
		g.used = true
		return g.sight, nil
	}
	sight, err := d.look(ctx, k, p)
	if err == nil {
		*g = glance{finding: k.next.Fingerprint, proof: p, sight: sight}
	}
	return sight, err
}
