package baseline_test

import (
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/test/genlogs/cloudlog"
)

// month is a made-up organisation of some hundred principals over four weeks in which nothing bad happens.
var month = cloudlog.Options{Seed: 2026, Events: 120_000, Span: 28 * 24 * time.Hour, Plant: 1 << 30}

// budgets are stories a day per 1,000 active principals.
var budgets = []float64{1, 5, 20}

// quiet is what became of a month without an attack: the stories that were told for nothing, and what was known after three
// quarters of it.
type quiet struct {
	stories  int
	days     float64 // of principals on which a story could be told
	judged   int     // events
	snapshot []byte
	victims  []*event.Event // the last event of each principal that has keys somebody can take
	at       time.Time
}

func spend(all []*event.Event, budget float64) (q quiet) {
	l := baseline.New(baseline.Options{Budget: budget})
	last, order := map[string]*event.Event{}, []string{}
	active := map[[2]string]bool{}
	for i, e := range all {
		if i == len(all)*3/4 {
			q.snapshot, q.at = l.Snapshot(), e.Time
			for _, p := range order {
				q.victims = append(q.victims, last[p])
			}
		}
		who := baseline.Of(e)
		if q.snapshot == nil && who.Principal != "" && e.Actor.InvokedBy == "" && (e.Actor.Type == "IAMUser" || e.Actor.Type == "AssumedRole") {
			if last[who.Principal] == nil {
				order = append(order, who.Principal)
			}
			last[who.Principal] = e
		}
		if _, story := l.Take(e, who); story != nil {
			q.stories++
		}
		if who.Principal != "" && e.Time.Sub(all[0].Time) > 7*24*time.Hour {
			active[[2]string{who.Principal, e.Time.Format(time.DateOnly)}] = true
			q.judged++
		}
	}
	q.days = float64(len(active))
	return q
}

// attack runs an attack with what a principal has, or as a new user of its account. It gives the risk, and on one of how many
// days of principals it is as high.
func (q *quiet) attack(tb testing.TB, events []*event.Event, victim *event.Event, newcomer bool) (risk, oneIn float64) {
	tb.Helper()
	l, err := baseline.Restore(baseline.Options{}, q.snapshot)
	if err != nil {
		tb.Fatal(err)
	}
	as := &event.Event{Account: victim.Account, Region: victim.Region, Actor: victim.Actor}
	if newcomer {
		as.Actor = event.Actor{Type: "IAMUser", ARN: "arn:aws:iam::" + as.Account + ":user/newcomer", Account: as.Account, AccessKey: "AKIANEWCOMERNEWCOMER"}
	}
	highest, told := 0.0, false
	for _, e := range moved(events, q.at.Add(time.Hour), as) {
		_, story := l.Take(e, baseline.Of(e))
		told = told || story != nil
		if r := l.Story(as.Actor.Principal()); r.OneIn > highest {
			highest, risk = r.OneIn, max(risk, r.Risk)
		}
	}
	if told && highest < 1000/budgets[0] {
		tb.Errorf("told, though the risk of %.1f is as high on one in %.0f days", risk, highest)
	}
	return risk, highest
}

// TestCorpus puts published attacks into a month of made-up work, each against principals of all kinds and as a newcomer, and
// counts what is told at several budgets, and what is told for nothing.
func TestCorpus(t *testing.T) {
	attacks := append(detonations(t), detonation{"an hour of many techniques", intrusion(t)})
	all := history(t, month)
	q := spend(all, budgets[0])
	const victims = 8 // every fourth of them a newcomer
	raised, told := 0, make([]float64, len(budgets))
	for _, a := range attacks {
		mean, tellings := 0.0, make([]int, len(budgets))
		for i := range victims {
			risk, oneIn := q.attack(t, a.events, q.victims[i*len(q.victims)/victims], i%4 == 3)
			mean += risk / victims
			for b, budget := range budgets {
				if risk >= 5 && oneIn >= 1000/budget {
					tellings[b]++
					told[b] += 1.0 / victims
				}
			}
		}
		if mean >= 3 {
			raised++
		}
		t.Logf("%-66s mean risk %4.1f, told for %v of %d principals at budgets of %v", a.name, mean, tellings, victims, budgets)
		if a.name == attacks[len(attacks)-1].name && tellings[0] < victims {
			t.Error("an attack of an hour was not told for each principal")
		}
	}
	if raised < len(attacks)*3/4 {
		t.Errorf("only %d of %d attacks raised the risk", raised, len(attacks))
	}
	for b, budget := range budgets {
		q := spend(all, budget)
		rate := float64(q.stories) / q.days * 1000
		t.Logf("budget %2.0f: of %d attacks %.1f told, the risk raised by %d; without an attack %d stories in %d events and %.0f days of principals: "+
			"%.1f a day per 1,000, %.1f per 100,000 events; precision %.2f when each attack comes once",
			budget, len(attacks), told[b], raised, q.stories, q.judged, q.days, rate, float64(q.stories)/float64(q.judged)*1e5, told[b]/(told[b]+float64(q.stories)))
		if rate > 2*budget+2 {
			t.Errorf("%.1f stories a day per 1,000 principals, the budget is %.0f", rate, budget)
		}
	}
}
