package standing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expect/standing"
	"jobzero/internal/resource"
)

func TestAccounts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	a := standing.NewAccounts(now, time.Hour)
	line := func(id string, judged ...string) standing.Row {
		return standing.Row{Ref: resource.Ref{Type: resource.OrgAccount, Account: "999988887777", ID: id}, Failing: judged}
	}
	a.List(line("111122223333", "account-is-watched"))
	a.List(line("222233334444", "account-is-watched"))
	a.List(line("333344445555"))
	a.Watch("111122223333")
	a.Watch("444455556666")
	a.Sweep(standing.Sweep{Place: "111122223333|r|A", Began: now, Done: now.Add(-time.Hour)})
	a.Sweep(standing.Sweep{Place: "111122223333|r|B", Began: now, Done: now.Add(-3 * time.Hour)})
	a.Sweep(standing.Sweep{Place: "111122223333|r|C", Began: now})
	for id, c := range map[string]standing.Count{"a": {Pass: 2, Unknown: 1}, "b": {Unknown: 4}, "c": {}} {
		a.Score(standing.Trend{Group: standing.Group{Expectation: id, Account: "111122223333"}, Now: c})
	}
	want := []standing.Account{
		{
			ID: "111122223333", State: standing.Active, Watched: true, Lists: 3, Read: 1, LastRead: now.Add(-time.Hour),
			Expectations: 2, Undecided: 1, Now: standing.Count{Pass: 2, Unknown: 5},
		},
		{ID: "222233334444", State: standing.Active},
		{ID: "333344445555", State: standing.Ended},
		{ID: "444455556666", State: standing.Unlisted, Watched: true},
	}
	if d := cmp.Diff(want, a.All()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAccountsWithoutTheList: where nobody read the organisation's list, whether an account is in it is not known.
func TestAccountsWithoutTheList(t *testing.T) {
	t.Parallel()
	a := standing.NewAccounts(time.Now(), time.Hour)
	a.Watch("111122223333")
	if got := a.All(); len(got) != 1 || got[0].State != standing.NotKnown {
		t.Errorf("%+v", got)
	}
}
