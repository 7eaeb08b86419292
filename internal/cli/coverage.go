package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// covering is what a person can say to rules coverage.
type covering struct {
	ruling
	accounts []string
	within   time.Duration
	all      bool
	form     format
}

// covered is one rule and how it sees one account.
type covered struct {
	RuleID string   `json:"rule_id"`
	Title  string   `json:"title"`
	Needs  []string `json:"needs"` // one of them is enough to see something
	coverage.Answer
	Ways []reconcile.Tally `json:"ways,omitempty"` // of the account within the time, by region: both ways held against each other
}

func (s *shell) rulesCoverage() *cobra.Command {
	var o covering
	c := &cobra.Command{
		Use:   "coverage [--account ID]… [--within DURATION] [--all] [--format table|json]",
		Short: "Say which rules are blind in which account, and why",
		Long: `Holds what each rule needs against what the running house has heard from each account, by which way, and when last.

A rule sees an account live when what it needs comes by EventBridge, late when it comes by S3 alone, and is blind when nothing
of it has come --within the time. Data events are heard service by service, and only where a trail records them; reads come
live only when the EventBridge rule asks for all management events. An account from which nothing is heard is blind: silence is
no proof.

Where events come both ways they are held against each other: the second table, and "ways" in JSON, say for each region how many
management events both brought, how many EventBridge missed, how many S3 lacks, and how many were not compared because they came
too late for it.

The accounts are those of the settings, and all that were heard. The table sums up rules that see alike; --all and JSON name each.`,
		Example: `  jobzero rules coverage
  jobzero rules coverage --account 111122223333 --all
  jobzero rules coverage --format json | jq -r 'select(.sight == "blind") | .title'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runCoverage(cmd.Context(), o) },
	}
	o.ruling.flags(c)
	f := c.Flags()
	f.StringSliceVar(&o.accounts, "account", nil, "only this account `ID`; repeatable")
	f.DurationVar(&o.within, "within", 7*24*time.Hour, "how long ago something may have been heard and still count")
	f.BoolVar(&o.all, "all", false, "name each rule and account, those that see as well")
	o.form.flag(c)
	return c
}

func (s *shell) runCoverage(ctx context.Context, o covering) error {
	if o.within <= 0 {
		return fault.New(fault.Invalid, "--within %s: want a duration such as 168h", o.within)
	}
	set, err := s.rules(o.ruling)
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	return s.with(ctx, func(st *store.Store) error {
		heard, err := view(ctx, st, func(tx *store.Tx) ([]coverage.Heard, error) { return tx.Heard(ctx) })
		if err != nil {
			return err
		}
		ways, err := waysOf(ctx, st, s.now().Add(-o.within))
		if err != nil {
			return err
		}
		accounts := slices.Clone(o.accounts)
		if len(accounts) == 0 {
			for _, a := range settings.Accounts {
				accounts = append(accounts, a.ID)
			}
			for _, h := range heard {
				accounts = append(accounts, h.Account)
			}
		}
		slices.Sort(accounts)
		var out []covered
		for _, account := range slices.Compact(accounts) {
			for _, r := range set.Rules {
				if r.Idle != "" {
					continue
				}
				needs := coverage.Needs(r)
				c := covered{RuleID: r.ID, Title: r.Title, Answer: coverage.Judge(needs, account, heard, s.now().Add(-o.within)), Ways: ways[account]}
				for _, n := range needs {
					c.Needs = append(c.Needs, n.String())
				}
				out = append(out, c)
			}
		}
		return s.showCoverage(out, o)
	})
}

// waysOf is what the comparison of both ways came to for each account and region, since the day of a time.
func waysOf(ctx context.Context, st *store.Store, since time.Time) (map[string][]reconcile.Tally, error) {
	days, err := view(ctx, st, func(tx *store.Tx) ([]reconcile.Tally, error) { return tx.Tallies(ctx, reconcile.Day(since)) })
	out := map[string][]reconcile.Tally{}
	for _, d := range days { // by account, region and day
		all := out[d.Account]
		if last := len(all) - 1; last >= 0 && all[last].Region == d.Region {
			all[last].Add(d)
			continue
		}
		out[d.Account] = append(all, d)
	}
	return out, err
}

func (s *shell) showCoverage(all []covered, o covering) error {
	switch {
	case o.form == formatJSON:
		return list(s, all)
	case len(all) == 0:
		return s.print("No account is named in the settings, and none was heard.")
	case o.all:
		t := table{columns: []column{{name: "ACCOUNT"}, {name: "SIGHT"}, {name: "RULE", give: 2}, {name: "WHY", give: 1}}}
		for _, c := range all {
			t.add(c.Account, string(c.Sight), c.Title, c.Why)
		}
		return errors.Join(t.write(s.out), s.showWays(all))
	}
	type alike struct{ account, sight, why string }
	rules := map[alike]int{}
	var order []alike
	for _, c := range all {
		k := alike{c.Account, string(c.Sight), c.Why}
		if rules[k]++; rules[k] == 1 {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b alike) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.sight, b.sight), cmp.Compare(rules[b], rules[a]), cmp.Compare(a.why, b.why))
	})
	t := table{columns: []column{{name: "ACCOUNT"}, {name: "SIGHT"}, {name: "RULES"}, {name: "WHY", give: 1}}}
	for _, k := range order {
		t.add(k.account, k.sight, strconv.Itoa(rules[k]), k.why)
	}
	return errors.Join(t.write(s.out), s.showWays(all))
}

// showWays shows, once an account, how the two ways compare. Where nothing was compared there is nothing to show.
func (s *shell) showWays(all []covered) error {
	t := table{columns: []column{{name: "ACCOUNT"}, {name: "REGION"}, {name: "BOTH WAYS"}, {name: "MISSED LIVE"}, {name: "LACKING IN S3"}, {name: "NOT COMPARED"}}}
	account := ""
	for _, c := range all {
		if c.Account == account {
			continue
		}
		account = c.Account
		for _, w := range c.Ways {
			t.add(c.Account, w.Region, strconv.Itoa(w.Matched), strconv.Itoa(w.Missed), strconv.Itoa(w.Lacking), strconv.Itoa(w.Passed))
		}
	}
	if len(t.rows) == 0 {
		return nil
	}
	return errors.Join(s.print(""), t.write(s.out))
}
