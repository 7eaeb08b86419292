package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expect/standing"
	"jobzero/internal/store"
)

func aRow(name string) standing.Row {
	return standing.Row{
		Ref: bucket(name), Owner: "storage", ReadAt: noon(), JudgedAt: noon(), Until: noon().Add(time.Hour), Digest: "d",
		Passing: []string{"a", "b"}, Failing: []string{"c"}, Unknown: []string{}, Waived: []standing.Waived{{Expectation: "w", Waiver: "1"}},
	}
}

// standings: what a resource came to is as it was kept, is bumped without the rest, is paged by key, and goes.
func standings(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	one := aRow("b-1")
	do(t, s, func(tx *store.Tx) error {
		for n := range 5 {
			r := aRow(fmt.Sprintf("b-%d", n))
			if n > 2 {
				r.Waived = nil
			}
			if err := tx.SaveStanding(t.Context(), r); err != nil {
				return err
			}
		}
		other := aRow("z")
		other.Account = "444455556666"
		if err := tx.SaveStanding(t.Context(), other); err != nil {
			return err
		}
		if err := tx.ListStanding(t.Context(), one.Key(), noon().Add(time.Minute)); err != nil {
			return err
		}
		if err := tx.SaveStanding(t.Context(), one); err != nil { // does not forget that it was listed
			return err
		}
		for _, at := range []time.Duration{2 * time.Minute, time.Minute} {
			if err := tx.SeeStanding(t.Context(), one.Key(), noon().Add(at)); err != nil {
				return err
			}
		}
		return tx.DropStanding(t.Context(), aRow("b-4").Key())
	})
	one.SweptAt, one.ReadAt = noon().Add(time.Minute), noon().Add(2*time.Minute)
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Standing(t.Context(), one.Key())
		if d := cmp.Diff(one, got); d != "" || !ok || err != nil {
			t.Errorf("%v, %v (-want +got):\n%s", ok, err, d)
		}
		if _, ok, err := tx.Standing(t.Context(), aRow("b-4").Key()); ok || err != nil {
			t.Errorf("what was dropped is there: %v", err)
		}
		paged(t, tx, one)
		for after, want := range map[string]string{"": "111122223333", "111122223333": "444455556666", "444455556666": ""} {
			if got, ok, err := tx.StandingAccount(t.Context(), after); got != want || ok != (want != "") || err != nil {
				t.Errorf("after %q: %q, %v", after, got, err)
			}
		}
		return nil
	})
}

// paged: rows are given in parts, and those that no sweep has listed are named.
func paged(t *testing.T, tx *store.Tx, one standing.Row) {
	t.Helper()
	var ids []string
	for after, account := "", one.Account; ; {
		page, last, err := tx.Standings(t.Context(), account, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			ids = append(ids, r.ID)
		}
		if after = last; len(page) < 3 {
			break
		}
	}
	waived, _, err := tx.StandingsWaived(t.Context(), "", 2)
	if !slices.Equal(ids, []string{"b-0", "b-1", "b-2", "b-3"}) || len(waived) != 2 || err != nil {
		t.Errorf("paged %v, waived %d: %v", ids, len(waived), err)
	}
	typed, _, err := tx.StandingsTyped(t.Context(), one.Ref, aRow("b-0").Key(), 2)
	if err != nil || len(typed) != 2 || typed[0].ID != "b-1" || typed[1].ID != "b-2" {
		t.Errorf("of one type and place: %v: %v", typed, err)
	}
	other := one.Ref
	other.Type = "AWS::X::Y"
	if none, _, err := tx.StandingsTyped(t.Context(), other, "", 2); err != nil || len(none) != 0 {
		t.Errorf("of another type: %v: %v", none, err)
	}
	missed, err := tx.StandingsMissed(t.Context(), one.Ref, "", noon().Add(time.Second), 10)
	if err != nil || len(missed) != 3 || slices.Contains(missed, one.Key()) {
		t.Errorf("missed %v: %v", missed, err)
	}
}

// scored: what is added up, and how far sweeps are.
func scored(t *testing.T, fresh Fresh) {
	t.Helper()
	t.Run("scores", func(t *testing.T) { scores(t, fresh) })
	t.Run("sweeps", func(t *testing.T) { sweeps(t, fresh) })
}

// scores: a day of an account is replaced as a whole, and what is old or was not counted any more is forgotten.
func scores(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	day := standing.Day(noon())
	score := func(id, account, team string, pass int) standing.Score {
		return standing.Score{Group: standing.Group{Expectation: id, Account: account, Team: team}, Day: day, Count: standing.Count{Pass: pass, Fail: 1, Unknown: 2, Waived: 3}}
	}
	do(t, s, func(tx *store.Tx) error {
		for _, x := range []struct {
			day     time.Time
			account string
			scores  []standing.Score
			at      time.Time
		}{
			{day.AddDate(0, 0, -1), "1", []standing.Score{score("a", "1", "x", 1)}, noon()},
			{day, "1", []standing.Score{score("a", "1", "x", 1), score("gone", "1", "x", 1)}, noon()},
			{day, "2", []standing.Score{score("a", "2", "y", 1)}, noon()},
			{day, "1", []standing.Score{score("a", "1", "x", 5), score("b", "1", "", 6)}, noon().Add(time.Hour)},
		} {
			if err := tx.SaveScores(t.Context(), x.day, x.account, x.scores, x.at); err != nil {
				return err
			}
		}
		return tx.DropStaleScores(t.Context(), day, noon().Add(time.Hour))
	})
	if n, err := s.PruneScores(t.Context(), day); n != 1 || err != nil {
		t.Errorf("forgot %d: %v", n, err)
	}
	look(t, s, func(tx *store.Tx) error {
		var all []standing.Score
		for id := ""; ; {
			next, ok, err := tx.Scored(t.Context(), id)
			if id = next; err != nil || !ok {
				if d := cmp.Diff([]standing.Score{score("a", "1", "x", 5), score("b", "1", "", 6)}, all); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
				return err
			}
			found, err := tx.Scores(t.Context(), standing.Group{Expectation: id, Account: "1"}, day)
			if err != nil {
				return err
			}
			all = append(all, found...)
		}
	})
}

// sweeps: how far a list was swept is kept, and begins anew when that is asked for.
func sweeps(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	want := standing.Sweep{Place: "1|r|T", Began: noon(), Done: noon().Add(-time.Hour), Cursor: "c", Judges: "j", Listed: 7}
	do(t, s, func(tx *store.Tx) error { return tx.SaveSweep(t.Context(), want) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.SweepOf(t.Context(), want.Place)
		if d := cmp.Diff(want, got); d != "" || err != nil || !got.UnderWay() {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
		none, err := tx.SweepOf(t.Context(), "other")
		if none.UnderWay() || !none.Done.IsZero() {
			t.Errorf("one that never was: %+v", none)
		}
		return err
	})
	do(t, s, func(tx *store.Tx) error {
		return tx.SaveSweep(t.Context(), standing.Sweep{Place: "2|r|T", Began: noon()})
	})
	look(t, s, func(tx *store.Tx) error {
		all, err := tx.Sweeps(t.Context(), "", 10)
		if err != nil || len(all) != 2 || !cmp.Equal(all[0], want) || all[1].Place != "2|r|T" {
			t.Errorf("all: %+v: %v", all, err)
		}
		rest, err := tx.Sweeps(t.Context(), want.Place, 10)
		if err != nil || len(rest) != 1 || rest[0].Place != "2|r|T" || !rest[0].Done.IsZero() {
			t.Errorf("after the first: %+v: %v", rest, err)
		}
		return err
	})
	do(t, s, func(tx *store.Tx) error { return tx.RestartSweep(t.Context(), want.Place) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.SweepOf(t.Context(), want.Place)
		if got.UnderWay() || got.Cursor != "" || got.Listed != 7 {
			t.Errorf("%+v", got)
		}
		return err
	})
}
