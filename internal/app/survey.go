package app

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/access/tie"
	"jobzero/internal/gather"
	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/principal/person"
)

// surveyAtOnce is how many accounts are read at the same time: all of one account is in memory while it is looked at.
const surveyAtOnce = 4

// survey is one round through all accounts: what is left of some people.
type survey struct {
	house  *House
	book   *tie.Book
	began  time.Time
	mu     sync.Mutex
	of     map[person.ID]*left
	live   *alive   // sessions
	missed []string // what could not be read
}

// left is what is left of somebody, as it was read.
type left struct {
	person.Person
	tie.Report
	holdings []held
	at       time.Time // when the reading began
}

// survey reads every account afresh, one by one, and the directory of Identity Center. What could not be read leaves everybody's verdict
// open; an error is that of a reading that was ended.
func (h *House) survey(ctx context.Context, book *tie.Book, who []person.Person) (*survey, error) {
	s := &survey{house: h, book: book, began: h.clock.Now(), of: map[person.ID]*left{}}
	for _, p := range who {
		s.of[p.ID] = &left{Person: p, at: s.began}
	}
	var err error
	if s.live, err = h.aliveOf(ctx, book, s.of, s.began); err != nil {
		if err := s.miss(ctx, err); err != nil {
			return s, err
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(surveyAtOnce)
	for _, a := range h.config.Accounts {
		g.Go(func() error { return s.account(gctx, a.ID) })
	}
	g.Go(func() error { return s.directories(gctx) })
	if err := g.Wait(); err != nil {
		return s, err
	}
	if err := s.inSets(ctx, s.belongs()); err != nil {
		return s, err
	}
	for _, l := range s.of {
		l.Unsure = append(l.Unsure, s.missed...)
		l.Settle()
		slices.SortFunc(l.holdings, func(a, b held) int {
			return bytes.Compare([]byte(a.ref.Key()+a.word+a.of), []byte(b.ref.Key()+b.word+b.of))
		})
	}
	return s, nil
}

// miss notes what could not be read. It gives an error only when the reading has ended.
func (s *survey) miss(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed = append(s.missed, err.Error())
	return nil
}

func (s *survey) gatherer(ctx context.Context) gather.Gatherer {
	h := s.house
	return gather.Gatherer{Entry: h.org, Watch: h.config.Watch(), Miss: func(err error) error { return s.miss(ctx, err) }}
}

// account looks at one account: who of its users is who, and what they hold and may do.
func (s *survey) account(ctx context.Context, account string) error {
	g := s.gatherer(ctx)
	look := tie.Look{World: holding.New(), Estate: estate.New(), Now: s.began, Part: true}
	look.Estate.Tell(look.World)
	var text bytes.Buffer
	if _, err := g.Details(ctx, account, &text); err != nil {
		return s.miss(ctx, err)
	}
	if err := look.Estate.Read("the users and roles of "+account, &text); err != nil {
		return s.miss(ctx, err)
	}
	var names []string
	for _, j := range s.book.Join(look.World).Joins {
		if u := look.World.Users[j.Principal]; j.Kind == tie.User && u != nil && s.of[j.Person] != nil {
			names = append(names, u.Name)
		}
	}
	text.Reset()
	if err := g.Credentials(ctx, account, names, &text); err != nil {
		return err
	}
	if err := s.take(ctx, &look, &text); err != nil {
		return err
	}
	s.mu.Lock()
	s.live.allowed(account, look)
	s.mu.Unlock()
	s.report(look, func(j tie.Join) []held { return ofUser(look, j) })
	return nil
}

// take reads answers into a world and puts everything together.
func (s *survey) take(ctx context.Context, look *tie.Look, text *bytes.Buffer) error {
	if text.Len() > 0 {
		if _, err := look.World.Read("what was read", text); err != nil {
			if err := s.miss(ctx, err); err != nil {
				return err
			}
		}
	}
	look.World.Done()
	if err := look.Estate.Done(); err != nil {
		if err := s.miss(ctx, err); err != nil {
			return err
		}
	}
	look.Result = s.book.Join(look.World)
	return nil
}

// directories looks at Identity Center.
func (s *survey) directories(ctx context.Context) error {
	g := s.gatherer(ctx)
	all, err := s.house.instances(ctx, g)
	if err != nil {
		return err
	}
	for _, at := range all {
		if err := s.directory(ctx, g, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *survey) directory(ctx context.Context, g gather.Gatherer, at identitystore.Instance) error {
	look := tie.Look{World: holding.New(), Estate: estate.New(), Now: s.began, Part: true}
	var text bytes.Buffer
	if err := g.Users(ctx, at, &text); err != nil {
		return s.miss(ctx, err)
	}
	if _, err := look.World.Read("the users of "+at.Store, &text); err != nil {
		return s.miss(ctx, err)
	}
	look.World.MembershipsRead, look.World.AssignmentsRead = true, true // of each who is asked about, below
	text.Reset()
	for _, j := range s.book.Join(look.World).Joins {
		if j.Kind != tie.Seat || s.of[j.Person] == nil {
			continue
		}
		if err := g.Seat(ctx, at, j.Principal, &text); err != nil {
			if err := s.miss(ctx, err); err != nil {
				return err
			}
		}
	}
	if err := s.take(ctx, &look, &text); err != nil {
		return err
	}
	s.report(look, func(j tie.Join) []held { return ofSeat(look, j, at) })
	return nil
}

// report adds what one look has shown.
func (s *survey) report(look tie.Look, of func(tie.Join) []held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.roots.Learn(look)
	for id, l := range s.of {
		l.Add(look.Leaver(l.Person))
		for _, j := range look.Result.Joins {
			if j.Person == id && j.Sure != tie.Perhaps { // what is only perhaps his is for a person
				l.holdings = append(l.holdings, of(j)...)
			}
		}
	}
}
