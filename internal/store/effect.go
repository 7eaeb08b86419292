package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/store/db"
)

// Effect gives the effect of a key, false when there is none.
func (t *Tx) Effect(ctx context.Context, key string) (effect.Effect, bool, error) {
	doc, err := t.q.Effect(ctx, column(key))
	if errors.Is(err, sql.ErrNoRows) {
		return effect.Effect{}, false, nil
	}
	if err != nil {
		return effect.Effect{}, false, t.s.fail(err, "read effect "+key)
	}
	e, err := decode[effect.Effect]("effect "+key, doc)
	return e, err == nil, err
}

// SaveEffect puts an effect in or replaces the one of its key.
func (t *Tx) SaveEffect(ctx context.Context, e effect.Effect) error {
	doc, err := encode("effect "+e.Key, e)
	if err != nil {
		return err
	}
	row := db.Effect{
		EffectKey: column(e.Key), Ticket: column(e.Ticket), Run: column(e.Run), Playbook: column(e.Playbook),
		Account: column(e.Account), Resource: column(e.Plan.Target.Ref.Key()), State: column(string(e.State)),
		BeganAt: stamp(e.Began), Doc: doc, Shuts: column(string(e.Plan.Shuts)),
	}
	t.seal(effectName(row), effectSum(row))
	err = t.q.SaveEffect(ctx, db.SaveEffectParams(row))
	return t.s.fail(err, "save effect "+e.Key)
}

// Effects lists effects, the last begun first.
func (t *Tx) Effects(ctx context.Context, f effect.Filter) ([]effect.Effect, error) {
	docs, err := t.effects(ctx, f)
	if err != nil {
		return nil, t.s.fail(err, "list effects")
	}
	return decodeAll[effect.Effect]("effect", docs)
}

// EffectsThatShut lists effects that are done and have taken credentials out of use, begun since then, the last begun first.
func (t *Tx) EffectsThatShut(ctx context.Context, since time.Time, limit int) ([]effect.Effect, error) {
	docs, err := t.q.EffectsThatShut(ctx, db.EffectsThatShutParams{Since: stamp(since), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list effects that shut credentials")
	}
	return decodeAll[effect.Effect]("effect", docs)
}

// effects asks the query whose index fits the filter best.
func (t *Tx) effects(ctx context.Context, f effect.Filter) ([]string, error) {
	run, playbook, account := column(f.Run), column(f.Playbook), column(f.Account)
	states, since, limit := words(f.States), stamp(f.Since), most(f.Limit)
	switch {
	case f.Ticket != "":
		return t.q.EffectsOfTicket(ctx, db.EffectsOfTicketParams{
			Ticket: column(f.Ticket), Run: run, Playbook: playbook, Account: account, Resource: column(f.Resource),
			States: states, Since: since, Most: limit,
		})
	case f.Resource != "":
		return t.q.EffectsOnResource(ctx, db.EffectsOnResourceParams{
			Resource: column(f.Resource), Run: run, Playbook: playbook, Account: account,
			States: states, Since: since, Most: limit,
		})
	default:
		return t.q.EffectsSince(ctx, db.EffectsSinceParams{
			Run: run, Playbook: playbook, Account: account, States: states, Since: since, Most: limit,
		})
	}
}

// CountEffects counts the effects begun since then by a playbook in an account; empty names count all.
func (t *Tx) CountEffects(ctx context.Context, playbook, account string, since time.Time) (int, error) {
	var n int64
	var err error
	if playbook != "" && account != "" {
		n, err = t.q.CountEffectsOf(ctx, db.CountEffectsOfParams{Playbook: column(playbook), Account: column(account), Since: stamp(since)})
	} else {
		n, err = t.q.CountEffects(ctx, db.CountEffectsParams{Playbook: column(playbook), Account: column(account), Since: stamp(since)})
	}
	return int(n), t.s.fail(err, "count effects")
}
