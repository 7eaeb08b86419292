package rest

import (
	"context"

	"jobzero/internal/auth"
	"jobzero/internal/effect"
	"jobzero/internal/playbook"
)

type switchAsked struct {
	IfMatch string `header:"If-Match" maxLength:"200"`
	Key     string `header:"Idempotency-Key" maxLength:"200"`
	Body    why
}

func (s *server) enforcing() {
	now := func(ctx context.Context) (*answer[effect.Brake], error) {
		b, err := view(ctx, s.Store, func(tx Tx) (effect.Brake, error) { return tx.Brake(ctx, playbook.EnforcementBrake) })
		return &answer[effect.Brake]{tag(b), b}, err
	}
	route(s, plainGet("show-enforcing", "/enforcing", auth.Look, "Whether all enforcing is stopped"), func(ctx context.Context, _ asked[struct{}]) (*answer[effect.Brake], error) {
		return now(ctx)
	})
	for _, verb := range []struct {
		Route
		on bool
	}{
		{plainPost("stop-enforcing", "/enforcing/stop", auth.Stop, "Stop every change to the world, at once"), true},
		{plainPost("resume-enforcing", "/enforcing/resume", auth.Resume, "Let changes go on where the settings say so"), false},
	} {
		route(s, verb.Route, func(ctx context.Context, a asked[switchAsked]) (*answer[effect.Brake], error) {
			text, err := reason(a.in.Body.Reason)
			if err != nil {
				return nil, err
			}
			st := narrow[playbook.Tx]{s.Store, func(tx Tx) playbook.Tx { return tx }, func(ctx context.Context, tx Tx) error {
				b, err := tx.Brake(ctx, playbook.EnforcementBrake)
				if err != nil {
					return err
				}
				return fits(a.in.IfMatch, b)
			}}
			do := playbook.ResumeEnforcing
			if verb.on {
				do = playbook.StopEnforcing
			}
			if err := do(ctx, st, playbook.Order{Person: a.who.ID, Reason: text}, a.now); err != nil {
				return nil, err
			}
			return now(ctx)
		})
	}
}
