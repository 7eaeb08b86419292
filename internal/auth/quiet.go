package auth

import (
	"net/http"

	"jobzero/internal/fault"
)

// Quietly is who asks, false when that is nobody, and leaves no trace: nothing is written, not even that the session is in use. It is for
// doors where people may say something without their names. A token is nobody there.
func (g *Gate) Quietly(r *http.Request) (Visitor, bool, error) {
	secret := g.shown(r)
	if secret == "" {
		return Visitor{}, false, nil
	}
	ctx, now := r.Context(), g.Now()
	var v Visitor
	err := g.Store.View(ctx, func(tx Tx) error {
		s, err := tx.Visit(ctx, hash(secret))
		if err != nil {
			return err
		}
		if now.Sub(s.Seen) >= g.Config.Idle || !now.Before(s.Ends) {
			return fault.New(fault.Denied, "the session has ended")
		}
		v, err = g.is(ctx, s)
		return err
	})
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
		return Visitor{}, false, nil
	}
	return v, err == nil, err
}

// Source is where a request comes from, as limits count it: an address, or the network that one subscriber has in IPv6. It is for comparing and
// not for keeping.
func (g *Gate) Source(r *http.Request) string { return source(g.address(r)) }
