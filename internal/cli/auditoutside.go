package cli

import (
	"context"
	"crypto"
	"time"

	"jobzero/internal/anchor"
	"jobzero/internal/app"
	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// auditedOutside is what came of holding the chain against its checkpoints.
type auditedOutside struct {
	Held    int       `json:"held"`              // checkpoints that the chain has all of
	Upto    int64     `json:"upto"`              // the last link that one of them is of
	At      time.Time `json:"at,omitzero"`       // when that was written
	Beyond  int64     `json:"beyond"`            // links since then, which no checkpoint vouches for
	Strange []string  `json:"strange,omitempty"` // objects that the key has not signed, the first few
	Stray   int       `json:"stray,omitempty"`   // how many of those there are
}

const fewStrange = 5

func (o *auditedOutside) lines() (out []string) {
	if o == nil {
		return nil
	}
	if o.Held > 0 {
		say(&out, "Checkpoints: %s, the last of link %d at %s; %s since then.", plural(o.Held, "checkpoint"), o.Upto, instant(o.At), plural(int(o.Beyond), "link"))
	}
	if o.Stray > 0 {
		say(&out, "No checkpoints: %s that the key has not signed, such as %s.", plural(o.Stray, "object"), clean(o.Strange[0]))
	}
	return out
}

// verifyOutside reads the checkpoints back, verifies each and holds the chain against it.
func (s *shell) verifyOutside(ctx context.Context, st *store.Store, a *audit, publicKey string) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	if settings.Audit.Checkpoint.Bucket == "" {
		return fault.New(fault.Invalid, "the setting audit.checkpoint.bucket names no bucket: there are no checkpoints to hold the chain against")
	}
	way, err := awsorg.New(ctx, settings.AWS)
	if err != nil {
		return err
	}
	defer way.Close()
	key, bucket, err := app.Anchor(ctx, way, settings)
	if err != nil {
		return err
	}
	var public crypto.PublicKey
	if publicKey != "" {
		public, err = anchor.PublicFile(publicKey)
	} else {
		public, err = key.Public(ctx)
	}
	if err != nil {
		return err
	}
	bar := s.newCounter("checkpoints")
	defer bar.close()
	a.Checkpoints = &auditedOutside{}
	return st.View(ctx, func(tx *store.Tx) error {
		err := bucket.List(ctx, func(o anchor.Object) error {
			bar.step()
			text, err := bucket.Get(ctx, o)
			if err != nil {
				return err
			}
			return a.hold(ctx, tx, o, text, public)
		})
		if err == nil && a.Checkpoints.Held == 0 && a.Intact {
			a.Intact, a.Broken = false, "no checkpoint of it is in the bucket, so that nobody outside vouches for it"
		}
		return err
	})
}

// hold holds the chain against one object of the bucket.
func (a *audit) hold(ctx context.Context, tx *store.Tx, o anchor.Object, text []byte, public crypto.PublicKey) error {
	c := a.Checkpoints
	s, err := anchor.Read(text, public)
	if err != nil {
		if c.Stray++; len(c.Strange) < fewStrange {
			c.Strange = append(c.Strange, o.String()+": "+err.Error())
		}
		return nil
	}
	err = s.Holds(func(after int64) ([]ticket.Link, error) { return tx.Links(ctx, after, 0) })
	switch {
	case fault.Is(err, fault.Conflict) && a.Intact:
		a.Intact, a.Broken = false, err.Error()
	case fault.Is(err, fault.Conflict):
	case err != nil:
		return err
	default:
		c.Held++
		if s.Seq > c.Upto {
			c.Upto, c.At, c.Beyond = s.Seq, s.At, a.Links-s.Seq
		}
	}
	return nil
}
