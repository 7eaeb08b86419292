package cli_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/expect/standing"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// standings keeps what five buckets came to, two of them by the first waiver of a file, and scores of today, a week and a month
// before: standings data/jobzero.db waivers.yaml.
func standings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: standings DATABASE WAIVERS")
	}
	text, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	waivers, err := org.ParseWaivers(args[1], text)
	ts.Check(err)
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	ts.Check(st.Update(ctx, func(tx *store.Tx) error {
		for n := range 5 {
			r := standing.Row{Ref: resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("shop-%d", n)}, Passing: []string{"s3-a"}}
			if n < 2 {
				r.Waived = []standing.Waived{{Expectation: "s3-b", Waiver: waivers.All()[0].ID()}, {Expectation: "s3-c", Waiver: waivers.All()[0].ID()}}
			}
			if err := tx.SaveStanding(ctx, r); err != nil {
				return err
			}
		}
		for id, failing := range map[string][]string{"111122223333": nil, "222233334444": {"account-is-watched"}, "333344445555": nil} {
			line := standing.Row{Ref: resource.Ref{Type: resource.OrgAccount, Account: "111122223333", ID: id}, Failing: failing}
			if id == "111122223333" {
				line.Passing = []string{"account-is-watched"}
			}
			if err := tx.SaveStanding(ctx, line); err != nil {
				return err
			}
		}
		for place, done := range map[string]time.Time{"111122223333|eu-west-1|AWS::S3::Bucket": time.Now(), "111122223333|eu-west-1|AWS::SQS::Queue": {}} {
			if err := tx.SaveSweep(ctx, standing.Sweep{Place: place, Began: time.Now(), Done: done}); err != nil {
				return err
			}
		}
		for ago, pass := range map[int]int{0: 6, 7: 4, 31: 2, 90: 1} {
			day := standing.Day(time.Now().AddDate(0, 0, -ago))
			scores := []standing.Score{
				{Group: standing.Group{Expectation: "s3-a", Team: "web"}, Count: standing.Count{Pass: pass, Fail: 8 - pass, Unknown: 1, Waived: 1}},
				{Group: standing.Group{Expectation: "s3-b"}, Count: standing.Count{Fail: 2}},
			}
			if err := tx.SaveScores(ctx, day, "111122223333", scores, time.Now()); err != nil {
				return err
			}
		}
		return tx.SaveScores(ctx, standing.Day(time.Now()), "444455556666", []standing.Score{{Group: standing.Group{Expectation: "s3-a", Team: "data"}, Count: standing.Count{Pass: 10}}}, time.Now())
	}))
}
