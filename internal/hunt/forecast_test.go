package hunt

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source/archive"
)

var march = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// alert is a finding of a rule about a role on a day of March.
func alert(rule, role string, day, n int) Hit {
	e := &event.Event{
		ID: event.ID(fmt.Sprint(rule, role, day, n)), Time: march.AddDate(0, 0, day), Account: "111122223333", Name: "GetObject", SourceIP: "198.51.100.7",
		UserAgent: fmt.Sprintf("agent/%d", n),
		Actor: event.Actor{
			Type: "AssumedRole", ARN: "arn:aws:sts::111122223333:assumed-role/" + role + "/s" + fmt.Sprint(n),
			IssuerARN: "arn:aws:iam::111122223333:role/" + role, IssuerName: role,
		},
	}
	return Hit{Event: e, Match: detect.Match{Rule: &detect.Rule{ID: rule, Title: "Rule " + rule, Level: finding.High}}}
}

func sum(f *Forecast, days int, w archive.Window) Outlook {
	s := Stats{Begin: march, End: march.AddDate(0, 0, days-1)}
	s.Events = 1000
	return f.Sum(s, w)
}

// Role deploy makes an alert nine times a day, each day; one attack makes 30 in a day by ten roles.
func TestForecast(t *testing.T) {
	f := NewForecast()
	for day := range 10 {
		for n := range 9 {
			f.Add(alert("noisy", "deploy", day, n))
		}
	}
	for n := range 30 {
		f.Add(alert("attack", fmt.Sprintf("r%d", n%10), 4, n))
	}
	o := sum(f, 10, archive.Window{})
	if o.Alerts.Total != 120 || o.Alerts.Most != 39 || o.Alerts.MostDay != "2026-03-05" || o.Alerts.Mean != 12 {
		t.Errorf("alerts %+v", o.Alerts)
	}
	if o.Tickets.Total != 20 || o.Tickets.Most != 11 || o.Tickets.Mean != 2 || len(o.ByDay) != 10 {
		t.Errorf("tickets %+v of %v", o.Tickets, o.ByDay)
	}
	if want := "about 2 tickets a day, 11 on the worst day; 75 % of the alerts come from role deploy"; o.Verdict != want {
		t.Errorf("%q, want %q", o.Verdict, want)
	}
	if len(o.Rules) != 2 || o.Rules[0].ID != "noisy" || len(o.Rules[0].Noise) == 0 {
		t.Fatalf("%+v", o.Rules)
	}
	if n := o.Rules[0].Noise[0]; n.Field != "userIdentity.sessionContext.sessionIssuer.userName" || n.Value != "deploy" || n.Percent != 100 || n.Days != 10 || n.Left != 0 {
		t.Errorf("noise %+v", n)
	}
	if len(o.Rules[0].Noise) > 1 {
		t.Errorf("a filter that leaves nothing at all is no better: %+v", o.Rules[0].Noise)
	}
	if len(o.Rules[1].Noise) > 0 {
		t.Errorf("the attack is taken for noise: %+v", o.Rules[1].Noise)
	}
	if o.Events != 1000 || o.Principals[0].Name != "role deploy" || o.Accounts[0].Percent != 100 || o.AtLeast || o.Note != "" {
		t.Errorf("%+v", o)
	}
}

// Where no name stands out, what else the alerts have in common is told; what all of them have is what the rule is about.
func TestNoiseWithoutAName(t *testing.T) {
	f := NewForecast()
	for day := range 10 {
		for n := range 8 {
			h := alert("scanner", fmt.Sprintf("r%d-%d", day, n), day, n)
			if n == 0 {
				h.Event.SourceIP = fmt.Sprintf("203.0.113.%d", day)
			}
			h.Event.UserAgent = "scanner/1.0"
			f.Add(h)
		}
	}
	noise := sum(f, 10, archive.Window{}).Rules[0].Noise
	if len(noise) != 1 || noise[0].Field != "sourceIPAddress" || noise[0].Alerts != 70 || noise[0].Left != 1 {
		t.Errorf("%+v", noise)
	}
}

// What cannot be known is not said: no events, too few days, a window that is mostly empty.
func TestForecastKnowsItsLimits(t *testing.T) {
	if o := NewForecast().Sum(Stats{}, archive.Window{}); !strings.Contains(o.Verdict, "nothing can be said") {
		t.Errorf("without events: %s", o.Verdict)
	}
	if o := sum(NewForecast(), 7, archive.Window{}); o.Verdict != "no alert in 7 days" || o.ByDay == nil {
		t.Errorf("without alerts: %s", o.Verdict)
	}
	f := NewForecast()
	for n := range 50 {
		f.Add(alert("a", "deploy", 0, n))
	}
	if o := sum(f, 1, archive.Window{}); o.NoiseKnown || len(o.Rules[0].Noise) > 0 || o.Days != 1 || o.Alerts.Mean != 50 {
		t.Errorf("one day: %+v", o)
	}
	o := sum(f, 3, archive.Window{Since: march.AddDate(0, -1, 0), Until: march.AddDate(0, 1, 0)})
	if !strings.Contains(o.Note, "none before 2026-03-01") || !strings.Contains(o.Note, "none after 2026-03-03") {
		t.Errorf("an empty window: %q", o.Note)
	}
}

// However many subjects there are, memory is bounded and the numbers are lower bounds that say so.
func TestForecastIsBounded(t *testing.T) {
	f := NewForecast()
	f.subjects = maxSubjects - 3
	for n := range 10 {
		f.Add(alert("a", fmt.Sprint("role", n), 0, 0))
	}
	o := sum(f, 1, archive.Window{})
	if !o.AtLeast || o.Tickets.Total > 3 || o.Alerts.Total != 10 || !strings.Contains(o.Verdict, "at least") {
		t.Errorf("%+v", o)
	}
}

// A top never counts too much, and too little by at most all divided by its room.
func TestTop(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		room := rapid.IntRange(1, 8).Draw(r, "room")
		names := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"})).Draw(r, "names")
		x, truth := newTop(room), map[string]int64{}
		for _, n := range names {
			x.add(n, 0)
			truth[n]++
		}
		if len(x.names) > room {
			r.Fatalf("%d names in room for %d", len(x.names), room)
		}
		for n, want := range truth {
			got := int64(0)
			if o := x.names[n]; o != nil {
				got = o.count
			}
			if got > want || want-got > int64(len(names)/(room+1)) {
				r.Fatalf("%s: %d of %d, in all %d with room for %d", n, got, want, len(names), room)
			}
		}
	})
}

func TestPerDay(t *testing.T) {
	for n, want := range map[float64]string{
		0: "0 alerts a month", 0.02: "0.6 alerts a month", 0.2: "1.4 alerts a week", 1: "1 alert a day", 2.54: "2.5 alerts a day", 12.6: "13 alerts a day",
	} {
		if got := PerDay(n, "alert"); got != want {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
}

func TestWho(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:sts::111122223333:assumed-role/deploy/s": "role deploy", "arn:aws:iam::111122223333:user/mia": "user mia",
		"arn:aws:iam::111122223333:root": "root of 111122223333", "": "unknown",
	} {
		if got := whoOf(&event.Event{Account: "111122223333", Actor: event.Actor{ARN: arn}}); got != want {
			t.Errorf("%s: %q, want %q", arn, got, want)
		}
	}
}
