package booktest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/ticket"
)

// start is what the time is when a case begins.
var start = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

const theTicket = "ticket-1"

// scene plays one case in one mode.
type scene struct {
	c        testCase
	o        Options
	memory   *memory
	director *playbook.Director
	now      time.Time
	settled  bool
	frozen   string
	tries    map[string]int
	asking   map[string]bool      // steps that wait for people
	asked    map[string]time.Time // since when they do, or did last
	people   []deed
	last     time.Time // of the deed before
	trace    []string
}

// play plays a case and gives what happened.
func play(ctx context.Context, d book.Definition, c testCase, mode playbook.Mode, o Options) ([]string, error) {
	s := &scene{c: c, o: o, now: start, last: start, frozen: c.Freeze, tries: map[string]int{}, asked: map[string]time.Time{}}
	if mode == playbook.Enforce {
		s.people = c.People
	}
	s.memory = newMemory(func(said []string) { s.trace = append(s.trace, said...) })
	config := playbook.DefaultConfig()
	config.Mode = mode
	ids := 0
	s.director = playbook.New(playbook.Options{
		Store: s.memory, Judge: s, Hands: s, Gather: s.gather, Now: func() time.Time { return s.now }, Chance: func() float64 { return 0 },
		Config: func() playbook.Config { return config }, Playbooks: func() []book.Definition { return o.among(d) },
		NewID: func(time.Time) string { ids++; return fmt.Sprint("run-", ids) },
		// The finding is looked into as in earnest, by what the case has to be read; verdicts have tests of their own.
		Verdicts: func() playbook.Verdicts { return playbook.Verdicts{Mode: verdict.Plan} },
		Facts: playbook.Facts{
			Account: func(id string) map[string]any { return withID(c.Account, id) },
			Freeze:  func(now time.Time) (string, time.Time, bool) { return s.frozen, now.Add(time.Hour), s.frozen != "" },
		},
	})
	if err := s.open(ctx, d); err != nil {
		return nil, err
	}
	err := s.run(ctx)
	return s.trace, err
}

func withID(facts map[string]any, id string) map[string]any {
	if facts == nil {
		return nil
	}
	out := map[string]any{"id": id}
	for k, v := range facts {
		out[k] = v
	}
	return out
}

// open brings the finding to a ticket.
func (s *scene) open(ctx context.Context, d book.Definition) error {
	f, err := s.c.finding(d, s.now)
	if err != nil {
		return err
	}
	f.Ticket = theTicket
	tk := ticket.Start(theTicket, f, ticket.Owner{Team: "owners", Via: "test"}, s.now)
	return s.memory.Update(ctx, func(tx playbook.Tx) error {
		if err := tx.SaveFinding(ctx, f); err != nil {
			return err
		}
		return tx.AppendEntry(ctx, &tk, ticket.Entry{At: s.now, Actor: "test", Kind: "opened", Text: f.Title})
	})
}

// run goes on until nothing is left to do or to wait for.
func (s *scene) run(ctx context.Context) error {
	const most = 2000
	patience := 8 // for what cannot be told
	for range most {
		again, err := s.director.Advance(ctx, theTicket)
		if fault.Is(err, fault.Unavailable) && patience > 0 {
			patience--
			s.now = s.now.Add(time.Second)
			continue
		}
		if err != nil {
			return err
		}
		acted, held, err := s.act(ctx)
		if err != nil {
			return err
		}
		if acted {
			continue
		}
		s.note()
		wake := sooner(again, held)
		at, waits := s.due()
		switch {
		case waits && !at.After(s.now):
			if err := s.next(ctx); err != nil {
				return err
			}
		case waits && (wake.IsZero() || !at.After(wake)):
			s.now = at
		case !wake.IsZero():
			s.now = later(s.now, wake)
		case len(s.people) > 0:
			return fault.New(fault.Invalid, "people: %q never asks, so that nobody can answer it", s.people[0].step())
		default:
			return nil
		}
	}
	return fault.New(fault.Invalid, "it does not come to rest")
}

// act makes the calls that have begun, as the action leg would.
func (s *scene) act(ctx context.Context) (acted bool, held time.Time, err error) {
	begun, err := s.memory.Effects(ctx, effect.Filter{States: []effect.State{effect.Doing, effect.Undoing}})
	for _, e := range slices.Backward(begun) { // the first begun first
		until, err := s.director.Act(ctx, e.Key)
		if err != nil {
			return acted, held, err
		}
		acted, held = acted || until.IsZero(), sooner(held, until)
	}
	return acted, held, err
}

// runs are all of them, the first begun first.
func (s *scene) runs() []playbook.Run {
	out, _ := all(s.memory.runs, func(playbook.Run) bool { return true }) // what was written here can be read here
	return out
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a.Add(time.Millisecond) // it asked for now: the time goes on
}
