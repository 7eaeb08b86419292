package baseline_test

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/test/genlogs/cloudlog"
)

// months is a made-up organisation of some hundred principals over four weeks.
var months = cloudlog.Options{Seed: 7, Events: 250_000, Span: 28 * 24 * time.Hour, Plant: 1 << 30}

func TestX(t *testing.T) {
	all := history(t, months)
	for _, budget := range []float64{1, 10, 50} {
		l := baseline.New(baseline.Options{Budget: budget})
		var stories []*baseline.Story
		var snap []byte
		var victims []*event.Event
		cut := all[len(all)*3/4].Time
		seen := map[string]int{}
		for _, e := range all {
			if snap == nil && e.Time.After(cut) {
				snap = l.Snapshot()
			}
			p := e.Actor.Principal()
			if seen[p]++; snap == nil && seen[p] == 300 && (e.Actor.Type == "IAMUser" || e.Actor.Type == "AssumedRole" && e.Actor.InvokedBy == "") {
				victims = append(victims, e)
			}
			_, st := l.Take(e, baseline.Of(e))
			if st != nil {
				stories = append(stories, st)
			}
		}
		t.Log("budget", budget, "benign stories", len(stories), l.Counts(), l.Days(), len(snap), len(victims))
		for i, s := range stories {
			if budget==50 && i<5 {
				t.Log("\n" + s.Why())
			}
		}
		all := map[string][]*event.Event{}
		var names []string
		for _, d := range detonations(t) {
			all[d.name] = d.events
			names = append(names, d.name)
		}
		all["invictus"] = intrusion(t)
		names = append(names, "invictus")
		for _, name := range names {
			told, line := 0, ""
			for i := range 8 {
				v := *victims[i*len(victims)/8]
				if i >= 6 {
					v.Actor = event.Actor{Type: "IAMUser", ARN: "arn:aws:iam::" + v.Account + ":user/newcomer", UserName: "newcomer", Account: v.Account, AccessKey: "AKIANEWCOMERNEWCOMER"}
				}
				r, err := baseline.Restore(baseline.Options{Budget: budget}, snap)
				if err != nil {
					t.Fatal(err)
				}
				st := false
				for _, e := range moved(all[name], cut.Add(time.Hour), &v) {
					_, s := r.Take(e, baseline.Of(e))
					if s != nil && budget == 1 && !st && (name == "invictus" || name == "aws.execution.ssm-send-command") && (i == 2 || i == 6) {
						t.Log("\n" + s.Why())
					}
					st = st || s != nil
				}
				if st {
					told++
				}
				x := r.Story(v.Actor.Principal())
				line += fmt.Sprintf(" %.1f", x.Risk)
				if !st {
					line += "-"
				}
			}
			t.Log(budget, name, len(all[name]), told, line)
		}
	}
}
