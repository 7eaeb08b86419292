package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket/rates"
)

// What rates can be told apart by.
const byPlaybook, byRule, byVerdict = "playbook", "rule", "verdict"

func (s *shell) ticketRates() *cobra.Command {
	var (
		form      format
		by, since string
	)
	c := &cobra.Command{
		Use:   "rates [--since 30d] [--by playbook|rule|verdict] [--format table|json]",
		Short: "Say how many tickets were closed without a person, and how often that was wrong",
		Long: `Counts each time that a ticket was opened since --since, by what had a part in it: the playbook that ran last, the rule or
expectation of its finding, or the verdict that was believed. It reads the rows of the store of ` + "`jobzero serve`" + ` alone.

ALONE are those that software closed while no person did anything for them; SHARE is their part of all. Of them, REOPENED were
opened again by a person, and CAME BACK because it was seen again. FALSE is the part of the reviewed ones that a person found
closed wrongly, by ` + "`jobzero ticket review`" + `; "-" means that nobody has reviewed any, and not that none is wrong.`,
		Example: `  jobzero ticket rates
  jobzero ticket rates --since 90d --by verdict
  jobzero ticket rates --by rule --format json | jq 'select(.closed_alone > 0) | {of, share, false_close_rate}'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			days, err := s.daysBack(since)
			if err != nil {
				return err
			}
			return s.runRates(cmd.Context(), days, by, form)
		},
	}
	f := c.Flags()
	f.StringVar(&since, "since", "30d", "only tickets opened so many days ago or later (`DAYS`, such as 30d)")
	by = byPlaybook
	wordFlag(c, &by, "by", "tell apart by this", byPlaybook, byRule, byVerdict)
	form.flag(c)
	return c
}

// daysBack is the time that some days before now is.
func (s *shell) daysBack(since string) (time.Time, error) {
	m := daysForm.FindStringSubmatch(since)
	if m == nil {
		return time.Time{}, fault.New(fault.Invalid, "--since %s: want days, such as 30d", since)
	}
	days, err := strconv.Atoi(m[1])
	return s.now().AddDate(0, 0, -days), err
}

func (s *shell) runRates(ctx context.Context, since time.Time, by string, form format) error {
	sums := rates.New(func(c rates.Case) string {
		return map[string]string{byPlaybook: c.Playbook, byRule: c.Rule, byVerdict: c.Verdict}[by]
	})
	untold := 0
	err := s.with(ctx, func(st *store.Store) (err error) {
		untold, err = app.Openings(ctx, st, since, sums.Add)
		return err
	})
	if err != nil {
		return err
	}
	groups, sum := sums.Rates()
	if untold > 0 {
		s.complain("jobzero: %s not counted: the timeline is from before it said who closed what", plural(untold, "ticket"))
	}
	if form == formatJSON {
		out := make([]rated, 0, len(groups)+1)
		for _, r := range append(groups, sum) {
			out = append(out, ratedOf(r))
		}
		return list(s, out)
	}
	if sum.All == 0 {
		return s.print("No tickets were opened since %s.", since.UTC().Format(time.DateOnly))
	}
	t := table{columns: []column{
		{name: map[string]string{byPlaybook: "PLAYBOOK", byRule: "RULE", byVerdict: "VERDICT"}[by], give: 1},
		{name: "TICKETS"},
		{name: "OPEN"},
		{name: "ALONE"},
		{name: "BY VERDICT"},
		{name: "SHARE"},
		{name: "CAME BACK"},
		{name: "REOPENED"},
		{name: "REVIEWED"},
		{name: "WRONG"},
		{name: "FALSE"},
	}}
	for _, r := range append(groups, sum) {
		share, _ := r.Share()
		wrong := "-"
		if rate, ok := r.FalseClose(); ok {
			wrong = percent(rate)
		}
		t.add(orDash(r.Of), strconv.Itoa(r.All), strconv.Itoa(r.Open), strconv.Itoa(r.Alone), strconv.Itoa(r.Verdicts), percent(share),
			strconv.Itoa(r.Came), strconv.Itoa(r.Reopened), strconv.Itoa(r.Reviewed), strconv.Itoa(r.Wrong), wrong)
	}
	return t.write(s.out)
}

// rated is a rate for machines. False is null where nobody has reviewed any.
type rated struct {
	rates.Rate
	Share float64  `json:"share"`
	False *float64 `json:"false_close_rate"`
}

func ratedOf(r rates.Rate) rated {
	out := rated{Rate: r}
	out.Share, _ = r.Share()
	if rate, ok := r.FalseClose(); ok {
		out.False = &rate
	}
	return out
}
