package standing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/expect/standing"
	"jobzero/internal/resource"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func row(account, team string, change func(*standing.Row)) standing.Row {
	r := standing.Row{Ref: resource.Ref{Type: resource.Bucket, Account: account, ID: "b"}, Owner: team}
	change(&r)
	return r
}

// What is not known and what is waived is judged, and not passed.
func TestShare(t *testing.T) {
	for c, want := range map[standing.Count]float64{
		{Pass: 3, Fail: 1}:    0.75,
		{Pass: 1, Unknown: 1}: 0.5,
		{Pass: 1, Waived: 3}:  0.25,
		{Unknown: 2}:          0,
		{Pass: 4}:             1,
		{Pass: 1, Fail: 1, Unknown: 1, Waived: 1}: 0.25,
	} {
		if got, ok := c.Share(); got != want || !ok {
			t.Errorf("%+v: %v, %v", c, got, ok)
		}
	}
	if _, ok := (standing.Count{}).Share(); ok {
		t.Error("a share of nothing")
	}
}

func TestFold(t *testing.T) {
	var f standing.Fold
	f.Add(row("1", "web", func(r *standing.Row) { r.Passing, r.Failing = []string{"a"}, []string{"b"} }))
	f.Add(row("1", "web", func(r *standing.Row) { r.Passing, r.Unknown = []string{"a"}, []string{"b"} }))
	f.Add(row("1", "", func(r *standing.Row) { r.Waived = []standing.Waived{{Expectation: "a", Waiver: "w"}} }))
	day := standing.Day(noon)
	want := []standing.Score{
		{Group: standing.Group{Expectation: "a", Account: "1"}, Day: day, Count: standing.Count{Waived: 1}},
		{Group: standing.Group{Expectation: "a", Account: "1", Team: "web"}, Day: day, Count: standing.Count{Pass: 2}},
		{Group: standing.Group{Expectation: "b", Account: "1", Team: "web"}, Day: day, Count: standing.Count{Fail: 1, Unknown: 1}},
	}
	if d := cmp.Diff(want, f.Scores(day)); d != "" {
		t.Error(d)
	}
}

// A day on which jobzero did not run is stood in for by one before it, and not by one that is too long ago.
func TestTrends(t *testing.T) {
	day := standing.Day(noon)
	for name, c := range map[string]struct {
		ago         []int
		week, month int // how many passed, -1 for unknown
	}{
		"every day":   {[]int{0, 7, 30}, 7, 30},
		"none":        {[]int{0}, -1, -1},
		"days before": {[]int{0, 9, 35}, 9, 35},
		"too long":    {[]int{0, 13, 36}, -1, -1},
		"too new":     {[]int{0, 6, 29}, -1, -1},
	} {
		sums := standing.NewTrends(standing.By{Expectation: true})
		for _, ago := range c.ago {
			for _, account := range []string{"1", "2"} {
				sums.Add(standing.Score{Group: standing.Group{Expectation: "a", Account: account}, Day: day.AddDate(0, 0, -ago), Count: standing.Count{Pass: ago}})
			}
		}
		sums.Add(standing.Score{Group: standing.Group{Expectation: "of old"}, Day: day.AddDate(0, 0, -1)})
		want := standing.Trend{Group: standing.Group{Expectation: "a"}, Day: day, Week: twice(c.week), Month: twice(c.month)}
		all := sums.All(day.AddDate(0, 0, -10))
		if d := cmp.Diff([]standing.Trend{want}, all, cmpopts.IgnoreFields(standing.Trend{}, "Days")); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
		for _, p := range all[0].Days {
			if p.Day.Before(day.AddDate(0, 0, -10)) {
				t.Errorf("%s: %s is too old", name, p.Day)
			}
		}
	}
}

func twice(n int) *standing.Count {
	if n < 0 {
		return nil
	}
	return &standing.Count{Pass: 2 * n}
}
