package playbook

import (
	"context"
	"fmt"

	"jobzero/internal/fault"
)

// Canary is the first run of a version of a playbook in an account. Until it is verified no other one changes anything there.
type Canary struct {
	Playbook string `json:"playbook"`
	Account  string `json:"account"`
	Hash     string `json:"hash"` // of the definition
	Run      string `json:"run"`
	Proven   bool   `json:"proven"`
}

// canary holds an effect while another run of this version of the playbook is the first one in the account and is not verified yet. One
// that ended in another way hands its place to the next. What stops harm that is under way does not wait.
func (d *Director) canary(ctx context.Context, tx Tx, k desk) (hold, error) {
	if !d.config().Canary || k.def.Contains {
		return hold{}, nil
	}
	c, ok, err := tx.Canary(ctx, k.run.Playbook, k.next.Account, k.run.Hash)
	if err != nil || ok && (c.Proven || c.Run == k.run.ID) {
		return hold{}, err
	}
	if ok {
		first, err := tx.Run(ctx, c.Run)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return hold{}, err
		}
		if err == nil && first.unfinished() {
			why := fmt.Sprintf("playbook %s is new in account %s: its first run there, %s, has to be verified before others change anything", c.Playbook, c.Account, c.Run)
			return hold{reason: why, until: d.now().Add(d.config().pace())}, nil
		}
	}
	return hold{}, tx.SaveCanary(ctx, Canary{Playbook: k.run.Playbook, Account: k.next.Account, Hash: k.run.Hash, Run: k.run.ID})
}

// proven notes that the first run of a version of a playbook was verified.
func (d *Director) proven(ctx context.Context, tx Tx, k desk) error {
	c, ok, err := tx.Canary(ctx, k.run.Playbook, k.next.Account, k.run.Hash)
	if err != nil || !ok || c.Proven || c.Run != k.run.ID {
		return err
	}
	c.Proven = true
	return tx.SaveCanary(ctx, c)
}
