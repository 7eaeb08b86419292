package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/detect/coverage"
	"jobzero/internal/expect/standing"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// accounting is what a person can say to accounts.
type accounting struct {
	ruling
	only   []string
	within time.Duration
	lacks  bool
	form   format
}

// accountCover is how far one account is covered, for programs.
type accountCover struct {
	standing.Account
	Name  string                     `json:"name,omitempty"`
	Unit  string                     `json:"unit,omitempty"`
	Heard map[coverage.Way]time.Time `json:"heard"` // when something came last, by the way that it came
	Rules map[coverage.Sight]int     `json:"rules"` // how many see it how
	Lacks []string                   `json:"lacks"` // in words; none: it is covered
}

func (s *shell) accounts() *cobra.Command {
	var o accounting
	c := &cobra.Command{
		Use:   "accounts [--account ID]… [--lacking] [--within DURATION] [--format table|json]",
		Short: "Say which accounts there are, and what of each is covered",
		Long: `Holds what the store of ` + "`jobzero serve`" + ` with the same settings knows against the organisation's own list of accounts:
which are watched, whether the reader role can read all lists of resources, how many of the expectations that apply
decide something, from which sources events come, and how many rules see it.

An account that is active and not watched is covered by nothing; one that is suspended or closed needs nothing. Where
nobody read the organisation's list, whether an account is in it is not known. A list of resources counts as read when
it was read to its end within twice the time that sweeps are apart; a source when something came --within the time.
What lacks is said in words.`,
		Example: `  jobzero accounts
  jobzero accounts --lacking
  jobzero accounts --format json | jq -r 'select(.state == "active" and (.watched | not)) | .account'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runAccounts(cmd.Context(), o) },
	}
	o.ruling.flags(c)
	f := c.Flags()
	f.StringSliceVar(&o.only, "account", nil, "only this account `ID`; repeatable")
	f.BoolVar(&o.lacks, "lacking", false, "only accounts that lack something")
	f.DurationVar(&o.within, "within", 7*24*time.Hour, "how long ago something may have been heard and still count")
	o.form.flag(c)
	return c
}

func (s *shell) runAccounts(ctx context.Context, o accounting) error {
	set, err := s.rules(o.ruling)
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	people, err := loaded(settings.Org, wantOrg, org.Parse)
	if err != nil {
		return err
	}
	var needs [][]coverage.Need
	for _, r := range set.Rules {
		if r.Idle == "" {
			needs = append(needs, coverage.Needs(r))
		}
	}
	var out []accountCover
	err = s.with(ctx, func(st *store.Store) error {
		heard, err := view(ctx, st, func(tx *store.Tx) ([]coverage.Heard, error) { return tx.Heard(ctx) })
		if err != nil {
			return err
		}
		all, err := s.coveredAccounts(ctx, st, settings)
		if err != nil {
			return err
		}
		by := map[string][]coverage.Heard{}
		for _, h := range heard {
			by[h.Account] = append(by[h.Account], h)
		}
		for _, a := range all {
			if len(o.only) > 0 && !slices.Contains(o.only, a.ID) {
				continue
			}
			x := accountCover{Account: a, Heard: map[coverage.Way]time.Time{}, Rules: map[coverage.Sight]int{}}
			x.named(settings, people)
			x.hears(by[a.ID], needs, s.now().Add(-o.within))
			if x.Lacks = x.lacking(); len(x.Lacks) > 0 || !o.lacks {
				out = append(out, x)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.showCovered(out, o)
}

// coveredAccounts gathers what the store knows.
func (s *shell) coveredAccounts(ctx context.Context, st *store.Store, settings config.Config) ([]standing.Account, error) {
	all := standing.NewAccounts(s.now(), settings.Sweep.Every)
	for _, a := range settings.Accounts {
		all.Watch(a.ID)
	}
	if err := listedAccounts(ctx, st, all); err != nil {
		return nil, err
	}
	const page = 1000
	for after := ""; ; {
		found, err := view(ctx, st, func(tx *store.Tx) ([]standing.Sweep, error) { return tx.Sweeps(ctx, after, page) })
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			all.Sweep(x)
			after = x.Place
		}
		if len(found) < page {
			break
		}
	}
	sums := standing.NewTrends(standing.By{Expectation: true, Account: true})
	today := standing.Day(s.now())
	if err := sumUp(ctx, st, standing.Group{}, today.AddDate(0, 0, -standing.Slack), sums); err != nil {
		return nil, err
	}
	for _, t := range sums.All(today.AddDate(0, 0, -standing.Slack)) {
		all.Score(t)
	}
	return all.All(), nil
}

// listedAccounts takes the organisation's list, wherever it was read.
func listedAccounts(ctx context.Context, st *store.Store, into *standing.Accounts) error {
	const page = 500
	return st.View(ctx, func(tx *store.Tx) error {
		for account, more, err := tx.StandingAccount(ctx, ""); more || err != nil; account, more, err = tx.StandingAccount(ctx, account) {
			if err != nil {
				return err
			}
			for after := ""; ; {
				rows, last, err := tx.StandingsTyped(ctx, resource.Ref{Type: resource.OrgAccount, Account: account}, after, page)
				if err != nil {
					return err
				}
				for _, r := range rows {
					into.List(r)
				}
				if after = last; len(rows) < page {
					break
				}
			}
		}
		return nil
	})
}

// named says what people call the account.
func (x *accountCover) named(settings config.Config, people *org.Org) {
	a, _ := people.Account(x.ID)
	x.Name, x.Unit = a.Name, a.Unit
	for _, c := range settings.Accounts {
		if c.ID == x.ID {
			x.Name = cmp.Or(c.Name, x.Name)
		}
	}
}

// hears says by which ways something came, and how rules see the account by that.
func (x *accountCover) hears(heard []coverage.Heard, rules [][]coverage.Need, since time.Time) {
	for _, h := range heard {
		if h.Last.After(x.Heard[h.Way]) {
			x.Heard[h.Way] = h.Last
		}
	}
	for way, last := range x.Heard {
		if last.Before(since) {
			delete(x.Heard, way)
		}
	}
	if !x.Watched {
		return // nothing of it is asked for
	}
	for _, needs := range rules {
		x.Rules[coverage.Judge(needs, x.ID, heard, since).Sight]++
	}
}

// lacking says what is not covered. Of an account in which nothing runs, and of one that nobody watches, there is no more to say.
func (x *accountCover) lacking() (out []string) {
	say := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	switch {
	case x.State == standing.Ended:
		say(x.Watched, "it is still among the accounts of the settings")
		return out
	case !x.Watched:
		say(true, "nobody watches it: add it to the accounts of the settings, and give it the reader role")
		return out
	}
	say(x.State == standing.Unlisted, "the organisation does not have it")
	say(x.Read == 0, "nothing was read of late: look whether the reader role is there")
	say(x.Read > 0 && x.Read < x.Lists, "%s not read of late", plural(x.Lists-x.Read, "list"))
	say(x.Undecided > 0, "%s decided nothing", plural(x.Undecided, "expectation"))
	say(len(x.Heard) == 0, "nothing is heard from it")
	_, live := x.Heard[coverage.Live]
	say(len(x.Heard) > 0 && !live, "events come late, by S3 alone")
	say(len(x.Heard) > 0 && x.Rules[coverage.Blind] > 0, "%s blind (jobzero rules coverage)", plural(x.Rules[coverage.Blind], "rule"))
	return out
}

func (s *shell) showCovered(all []accountCover, o accounting) error {
	if o.form == formatJSON {
		return list(s, all)
	}
	t := table{columns: []column{
		{name: "ACCOUNT"},
		{name: "NAME"},
		{name: "UNIT"},
		{name: "STATE"},
		{name: "WATCHED"},
		{name: "LISTS READ"},
		{name: "EXPECTATIONS"},
		{name: "HEARD"},
		{name: "RULES SEE"},
		{name: "LACKS", give: 1},
	}}
	lacking := 0
	for i := range all {
		x := &all[i]
		if len(x.Lacks) > 0 {
			lacking++
		}
		watched := "no"
		if x.Watched {
			watched = "yes"
		}
		rules := x.Rules[coverage.SeesLive] + x.Rules[coverage.SeesLate]
		t.add(x.ID, cmp.Or(x.Name, "-"), cmp.Or(x.Unit, "-"), string(x.State), watched, part(x.Read, x.Lists), part(x.Expectations-x.Undecided, x.Expectations),
			x.ways(), part(rules, rules+x.Rules[coverage.Blind]), cmp.Or(strings.Join(x.Lacks, "; "), "-"))
	}
	if len(t.rows) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("%s, %d of them lacking something", plural(len(all), "account"), lacking)
	return nil
}

func part(n, of int) string {
	if of == 0 {
		return "-"
	}
	return strconv.Itoa(n) + "/" + strconv.Itoa(of)
}

// ways are those by which something came.
func (x *accountCover) ways() string {
	var out []string
	for way := range x.Heard {
		out = append(out, string(way))
	}
	slices.Sort(out)
	return cmp.Or(strings.Join(out, ", "), "-")
}
