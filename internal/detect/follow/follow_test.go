package follow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

const rules = `title: Log-in failed
id: failed
name: failed
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ConsoleLogin, errorMessage: Failed authentication}
  condition: s
---
title: Log-in worked
id: worked
name: worked
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ConsoleLogin, errorMessage: null}
  condition: s
---
title: Many failures
id: many
name: many
level: high
correlation:
  type: event_count
  rules: [failed]
  group-by: [sourceIPAddress]
  timespan: 10m
  condition: {gte: 3}
---
title: Many failures and then one that worked
id: broken-in
level: critical
correlation:
  type: temporal_ordered
  rules: [many, worked]
  group-by: [sourceIPAddress]
  timespan: 1h
---
title: Failed and never came back
id: gave-up
level: low
correlation:
  type: temporal
  rules: [failed, worked]
  group-by: [sourceIPAddress]
  timespan: 1h
  condition: failed and not worked
`

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// attempt is a log-in from an address at a minute.
func attempt(n int, address string, minute int, failed bool) *event.Event {
	message := "null"
	if failed {
		message = `"Failed authentication"`
	}
	id := fmt.Sprintf("e-%d", n)
	return &event.Event{
		ID: event.ID(id), Account: "111122223333", Time: start.Add(time.Duration(minute) * time.Minute),
		Raw: []byte(`{"eventName":"ConsoleLogin","eventID":"` + id + `","sourceIPAddress":"` + address + `","errorMessage":` + message + `}`),
	}
}

// run follows events in the order given and gives what is final, a line each.
func run(t *testing.T, text string, events []*event.Event) []string {
	t.Helper()
	set, errs := sigma.Read("r.yml", []byte(text), sigma.Options{})
	linked, more := set.Link()
	f, bad := follow.New(linked, follow.Options{Lateness: 24 * time.Hour})
	if all := slices.Concat(errs, more, bad); len(all) > 0 {
		t.Fatal(all)
	}
	engine := sigma.NewEngine(linked.Rules)
	var out []string
	keep := func(all []correlate.Firing) {
		for _, x := range all {
			if x.Final {
				out = append(out, fmt.Sprintf("%s %s %d", x.Correlation, strings.Join(x.Group, ","), x.Count))
			}
		}
	}
	for _, e := range events {
		keep(f.Take(f.Hits(e, engine.Detect(e.Record()), func() string { return string(e.ID) })))
	}
	keep(f.End())
	slices.Sort(out)
	return out
}

// Four failures and a success from one address, two failures from another: whatever order they arrive in.
func TestChainOfCorrelations(t *testing.T) {
	events := []*event.Event{
		attempt(1, "198.51.100.7", 0, true), attempt(2, "198.51.100.7", 1, true), attempt(3, "198.51.100.7", 2, true), attempt(4, "198.51.100.7", 3, true),
		attempt(5, "198.51.100.7", 20, false), attempt(6, "203.0.113.9", 0, true), attempt(7, "203.0.113.9", 5, true),
	}
	want := run(t, rules, events)
	got := strings.Join(want, "\n")
	for _, line := range []string{"many 198.51.100.7 4", "broken-in 198.51.100.7", "gave-up 203.0.113.9"} {
		if !strings.Contains(got, line) {
			t.Errorf("%q is missing in:\n%s", line, got)
		}
	}
	for _, line := range []string{"many 203.0.113.9", "broken-in 203.0.113.9", "gave-up 198.51.100.7"} {
		if strings.Contains(got, line) {
			t.Errorf("%q is wrong in:\n%s", line, got)
		}
	}
	slices.Reverse(events)
	if again := run(t, rules, events); !slices.Equal(again, want) {
		t.Errorf("in another order:\n%s\nwant:\n%s", strings.Join(again, "\n"), got)
	}
}

// The rules that only serve a correlation of their own text are silent; what cannot be run is said and stops nothing else.
func TestSilentAndRefused(t *testing.T) {
	text := rules + `---
title: Share of one user
id: share
correlation:
  type: value_percentile
  rules: [worked]
  group-by: [recipientAccountId]
  timespan: 1h
  condition: {field: userIdentity.userName, gte: 50}
`
	set, _ := sigma.Read("r.yml", []byte(text), sigma.Options{})
	linked, errs := set.Link()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	f, bad := follow.New(linked, follow.Options{})
	if len(bad) != 1 || !strings.Contains(bad[0].Error(), "r.yml:") || !strings.Contains(bad[0].Error(), "not run yet") {
		t.Errorf("want one refusal with a place, got %v", bad)
	}
	if f.Idle() || !f.Silent("failed") || !f.Silent("worked") || !f.Silent("many") || f.Silent("broken-in") {
		t.Errorf("silent: failed %v, worked %v, many %v, broken-in %v", f.Silent("failed"), f.Silent("worked"), f.Silent("many"), f.Silent("broken-in"))
	}
}

// whoever says who is behind an event, by its session.
type whoever map[string]string

func (w whoever) Lineage(r *event.Record) rawjson.Value {
	for session, root := range w {
		if strings.Contains(string(r.Raw), session) {
			return rawjson.Value(`{"root":"` + root + `"}`)
		}
	}
	return nil
}

// Events of three sessions are one person's: group-by lineage.root counts them together, and value_count the roles.
func TestGroupByLineage(t *testing.T) {
	const text = `title: Bucket was deleted
id: deleted
name: deleted
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: DeleteBucket}
  condition: s
---
title: One person through many roles
id: roles
correlation:
  type: value_count
  rules: [deleted]
  group-by: [lineage.root]
  timespan: 1h
  condition: {field: role, gte: 3}
`
	set, errs := sigma.Read("r.yml", []byte(text), sigma.Options{})
	linked, more := set.Link()
	from := whoever{"s-1": "kim", "s-2": "kim", "s-3": "kim", "s-4": "tom", "s-5": "tom"}
	f, bad := follow.New(linked, follow.Options{Lateness: time.Hour, Lineage: from})
	if all := slices.Concat(errs, more, bad); len(all) > 0 {
		t.Fatal(all)
	}
	engine := sigma.NewEngineWith(linked.Rules, from)
	for n := range 5 {
		e := &event.Event{
			ID: event.ID(fmt.Sprint("e-", n)), Account: "111122223333", Time: start.Add(time.Duration(n) * time.Minute),
			Raw: fmt.Appendf(nil, `{"eventName":"DeleteBucket","session":"s-%d","role":"r-%d"}`, n+1, n),
		}
		f.Take(f.Hits(e, engine.Detect(e.Record()), func() string { return string(e.ID) }))
	}
	fired := f.End()
	if len(fired) != 1 || !slices.Equal(fired[0].Group, []string{"kim"}) || fired[0].Count != 3 {
		t.Errorf("got %+v", fired)
	}
}
