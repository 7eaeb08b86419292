package playbook_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// town is the road from a touched bucket to a settled ticket on the real work table, with everything that can go wrong under
// the test's hand: the process dies before or after any commit, and others do things between any two transactions.
type town struct {
	store    *store.Store
	director *playbook.Director
	triager  *triage.Triager
	pager    *pager.Pager
	config   playbook.Config
	now      time.Time
	ids      int

	plots   map[string]*plot // by resource key
	weather error            // what the next call that writes answers
	braked  bool

	fate      func() fate // asked at each commit
	meanwhile func()      // what others do before each transaction
	meddling  bool
	dead      bool
	died      int // processes
	calls     int // that changed the world
	broken    []string
}

// plot is one bucket as it really is.
type plot struct {
	ref    resource.Ref
	public bool
	hidden bool
	closed time.Time
}

// fate is what becomes of a process at a commit.
type fate int

const (
	lives fate = iota
	diesBefore
	diesAfter
)

var errDied = errors.New("the process was killed")

const townBook = `id: close-bucket
title: Close a bucket
why: It must not be public.
when:
  expectations: [not-public]
  rules: [made-public]
settled: "true"
steps:
  - {id: policy, action: s3.remove-public-policy}
  - {id: block, action: s3.block-public-access}
`

const legLook = "inventory" // what the house calls it

func newTown(ctx context.Context, tb testing.TB, dir string, buckets int) *town {
	tb.Helper()
	db, err := store.Open(ctx, "sqlite://"+filepath.Join(dir, "test.db"))
	if err != nil {
		tb.Fatal(err)
	}
	def, err := book.Parse("close-bucket.yml", []byte(townBook))
	if err != nil {
		tb.Fatal(err)
	}
	w := &town{
		store: db, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), config: playbook.DefaultConfig(), plots: map[string]*plot{},
		fate: func() fate { return lives }, meanwhile: func() {},
	}
	w.config.Mode = playbook.Enforce
	for i := range buckets {
		ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("orders-%d", i)}
		w.plots[ref.Key()] = &plot{ref: ref}
	}
	now := func() time.Time { return w.now }
	w.director = playbook.New(playbook.Options{
		Store: shaky[playbook.Tx]{w, store.In(db, func(tx *store.Tx) playbook.Tx { return tx })}, Judge: w, Reader: legLook, Hands: w, Now: now,
		Config:    func() playbook.Config { return w.config },
		Playbooks: func() []book.Definition { return []book.Definition{def} },
		NewID:     func(time.Time) string { w.ids++; return fmt.Sprintf("run-%04d", w.ids) },
	})
	w.triager = triage.New(triage.Options{
		Store: shaky[triage.Tx]{w, store.In(db, func(tx *store.Tx) triage.Tx { return tx })}, Now: now,
		Owners: func() triage.Owners { return owners{} },
		NewID:  func(time.Time) ticket.ID { w.ids++; return ticket.ID(fmt.Sprintf("ticket-%04d", w.ids)) },
	})
	w.pager = w.newPager()
	return w
}

// shaky is the store of a process that may die at any commit.
type shaky[T any] struct {
	town *town
	in   store.Updater[T]
}

func (s shaky[T]) Update(ctx context.Context, do func(T) error) error {
	w := s.town
	w.others()
	if w.dead {
		return errDied
	}
	f := lives
	if !w.meddling { // others do not die in the middle of what they do
		f = w.fate()
	}
	err := s.in.Update(ctx, func(tx T) error {
		if err := do(tx); err != nil || f != diesBefore {
			return err
		}
		return errDied
	})
	if err == nil && f == diesAfter {
		err = errDied
	}
	if errors.Is(err, errDied) {
		w.dead = true
		w.died++
	}
	return err
}

func (s shaky[T]) View(ctx context.Context, do func(T) error) error {
	s.town.others()
	if s.town.dead {
		return errDied
	}
	return s.in.View(ctx, do)
}

// others lets the rest of the world do something, but never in the middle of that.
func (w *town) others() {
	w.now = w.now.Add(time.Millisecond)
	if w.meddling || w.dead {
		return
	}
	w.meddling = true
	w.meanwhile()
	w.meddling = false
}

func (w *town) wrong(format string, args ...any) {
	w.broken = append(w.broken, fmt.Sprintf(format, args...))
}

// Look is a fresh read.
func (w *town) Look(_ context.Context, f finding.Finding, _ playbook.Proof) (playbook.Sight, error) {
	w.others()
	p := w.plots[f.Resource.Key()]
	s := playbook.Sight{Result: playbook.NoMore, Text: "private", At: w.now}
	switch {
	case w.dead:
		return playbook.Sight{}, errDied
	case p.hidden:
		s.Result, s.Text = playbook.LookUnknown, "access denied"
	case p.public:
		s.Result, s.Text = playbook.StillSo, "public"
	}
	return s, nil
}

func (w *town) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: id, Target: t, Undo: effect.Exact, Nothing: "it is private"}
	if w.plots[t.Ref.Key()].public {
		p.Nothing, p.Calls = "", []effect.Call{{Permission: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::" + t.Ref.ID, Input: []byte(`{}`)}}
	}
	return p, nil
}

func (w *town) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	plot := w.plots[p.Target.Ref.Key()]
	if p.Target.Ticket == "" {
		w.wrong("%s was called on %s for no ticket", p.Action, plot.ref.ID)
	}
	if w.braked {
		w.wrong("%s was called on %s while the brake was on", p.Action, plot.ref.ID)
	}
	if w.takenBack(ctx, plot) {
		w.wrong("%s was called on %s although a person had taken it back", p.Action, plot.ref.ID)
	}
	if err := w.weather; err != nil {
		w.weather = nil
		return effect.Result{}, err
	}
	if !plot.public {
		return effect.Result{Already: true}, nil
	}
	plot.public = false
	w.calls++
	w.others() // the answer is on its way
	return effect.Result{Calls: 1}, nil
}

// takenBack says that an undo is the last word on the bucket's ticket: nobody has given it back to the software since, nor was
// the world fine.
func (w *town) takenBack(ctx context.Context, p *plot) (taken bool) {
	w.see(ctx, func(tx *store.Tx) error {
		tk, _, err := tx.TicketOf(ctx, p.ref.Key())
		if err != nil {
			return err
		}
		lines, err := tx.Timeline(ctx, tk.ID)
		for _, l := range lines {
			switch {
			case l.Kind == "undone":
				taken = true
			case l.Kind == "reopened" && strings.HasPrefix(l.Actor, "person/"), l.Kind == "state" && strings.HasPrefix(l.Text, "Closed:"):
				taken = false
			}
		}
		return err
	})
	return taken
}

func (w *town) Verify(_ context.Context, p effect.Plan) (effect.Check, error) {
	plot := w.plots[p.Target.Ref.Key()]
	return effect.Check{Holds: !plot.public, Unknown: plot.hidden, Text: "looked"}, nil
}

func (w *town) Undo(_ context.Context, p effect.Plan) (effect.Result, error) {
	if err := w.weather; err != nil {
		w.weather = nil
		return effect.Result{}, err
	}
	plot := w.plots[p.Target.Ref.Key()]
	if plot.public {
		return effect.Result{Already: true}, nil
	}
	plot.public = true
	w.calls++
	w.others()
	return effect.Result{Calls: 1}, nil
}

// look is the inventory leg: read a bucket, and say what is wrong or what is right.
func (w *town) look(ctx context.Context, key string) error {
	p, began := w.plots[key], w.now
	f := p.belief("not-public", finding.Expectation, began)
	switch {
	case p.hidden:
		f.Unknown, f.Why, f.Sighting = true, "access denied", "hidden"
	case !p.public:
		w.others() // between a read and its report anything may happen
		return w.triager.Judged(ctx, triage.Judgement{What: key, Passed: []finding.Fingerprint{f.Fingerprint}}, began)
	}
	w.others()
	return w.triager.Judged(ctx, triage.Judgement{What: key, Wrong: []finding.Finding{f}}, began)
}

func (p *plot) belief(by string, kind finding.Kind, at time.Time) finding.Finding {
	ref := p.ref
	return finding.Finding{
		Fingerprint: finding.Print(kind, by, ref.Key()), Kind: kind, By: by, Title: "Bucket is public", Severity: finding.High,
		Account: ref.Account, Resource: &ref, Occurred: at.Add(-time.Second), Detected: at, Sighting: "public",
	}
}

// work does one thing that is due, as the engine would; when nothing is, it waits for what is due next. It reports whether
// there was anything to do or to wait for.
func (w *town) work(ctx context.Context, pick func(n int) int) (bool, error) {
	var due []flow.Hint
	for _, leg := range []string{triage.Leg, playbook.Leg, playbook.NextDoor, legLook, pager.Leg} {
		hints, err := w.store.Unsent(ctx, leg, w.now, w.now, 100)
		if err != nil {
			return false, err
		}
		due = append(due, hints...)
	}
	if len(due) == 0 {
		at, ok, err := w.store.NextDue(ctx, w.now)
		if ok && at.After(w.now) {
			w.now = at
		}
		return ok, err
	}
	h := due[pick(len(due))]
	w.ids++
	c, ok, err := w.store.Claim(ctx, flow.Ask{Leg: h.Leg, Ref: h.Ref, Holder: fmt.Sprintf("worker-%d", w.ids), Now: w.now, Wall: w.now, Until: w.now.Add(time.Hour)})
	if err != nil || !ok {
		return true, err
	}
	again, err := w.handle(ctx, h)
	if w.dead { // another process finds what this one held
		w.dead = false
		_, err := w.store.ReleaseAll(ctx)
		return true, err
	}
	_, err = w.store.Finish(ctx, c, w.outcome(ctx, c, again, err))
	return true, err
}

func (w *town) handle(ctx context.Context, h flow.Hint) (time.Time, error) {
	switch h.Leg {
	case triage.Leg:
		return w.triager.Triage(ctx, h.Ref)
	case playbook.Leg:
		return w.director.Advance(ctx, h.Ref)
	case playbook.NextDoor:
		return w.director.Act(ctx, h.Ref)
	case pager.Leg:
		return w.pager.Advance(ctx, h.Ref)
	default:
		return time.Time{}, w.look(ctx, h.Ref)
	}
}

// outcome is what flow makes of a handler's return, and what the house does with work that has failed for good.
func (w *town) outcome(ctx context.Context, c flow.Claim, again time.Time, err error) flow.Outcome {
	const most = 8
	switch {
	case err == nil && again.IsZero():
		return flow.Outcome{End: flow.Settle}
	case err == nil:
		return flow.Outcome{End: flow.LookAgain, Due: again}
	case !fault.Is(err, fault.Invalid) && c.Attempts+1 < most:
		return flow.Outcome{End: flow.TryAgain, Due: w.now.Add(time.Second << c.Attempts), Error: err.Error()}
	}
	if !fault.Is(err, fault.Unavailable) {
		w.wrong("%s %s failed with more than the weather: %v", c.Leg, c.Ref, err)
	}
	w.meddling = true // this is not the place for more
	defer func() { w.meddling = false }()
	if told := w.giveToPerson(ctx, c, err); told != nil {
		w.wrong("nobody could be told of %s %s: %v", c.Leg, c.Ref, told)
	}
	return flow.Outcome{End: flow.GiveUp, Error: err.Error(), Wall: w.now}
}

func (w *town) giveToPerson(ctx context.Context, c flow.Claim, cause error) error {
	switch c.Leg {
	case playbook.Leg:
		return w.director.HandOver(ctx, ticket.ID(c.Ref), cause.Error())
	case playbook.NextDoor:
		return w.director.HandOverEffect(ctx, c.Ref, cause)
	default:
		return nil
	}
}

func (w *town) see(ctx context.Context, do func(*store.Tx) error) {
	if err := w.store.View(ctx, do); err != nil {
		w.wrong("read: %v", err)
	}
}

func (w *town) tickets(ctx context.Context) (all []ticket.Ticket) {
	w.see(ctx, func(tx *store.Tx) (err error) { all, err = tx.Tickets(ctx, ticket.Filter{}); return err })
	return all
}

func (w *town) effects(ctx context.Context) (all []effect.Effect) {
	w.see(ctx, func(tx *store.Tx) (err error) { all, err = tx.Effects(ctx, effect.Filter{}); return err })
	return all
}
