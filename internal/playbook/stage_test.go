package playbook_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

var stageStart = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var bucket = resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders"}

const definition = `id: close-bucket
title: Close a bucket
why: It must not be public.
when:
  expectations: [not-public]
steps:
  - {id: policy, action: s3.remove-public-policy}
  - {id: block, action: s3.block-public-access}
`

// stage is a director on a real store, with a world of one bucket that the test plays.
type stage struct {
	t        *testing.T
	store    *store.Store
	director *playbook.Director
	triager  *triage.Triager
	config   playbook.Config
	now      time.Time
	ids      int

	public    bool   // what a fresh read sees
	hidden    bool   // a fresh read cannot tell
	broken    error  // what Do answers instead of mending
	brokenFor string // the only action that is broken; all when empty
	idle      bool   // Do answers well and mends nothing
	refused   string
	during    func()        // what happens while Do or Undo is under way
	looked    func()        // what happens between a fresh read and what is done about it
	gone      bool          // nothing can be planned any more
	did       []string      // actions carried out, in order
	made      []effect.Made // what is on the wire of each attempt
	ref       ticket.ID
}

func newStage(t *testing.T) *stage {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	def, err := book.Parse("close-bucket.yml", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, store: db, now: stageStart, public: true, config: playbook.DefaultConfig()}
	s.config.Mode = playbook.Enforce
	now := func() time.Time { return s.now }
	s.director = playbook.New(playbook.Options{
		Store: store.In(db, func(tx *store.Tx) playbook.Tx { return tx }), Judge: s, Reader: reader, Hands: s, Now: now,
		Config:    func() playbook.Config { return s.config },
		Playbooks: func() []book.Definition { return []book.Definition{def} },
		NewID:     func(time.Time) string { s.ids++; return fmt.Sprintf("run-%d", s.ids) },
	})
	s.triager = triage.New(triage.Options{
		Store: store.In(db, func(tx *store.Tx) triage.Tx { return tx }), Now: now, Owners: func() triage.Owners { return owners{} },
		NewID: func(time.Time) ticket.ID { s.ids++; return ticket.ID(fmt.Sprintf("ticket-%d", s.ids)) },
	})
	return s
}

const reader = "inventory" // the leg that reads resources again

type owners struct{}

func (owners) OwnerOf(resource.Ref, map[string]string, string) ticket.Owner {
	return ticket.Owner{Team: "storefront", Via: "account"}
}

// Look is the fresh read.
func (s *stage) Look(context.Context, finding.Finding, playbook.Proof) (playbook.Sight, error) {
	if s.looked != nil {
		defer s.looked()
	}
	switch {
	case s.hidden:
		return playbook.Sight{Result: playbook.LookUnknown, Text: "access denied", At: s.now}, nil
	case s.public:
		return playbook.Sight{Result: playbook.StillSo, Text: "public", At: s.now}, nil
	default:
		return playbook.Sight{Result: playbook.NoMore, Text: "private", At: s.now}, nil
	}
}

func (s *stage) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	if s.gone {
		return effect.Plan{}, fault.New(fault.NotFound, "there is no such bucket")
	}
	p := effect.Plan{Action: id, Target: t, Undo: effect.Exact, Refused: s.refused}
	if s.public {
		p.Calls = []effect.Call{{Permission: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::orders", Input: []byte(`{}`)}}
	} else {
		p.Nothing = "it is private"
	}
	return p, nil
}

func (s *stage) Do(_ context.Context, p effect.Plan) (effect.Result, error) {
	if s.during != nil {
		s.during()
	}
	if s.broken != nil && (s.brokenFor == "" || s.brokenFor == p.Action) {
		return effect.Result{Made: s.made}, s.broken
	}
	if !s.public {
		return effect.Result{Already: true}, nil
	}
	s.did = append(s.did, p.Action)
	s.public = s.idle
	return effect.Result{Calls: 1, Made: s.made}, nil
}

func (s *stage) Verify(context.Context, effect.Plan) (effect.Check, error) {
	return effect.Check{Holds: !s.public, Text: "looked"}, nil
}

func (s *stage) Undo(_ context.Context, p effect.Plan) (effect.Result, error) {
	if s.during != nil {
		s.during()
	}
	if s.broken != nil {
		return effect.Result{Made: s.made}, s.broken
	}
	s.did = append(s.did, "undo "+p.Action)
	s.public = true
	return effect.Result{Calls: 1, Made: s.made}, nil
}

// report tells triage of the public bucket, as the inventory leg would, and lets it open or reopen the ticket.
func (s *stage) report() {
	s.t.Helper()
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, "not-public", bucket.Key()), Kind: finding.Expectation, By: "not-public",
		Title: "Bucket is public", Severity: finding.High, Account: bucket.Account, Resource: &bucket,
		Occurred: s.now.Add(-time.Second), Detected: s.now, Sighting: s.now.String(),
	}
	if err := s.triager.Report(s.t.Context(), []finding.Finding{f}, s.now); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.triager.Triage(s.t.Context(), string(f.Fingerprint)); err != nil {
		s.t.Fatal(err)
	}
	s.see(func(tx *store.Tx) error {
		tk, _, err := tx.TicketOf(s.t.Context(), bucket.Key())
		s.ref = tk.ID
		return err
	})
}

// settle drives the legs by hand, moving the time to whenever the director wants to look again, until it wants nothing.
func (s *stage) settle() error {
	for range 100 {
		again, err := s.director.Advance(s.t.Context(), string(s.ref))
		if err != nil {
			return err
		}
		acted, err := s.act()
		if err != nil {
			return err
		}
		switch {
		case acted:
		case again.IsZero():
			return nil
		default:
			s.now = again
		}
	}
	s.t.Fatal("the ticket does not come to rest")
	return nil
}

// act carries out what has begun, as the action leg would.
func (s *stage) act() (bool, error) {
	acted := false
	for _, e := range s.effects() {
		if e.State != effect.Doing && e.State != effect.Undoing {
			continue
		}
		held, err := s.director.Act(s.t.Context(), e.Key)
		if err != nil {
			return false, err
		}
		acted = acted || held.IsZero()
	}
	return acted, nil
}

func (s *stage) see(do func(*store.Tx) error) {
	s.t.Helper()
	if err := s.store.View(s.t.Context(), do); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) ticket() (tk ticket.Ticket) {
	s.see(func(tx *store.Tx) (err error) { tk, err = tx.Ticket(s.t.Context(), s.ref); return err })
	return tk
}

func (s *stage) effects() (all []effect.Effect) {
	s.see(func(tx *store.Tx) (err error) { all, err = tx.Effects(s.t.Context(), effect.Filter{}); return err })
	return all
}

func (s *stage) timeline() (all []ticket.Entry) {
	s.see(func(tx *store.Tx) (err error) { all, err = tx.Timeline(s.t.Context(), s.ref); return err })
	return all
}

type fingerprint = finding.Fingerprint

func (s *stage) findings() (all []finding.Finding) {
	s.see(func(tx *store.Tx) (err error) { all, err = tx.Findings(s.t.Context(), finding.Filter{}); return err })
	return all
}
