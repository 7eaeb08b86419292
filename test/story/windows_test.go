package story

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jobzero/test/world"
)

const signIns = `title: Story log-in failed
id: story-failed
name: story-failed
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, condition: s}
---
title: Story log-in worked
id: story-worked
name: story-worked
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ConsoleLogin, errorMessage: null}, condition: s}
---
title: Many failures
id: story-many
name: story-many
level: high
correlation: {type: event_count, rules: [story-failed], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}, generate: true}
---
title: Many failures and then one that worked
id: story-broken-in
level: critical
correlation: {type: temporal_ordered, rules: [story-many, story-worked], group-by: [sourceIPAddress], timespan: 1h}
---
title: Failed and never came back
id: story-gave-up
level: low
correlation:
  type: temporal
  rules: [story-failed, story-worked]
  group-by: [sourceIPAddress]
  timespan: 1h
  condition: story-failed and not story-worked
`

// attempts are log-ins of an afternoon, from so many addresses.
func attempts(r *rand.Rand, addresses int, noon time.Time) (all []map[string]any) {
	for from := range addresses {
		for i := range 2 + r.IntN(9) {
			at := noon.Add(time.Duration(r.IntN(150*60)) * time.Second)
			all = append(all, signIn(fmt.Sprintf("%d-%d", from, i), address(from), at, r.IntN(4) > 0))
		}
	}
	r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	return all
}

// Hits wait and windows are open while a house is killed again and again, and they close while it is killed again and again. In
// the end it has found what the house has found that nobody disturbed, as often, and what replay finds in the same events.
func TestKilledWhileWindowsAreOpen(t *testing.T) {
	const late, soon = "lateness: 168h", "lateness: 1s" // no window closes with the one, and all do with the other
	queues := []string{queue(t), queue(t)}
	var houses []*world.House
	for _, q := range queues {
		h := begin(t, world.Options{Queue: q, Visibility: 2 * time.Second, More: late + "\ncontent: {rules: [rules]}\n"})
		file(t, h, "rules/sign-ins.yml", signIns)
		start(t, h)
		houses = append(houses, h)
	}
	calm, harassed := houses[0], houses[1]
	all := attempts(rand.New(rand.NewPCG(7, 7)), 24, time.Now().Add(-6*time.Hour))
	var last []map[string]any // from each address one more, much later: it opens nothing, and has its windows looked at
	for from := range 24 {
		last = append(last, signIn(fmt.Sprint("last-", from), address(from), time.Now(), false))
	}
	send := func(records []map[string]any) {
		for _, q := range queues {
			if err := shared.Post(t.Context(), q, world.Sandbox, records...); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range kills() {
		send(all[i*len(all)/kills() : (i+1)*len(all)/kills()])
		harried(t, harassed, 800*time.Millisecond)
	}
	drained(t, queues...)
	for _, h := range houses {
		again(t, h, late, soon)
		start(t, h)
	}
	send(last)
	for range kills() {
		harried(t, harassed, 700*time.Millisecond)
		if err := shared.Post(t.Context(), queues[1], world.Sandbox, last...); err != nil {
			t.Fatal(err)
		}
	}
	file(t, calm, "logs/all.json", written(t, append(all, last...)))
	want := replayed(t, calm, "story-", "replay", "--config", "jobzero.yaml", "logs")
	same(t, "left in peace", calm, "story-", want)
	same(t, "killed", harassed, "story-", want)
	t.Logf("%d kills over %d events: %d findings", 2*kills(), len(all), len(want))
}
