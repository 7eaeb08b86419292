package explain_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/org"
)

const rules = `title: Log-in failed
id: failed
level: low
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ConsoleLogin, errorMessage: Failed authentication}
  office: {sourceIPAddress|cidr: 203.0.113.0/24}
  condition: s and not office
---
title: Not the tester
id: tester
logsource: {product: aws, service: cloudtrail}
filter: {rules: [failed], selection: {userName: tester}, condition: selection}
---
title: Only there
id: there
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ConsoleLogin}, condition: s}
jobzero: {where: {accounts: ['4444*']}, levels: [{where: {accounts: [444455556666]}, level: critical}]}
---
title: Of another log
id: windows
logsource: {product: windows, service: security}
detection: {s: {eventName: ConsoleLogin}, condition: s}
---
title: Many failures
id: many
level: high
correlation: {type: event_count, rules: [failed], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}}
---
title: Failed and then worked
id: then
level: high
correlation: {type: temporal, rules: [failed, never], group-by: [sourceIPAddress], timespan: 10m}
---
title: Never seen
id: never
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: Nothing}, condition: s}
`

func set(t *testing.T) sigma.Set {
	t.Helper()
	s, errs := sigma.Read("r.yml", []byte(rules), sigma.Options{})
	linked, bad := s.Link()
	if all := append(errs, bad...); len(all) > 0 {
		t.Fatal(all)
	}
	return linked
}

func login(n int, account, address, user string, minute int) *event.Event {
	return &event.Event{
		ID: event.ID(fmt.Sprint("e-", n)), Account: account, Name: "ConsoleLogin", Time: time.Date(2026, 3, 1, 10, minute, 0, 0, time.UTC),
		Raw: []byte(fmt.Sprintf(`{"eventName":"ConsoleLogin","errorMessage":"Failed authentication","sourceIPAddress":%q,"userName":%q}`, address, user)),
	}
}

func TestOf(t *testing.T) {
	byID := map[string]*sigma.Compiled{}
	for _, r := range set(t).Rules {
		byID[r.ID] = r
	}
	scopes := scope.New(set(t), &org.Org{})
	const away, office = "198.51.100.7", "203.0.113.9"
	for name, c := range map[string]struct {
		rule    string
		e       *event.Event
		verdict explain.Verdict
		why     string
		level   string
	}{
		"fires":        {"failed", login(1, "111122223333", away, "mia", 0), explain.Fired, "s matched: eventName", "low"},
		"condition":    {"failed", login(1, "111122223333", office, "mia", 0), explain.Quiet, `office matched: sourceIPAddress|cidr = "203.0.113.9" matches in 203.0.113.0/24`, ""},
		"filter":       {"failed", login(1, "111122223333", away, "tester", 0), explain.Filtered, "the filter Not the tester leaves the event out", ""},
		"both":         {"failed", login(1, "111122223333", office, "tester", 0), explain.Quiet, "office matched", ""},
		"out of scope": {"there", login(1, "111122223333", away, "mia", 0), explain.OutOfScope, "it does not count in account 111122223333", ""},
		"other level":  {"there", login(1, "444455556666", away, "mia", 0), explain.Fired, "s matched", "critical"},
		"in scope":     {"there", login(1, "444400000000", away, "mia", 0), explain.Fired, "s matched", "high"},
		"idle":         {"windows", login(1, "111122223333", away, "mia", 0), explain.Idle, "product windows, service security", ""},
		"other event":  {"never", login(1, "111122223333", away, "mia", 0), explain.Quiet, `eventName = "ConsoleLogin" does not match "Nothing"`, ""},
	} {
		a, err := explain.Of(byID[c.rule], c.e, scopes)
		if err != nil || a.Verdict != c.verdict || !strings.Contains(a.Why, c.why) || a.Level != c.level || a.Event.ID != "e-1" || a.Condition == nil {
			t.Errorf("%s: %s because %s (%s), %v", name, a.Verdict, a.Why, a.Level, err)
		}
	}
	if _, err := explain.Of(byID["never"], &event.Event{Raw: []byte("{")}, nil); err == nil {
		t.Error("broken JSON was explained")
	}
}

func watch(t *testing.T, events ...*event.Event) map[string]explain.Account {
	t.Helper()
	w, bad := explain.NewWatch(set(t))
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	for _, e := range events {
		w.Take(e)
	}
	out := map[string]explain.Account{}
	for _, a := range w.End() {
		out[a.ID] = a
	}
	return out
}

// A correlation is explained group by group, in whatever order its events come.
func TestWatch(t *testing.T) {
	a, b := "198.51.100.7", "198.51.100.8"
	events := []*event.Event{
		login(4, "111122223333", a, "mia", 30), login(1, "111122223333", a, "mia", 0), login(3, "111122223333", b, "kim", 2), login(2, "111122223333", a, "mia", 9),
	}
	got := watch(t, events...)
	many := got["many"]
	if many.Verdict != explain.Quiet || len(many.Groups) != 2 || !strings.Contains(many.Why, "the nearest has 2 of failed (wanted: at least 3)") {
		t.Errorf("%+v", many)
	}
	if g := many.Groups[0]; g.Values[0] != a || g.Hits != 2 || g.Value != 2 || g.Holds || !strings.Contains(g.Found, "2 of failed") {
		t.Errorf("%+v", g)
	}
	if then := got["then"]; then.Verdict != explain.Quiet || !strings.Contains(then.Why, "no event matched never") || len(then.Groups) == 0 || then.Groups[0].Absent[0] != "never" {
		t.Errorf("%+v", then)
	}
	many = watch(t, append(events, login(5, "111122223333", a, "mia", 5))...)["many"]
	if many.Verdict != explain.Fired || many.Level != "high" || !strings.Contains(many.Why, "3 of failed, within 10m") || !many.Groups[0].Holds {
		t.Errorf("%+v", many)
	}
	if none := watch(t)["many"]; none.Verdict != explain.Quiet || !strings.Contains(none.Why, "no event matched failed") {
		t.Errorf("without events: %+v", none)
	}
}

// Many groups are counted and the nearest shown.
func TestWatchManyGroups(t *testing.T) {
	var events []*event.Event
	for i := range 60 {
		events = append(events, login(i, "111122223333", fmt.Sprintf("198.51.100.%d", i%50), "mia", i%60))
	}
	a := watch(t, events...)["many"]
	if len(a.Groups) != 10 || a.MoreGroups != 40 {
		t.Errorf("%d groups and %d more", len(a.Groups), a.MoreGroups)
	}
}
