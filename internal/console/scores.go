package console

import (
	"context"
	"sync"
	"time"

	"jobzero/internal/expect/standing"
)

// sums are what was counted in the last days, added up in several ways.
type sums struct {
	all, accounts, teams, expectations []standing.Trend
	at                                 time.Time
}

// scores keeps sums for a short while: what they are made of changes once a day, and adding it up takes longer than a page may.
type scores struct {
	mu   sync.Mutex
	kept map[standing.Group]sums
}

const (
	keepSums = time.Minute
	mostSums = 64 // filters that are kept at once
)

// of gives the sums of a group, made anew when they are old.
func (s *scores) of(now time.Time, of standing.Group, make func(standing.Group, time.Time) (sums, error)) (sums, error) {
	s.mu.Lock()
	got, ok := s.kept[of]
	s.mu.Unlock()
	if ok && now.Sub(got.at) < keepSums {
		return got, nil
	}
	got, err := make(of, standing.Day(now).AddDate(0, 0, -scoreDays))
	if err != nil {
		return got, err
	}
	got.at = now
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= mostSums { // what is still asked for is soon back
		s.kept = map[standing.Group]sums{}
	}
	s.kept[of] = got
	return got, nil
}

// sumUp adds what was counted by day up, one expectation at a time.
func (c *Console) sumUp(ctx context.Context, of standing.Group, since time.Time) (out sums, err error) {
	all, accounts := standing.NewTrends(standing.By{}), standing.NewTrends(standing.By{Account: true})
	teams, expectations := standing.NewTrends(standing.By{Team: true}), standing.NewTrends(standing.By{Expectation: true})
	err = c.Reader.View(ctx, func(tx Tx) error {
		for id := ""; ; {
			next, more, err := tx.Scored(ctx, id)
			if err != nil || !more {
				return err
			}
			id, of.Expectation = next, next
			found, err := tx.Scores(ctx, of, since)
			if err != nil {
				return err
			}
			for _, x := range found {
				all.Add(x)
				accounts.Add(x)
				teams.Add(x)
				expectations.Add(x)
			}
		}
	})
	return sums{all: all.All(since), accounts: accounts.All(since), teams: teams.All(since), expectations: expectations.All(since)}, err
}
