package console

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
)

// expectationsPage is how much of what is expected holds.
type expectationsPage struct {
	Team, Account string
	All           standing.Count
	Share         float64
	Known         bool
	Accounts      []scoreRow
	Teams         []scoreRow
	Expectations  []scoreRow
	Waivers       []waiverRow
	Day           time.Time
	Chart         *curve // of the share that passes; nil: there are too few days
}

// scoreRow is what one account, team or expectation came to.
type scoreRow struct {
	Name, Title string
	Now         standing.Count
	Share       float64
	Week        string // points more than a week ago; empty: not known
	Points      string // of the line of its last days, in a picture of 120 by 24
}

type waiverRow struct {
	org.Waiver
	Place   string
	Left    time.Duration
	Expired bool
}

// scoreDays is how far back lines go; a week before the first has to be known too.
const scoreDays = 30

func (c *Console) expectations(v visit) (page, error) {
	get := v.URL.Query()
	out := expectationsPage{Team: get.Get("team"), Account: get.Get("account")}
	sums, err := c.scores.of(v.now, standing.Group{Account: out.Account, Team: out.Team}, func(of standing.Group, since time.Time) (sums, error) {
		return c.sumUp(v.Context(), of, since)
	})
	if err != nil {
		return page{}, err
	}
	k := c.Knowledge()
	for _, t := range sums.all {
		out.All, out.Day = t.Now, t.Day
		out.Share, out.Known = t.Now.Share()
		out.Chart = lineOf("Passes", sharesOf(t.Days))
	}
	out.Accounts = scoreRows(sums.accounts, func(t standing.Trend) (string, string) { return t.Account, k.Accounts[t.Account] })
	out.Teams = scoreRows(sums.teams, func(t standing.Trend) (string, string) { return cmp.Or(t.Team, "nobody"), "" })
	out.Expectations = scoreRows(sums.expectations, func(t standing.Trend) (string, string) { return t.Expectation, "" })
	for _, w := range k.Waivers {
		left := w.Expires.End().Sub(v.now)
		out.Waivers = append(out.Waivers, waiverRow{w, w.Place(), left, left <= 0})
	}
	slices.SortStableFunc(out.Waivers, func(a, b waiverRow) int { return cmp.Compare(a.Left, b.Left) })
	return page{name: "expectations", title: "Expectations", here: "/expectations", content: out}, nil
}

// sharesOf are the days of which it is known what passed, in hundredths.
func sharesOf(days []standing.Past) (out []dayValue) {
	for _, d := range days {
		if share, ok := d.Share(); ok {
			out = append(out, dayValue{d.Day, share * 100})
		}
	}
	return out
}

// scoreRows are trends with the worst first.
func scoreRows(all []standing.Trend, name func(standing.Trend) (string, string)) (out []scoreRow) {
	for _, t := range all {
		r := scoreRow{Now: t.Now, Points: points(t.Days)}
		r.Name, r.Title = name(t)
		share, ok := t.Now.Share()
		if r.Share = share; !ok {
			continue
		}
		if t.Week != nil {
			if was, ok := t.Week.Share(); ok {
				r.Week = fmt.Sprintf("%+.1f", (share-was)*100)
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b scoreRow) int { return cmp.Compare(a.Share, b.Share) })
	return out
}

// expectationPage is one expectation with what fails it.
type expectationPage struct {
	*expect.Expectation
	Rows     []scoreRow // by account
	Findings finding.Page
	More     string
}

func (c *Console) expectation(v visit) (page, error) {
	k := c.Knowledge()
	e, ok := k.Expectation(v.PathValue("id"))
	if !ok {
		return page{}, fault.New(fault.NotFound, "there is no expectation %q", v.PathValue("id"))
	}
	out := expectationPage{Expectation: e}
	sums, since := standing.NewTrends(standing.By{Account: true}), standing.Day(v.now).AddDate(0, 0, -scoreDays)
	err := c.Reader.View(v.Context(), func(tx Tx) error {
		found, err := tx.Scores(v.Context(), standing.Group{Expectation: out.ID}, since)
		if err != nil {
			return err
		}
		for _, x := range found {
			sums.Add(x)
		}
		out.Findings, err = tx.FindingPage(v.Context(), finding.Query{By: out.ID, After: v.URL.Query().Get("after"), Size: 25})
		return err
	})
	out.Rows = scoreRows(sums.All(since), func(t standing.Trend) (string, string) { return t.Account, k.Accounts[t.Account] })
	if out.Findings.Next != "" {
		out.More = onward(v.URL, out.Findings.Next)
	}
	return page{name: "expectation", title: out.Title, here: "/expectations", content: out}, err
}
