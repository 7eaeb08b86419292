package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store/db"
)

// Canary gives the first run of a version of a playbook in an account, false when there was none.
func (t *Tx) Canary(ctx context.Context, name, account, hash string) (playbook.Canary, bool, error) {
	doc, err := t.q.Canary(ctx, db.CanaryParams{Playbook: column(name), Account: column(account), Hash: column(hash)})
	if errors.Is(err, sql.ErrNoRows) {
		return playbook.Canary{}, false, nil
	}
	if err != nil {
		return playbook.Canary{}, false, t.s.fail(err, "read the first run of playbook "+name)
	}
	c, err := decode[playbook.Canary]("the first run of playbook "+name, doc)
	return c, err == nil, err
}

// SaveCanary puts the first run of a version of a playbook in, or replaces it.
func (t *Tx) SaveCanary(ctx context.Context, c playbook.Canary) error {
	doc, err := encode("the first run of playbook "+c.Playbook, c)
	if err != nil {
		return err
	}
	row := db.Canary{Playbook: column(c.Playbook), Account: column(c.Account), Hash: column(c.Hash), Doc: doc}
	t.seal(canaryName(row), rowSum(canaryName(row), doc))
	err = t.q.SaveCanary(ctx, db.SaveCanaryParams(row))
	return t.s.fail(err, "save the first run of playbook "+c.Playbook)
}

// Fleet counts the resources of a type in an account, as far as they were read.
func (t *Tx) Fleet(ctx context.Context, of resource.Ref) (int, error) {
	n, err := t.q.Fleet(ctx, db.FleetParams{Account: column(of.Account), Type: column(string(of.Type))})
	return int(n), t.s.fail(err, "count the resources of type "+string(of.Type))
}
