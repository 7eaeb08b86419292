package cli

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// scoring is what a person can say to score.
type scoring struct {
	of    standing.Group
	by    []string
	since string
	form  format
}

// What scores can be told apart by.
const byExpectation, byAccount, byTeam = "expectation", "account", "team"

// keptDays is how many days are known.
const keptDays = 400

func (s *shell) score() *cobra.Command {
	var o scoring
	c := &cobra.Command{
		Use:   "score [--expectation ID] [--account ID] [--team T] [--by PART]… [--since 30d] [--format table|json]",
		Short: "Say how much of what exists is as expected, and whether that grows",
		Long: `Says for each expectation, account and team what share of the resources passes, by what the store of ` + "`jobzero serve`" + ` with the same
settings knows, and how that was a week and a month before. It is added up after every sweep and at least once a day.

What could not be judged is not passed: it counts as judged, and is shown beside. So is what is waived. Changes are in points of a
hundred; "-" means that nothing was added up then. JSON has every day since --since, which goes back 400 days at the most.`,
		Example: `  jobzero score
  jobzero score --by team
  jobzero score --expectation s3-bucket-encryption --account 111122223333
  jobzero score --by account --since 90d --format json | jq '{account, days: [.days[] | .pass]}'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runScore(cmd.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.of.Expectation, "expectation", "", "only the expectation of this `ID`")
	f.StringVar(&o.of.Account, "account", "", "only of this account `ID`")
	f.StringVar(&o.of.Team, "team", "", "only what this team or person (`NAME`) owns")
	parts := []string{byExpectation, byAccount, byTeam}
	wordsFlag(c, &o.by, "by", "tell apart by this, repeatable (default: all three)", parts)
	f.StringVar(&o.since, "since", "30d", "how far back the days of JSON go (`DAYS`, such as 30d)")
	o.form.flag(c)
	return c
}

var daysForm = regexp.MustCompile(`^([1-9]\d{0,2})d$`)

func (s *shell) runScore(ctx context.Context, o scoring) error {
	m := daysForm.FindStringSubmatch(o.since)
	if m == nil {
		return fault.New(fault.Invalid, "--since %s: want days, such as 30d", o.since)
	}
	days, err := strconv.Atoi(m[1])
	if err != nil || days > keptDays {
		return fault.New(fault.Invalid, "--since %s: days are kept for %dd", o.since, keptDays)
	}
	by := standing.By{Expectation: true, Account: true, Team: true}
	if len(o.by) > 0 {
		by = standing.By{Expectation: slices.Contains(o.by, byExpectation), Account: slices.Contains(o.by, byAccount), Team: slices.Contains(o.by, byTeam)}
	}
	today := standing.Day(s.now())
	sums := standing.NewTrends(by)
	err = s.with(ctx, func(st *store.Store) error {
		return sumUp(ctx, st, o.of, today.AddDate(0, 0, -max(days, 30+2*standing.Slack)), sums)
	})
	if err != nil {
		return err
	}
	all := sums.All(today.AddDate(0, 0, -days))
	if o.form == formatJSON {
		return s.scoreList(all)
	}
	return s.scoreTable(all, by)
}

// sumUp reads what was added up, one expectation at a time.
func sumUp(ctx context.Context, st *store.Store, of standing.Group, since time.Time, into *standing.Trends) error {
	only := of.Expectation
	for id, more := only, true; ; {
		var found []standing.Score
		err := st.View(ctx, func(tx *store.Tx) (err error) {
			if only == "" {
				if id, more, err = tx.Scored(ctx, id); err != nil || !more {
					return err
				}
			}
			of.Expectation = id
			found, err = tx.Scores(ctx, of, since)
			return err
		})
		for _, x := range found {
			into.Add(x)
		}
		if err != nil || !more || only != "" {
			return err
		}
	}
}

// scored is a trend with its share, for machines.
type scored struct {
	Share float64 `json:"share"` // that passes, 0 to 1
	standing.Trend
}

func (s *shell) scoreList(all []standing.Trend) error {
	out := make([]scored, len(all))
	for i, t := range all {
		out[i] = scored{t.Share(), t}
	}
	return list(s, out)
}

func (s *shell) scoreTable(all []standing.Trend, by standing.By) error {
	if len(all) == 0 {
		return s.print("Nothing has been added up yet: `jobzero serve` does so after a sweep.")
	}
	t := table{}
	for _, c := range []struct {
		name string
		on   bool
	}{{"EXPECTATION", by.Expectation}, {"ACCOUNT", by.Account}, {"TEAM", by.Team}} {
		if c.on {
			t.columns = append(t.columns, column{name: c.name, give: 1})
		}
	}
	for _, name := range []string{"PASSES", "WEEK", "MONTH", "PASS", "FAIL", "UNKNOWN", "WAIVED"} {
		t.columns = append(t.columns, column{name: name})
	}
	for _, x := range all {
		var row []string
		for _, c := range []struct {
			text string
			on   bool
		}{{x.Expectation, by.Expectation}, {x.Account, by.Account}, {x.Team, by.Team}} {
			if c.on {
				row = append(row, orDash(c.text))
			}
		}
		t.add(append(row, percent(x.Share()), change100(x.Share(), x.Week), change100(x.Share(), x.Month),
			strconv.Itoa(x.Now.Pass), strconv.Itoa(x.Now.Fail), strconv.Itoa(x.Now.Unknown), strconv.Itoa(x.Now.Waived))...)
	}
	return t.write(s.out)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// percent never says 100 where something is missing.
func percent(share float64) string { return fmt.Sprintf("%.1f%%", math.Floor(share*1000)/10) }

// change100 is how many points of a hundred more pass than before.
func change100(now float64, before *standing.Count) string {
	if before == nil {
		return "-"
	}
	was, ok := before.Share()
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%+.1f", (now-was)*100)
}
