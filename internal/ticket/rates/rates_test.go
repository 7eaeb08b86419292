package rates_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/ticket"
	"jobzero/internal/ticket/rates"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func closed(by, again, playbook string) rates.Case {
	return rates.Case{Opening: ticket.Opening{Opened: noon, Closed: noon.Add(time.Minute), By: by, Again: again}, Playbook: playbook}
}

// TestRates: what nobody has reviewed has no false-close rate, and a closing that a person had a part in is none of software.
func TestRates(t *testing.T) {
	s := rates.New(func(c rates.Case) string { return c.Playbook })
	right, wrong := closed("jobzero/playbook", "", "a"), closed("jobzero/playbook", "person/kim", "a")
	right.Review, wrong.Review, wrong.Closing = &ticket.Review{Right: true}, &ticket.Review{}, "known-tool"
	helped := closed("jobzero/playbook", "", "b")
	helped.People = true
	for _, c := range []rates.Case{right, wrong, closed("jobzero/triage", "jobzero/triage", "a"), closed("person/kim", "", "b"), helped, {Playbook: "b"}} {
		s.Add(c)
	}
	groups, sum := s.Rates()
	want := []rates.Rate{
		{Of: "a", All: 3, Alone: 3, Verdicts: 1, Came: 1, Reopened: 1, Reviewed: 2, Wrong: 1},
		{Of: "b", All: 3, Open: 1},
	}
	if d := cmp.Diff(want, groups); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(rates.Rate{Of: "all", All: 6, Open: 1, Alone: 3, Verdicts: 1, Came: 1, Reopened: 1, Reviewed: 2, Wrong: 1}, sum); d != "" {
		t.Error(d)
	}
	if rate, ok := groups[0].FalseClose(); !ok || rate != 0.5 {
		t.Errorf("%v, %t", rate, ok)
	}
	if _, ok := groups[1].FalseClose(); ok {
		t.Error("what nobody has reviewed has a false-close rate")
	}
}

// TestASampleIsFair: each closing is as likely as any other, and no other case is in it.
func TestASampleIsFair(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	times := map[ticket.ID]int{}
	const rounds = 4000
	for range rounds {
		s := rates.NewSample(3, r.IntN)
		for i := range 12 {
			c := closed("jobzero/playbook", "", "a")
			c.Ticket = ticket.ID(rune('a' + i))
			s.Show(c)
			c.By = "person/kim"
			s.Show(c)
		}
		got, all := s.Cases()
		if len(got) != 3 || all != 12 {
			t.Fatalf("%d of %d", len(got), all)
		}
		for _, c := range got {
			if times[c.Ticket]++; !c.Alone() {
				t.Fatalf("%+v is in the sample", c)
			}
		}
	}
	for id, n := range times {
		if n < rounds/4*8/10 || n > rounds/4*12/10 {
			t.Errorf("%s was in %d of %d samples, want a quarter", id, n, rounds)
		}
	}
}

// TestSumsAreWhole: whatever comes, the groups add up to the whole, and no part is larger than what it is a part of.
func TestSumsAreWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := rates.New(func(c rates.Case) string { return c.Playbook })
		n := rapid.IntRange(0, 40).Draw(r, "n")
		for range n {
			c := closed(rapid.SampledFrom([]string{"jobzero/playbook", "person/kim"}).Draw(r, "by"), rapid.SampledFrom([]string{"", "person/kim", "jobzero/triage"}).Draw(r, "again"),
				rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, "playbook"))
			c.People = rapid.Bool().Draw(r, "people")
			if rapid.Bool().Draw(r, "reviewed") {
				c.Review = &ticket.Review{Right: rapid.Bool().Draw(r, "right")}
			}
			s.Add(c)
		}
		groups, sum := s.Rates()
		var all rates.Rate
		for _, g := range groups {
			all.All, all.Open, all.Alone, all.Verdicts = all.All+g.All, all.Open+g.Open, all.Alone+g.Alone, all.Verdicts+g.Verdicts
			all.Came, all.Reopened, all.Reviewed, all.Wrong = all.Came+g.Came, all.Reopened+g.Reopened, all.Reviewed+g.Reviewed, all.Wrong+g.Wrong
		}
		all.Of = "all"
		if all != sum || sum.All != n || sum.Wrong > sum.Reviewed || sum.Reviewed > sum.Alone || sum.Came+sum.Reopened > sum.Alone {
			r.Fatalf("%+v is not %+v", all, sum)
		}
	})
}
