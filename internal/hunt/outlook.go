package hunt

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/source/archive"
)

// Outlook is what a forecast comes to. Its times are UTC, and a ticket is a subject with alerts on a day.
type Outlook struct {
	Verdict    string        `json:"verdict"`
	From       string        `json:"from,omitempty"` // of the first event that was read
	To         string        `json:"to,omitempty"`
	Days       int           `json:"days"` // calendar days from the first to the last, the first and the last whole
	Events     int64         `json:"events"`
	Alerts     Rate          `json:"alerts"`
	Tickets    Rate          `json:"tickets"`
	ByDay      []DayOutlook  `json:"by_day"`
	Rules      []RuleOutlook `json:"rules"`
	Principals []Share       `json:"principals"`
	Accounts   []Share       `json:"accounts"`
	AtLeast    bool          `json:"at_least,omitempty"` // there were too many subjects to tell apart: tickets are lower bounds
	NoiseKnown bool          `json:"noise_known"`        // there were days enough to tell the usual from the rest
	Note       string        `json:"note,omitempty"`
}

// Rate is so many a day.
type Rate struct {
	Total   int64   `json:"total"`
	Mean    float64 `json:"mean_per_day"`
	Most    int64   `json:"max_per_day"`
	MostDay string  `json:"max_day,omitempty"`
}

// DayOutlook is one day with alerts.
type DayOutlook struct {
	Day     string `json:"day"`
	Alerts  int64  `json:"alerts"`
	Tickets int64  `json:"tickets"`
}

// RuleOutlook is what one rule would have led to.
type RuleOutlook struct {
	ID      string  `json:"rule_id"`
	Title   string  `json:"title"`
	Level   string  `json:"severity"`
	Alerts  int64   `json:"alerts"`
	Tickets float64 `json:"tickets_per_day"`
	Noise   []Noise `json:"noise,omitempty"`
}

// Noise is a likely source of alerts that mean nothing, and the line of a filter that leaves it out.
type Noise struct {
	Field   string  `json:"field"`
	Value   string  `json:"value"`
	Alerts  int64   `json:"alerts"`
	Percent float64 `json:"percent"` // of the rule's alerts
	Days    int     `json:"days"`    // on which it was seen
	Left    float64 `json:"alerts_per_day_left"`
}

// Share is how many alerts one name has.
type Share struct {
	Name    string  `json:"name"`
	Alerts  int64   `json:"alerts"`
	Percent float64 `json:"percent"`
}

// What is likely noise: a value with a good part of a rule's alerts, again and again over some days. An attack is rarely both.
const (
	noiseDays   = 3
	noiseAlerts = 5
	noiseShare  = 0.25
	noiseNamed  = 2
	noiseGain   = 1.25 // a less telling field must leave out so much more than a more telling one
	mostShares  = 10
)

// Sum is what it comes to, over the days in which there were events at all.
func (f *Forecast) Sum(read Stats, w archive.Window) Outlook {
	o := Outlook{Events: read.Events - read.Duplicates - read.Outside, Days: 1, AtLeast: f.full}
	o.ByDay, o.Rules, o.Principals, o.Accounts = []DayOutlook{}, []RuleOutlook{}, []Share{}, []Share{}
	if read.Begin.IsZero() {
		o.Verdict = "no events were read: nothing can be said"
		return o
	}
	o.From, o.To = read.Begin.Format(time.RFC3339), read.End.Format(time.RFC3339)
	o.Days = dayOf(read.End) - dayOf(read.Begin) + 1
	days := float64(o.Days)
	for _, number := range slices.Sorted(maps.Keys(f.days)) {
		d := f.days[number]
		o.ByDay = append(o.ByDay, DayOutlook{dayName(number), d.alerts, int64(len(d.subjects))})
		o.Alerts.add(d.alerts, dayName(number))
		o.Tickets.add(int64(len(d.subjects)), dayName(number))
	}
	o.Alerts.Mean, o.Tickets.Mean = round(float64(o.Alerts.Total)/days), round(float64(o.Tickets.Total)/days)
	o.Principals, o.Accounts = f.who.shares(o.Alerts.Total), f.accounts.shares(o.Alerts.Total)
	o.NoiseKnown = o.Days >= noiseDays
	for _, id := range slices.Sorted(maps.Keys(f.rules)) {
		o.Rules = append(o.Rules, f.rules[id].outlook(&o))
	}
	slices.SortStableFunc(o.Rules, func(a, b RuleOutlook) int { return cmp.Compare(b.Alerts, a.Alerts) })
	o.Note = missing(read, w)
	o.Verdict = o.verdict()
	return o
}

// missing says what of the window had no events.
func missing(read Stats, w archive.Window) string {
	const much = 24 * time.Hour
	var parts []string
	if !w.Since.IsZero() && read.Begin.Sub(w.Since) > much {
		parts = append(parts, "none before "+read.Begin.Format(time.DateTime))
	}
	if !w.Until.IsZero() && w.Until.Sub(read.End) > much {
		parts = append(parts, "none after "+read.End.Format(time.DateTime))
	}
	if len(parts) == 0 {
		return ""
	}
	return "the window has events only in a part of it (" + strings.Join(parts, ", ") + "): days are counted from the first to the last"
}

func (r *Rate) add(n int64, day string) {
	r.Total += n
	if n > r.Most {
		r.Most, r.MostDay = n, day
	}
}

func (r *ruleCount) outlook(o *Outlook) RuleOutlook {
	out := RuleOutlook{ID: r.rule.ID, Title: r.rule.Title, Level: string(r.rule.Level), Alerts: r.alerts, Tickets: round(float64(len(r.subjects)) / float64(o.Days))}
	if !o.NoiseKnown || r.alerts < noiseAlerts {
		return out
	}
	seen := max(noiseDays, (len(o.ByDay)+1)/2)
	for i, t := range traits() {
		for _, name := range r.values[i].most() {
			n := r.values[i].names[name]
			share := float64(n.count) / float64(r.alerts)
			if share < noiseShare || n.onDays() < seen || !t.who && n.count == r.alerts { // such as the tool that the rule is about
				continue
			}
			if len(out.Noise) > 0 && out.Noise[0].Field != t.field && float64(n.count) < noiseGain*float64(out.Noise[0].Alerts) {
				continue
			}
			out.Noise = append(out.Noise, Noise{
				Field: t.field, Value: name, Alerts: n.count, Percent: percent(n.count, r.alerts), Days: n.onDays(),
				Left: round(float64(r.alerts-n.count) / float64(o.Days)),
			})
		}
	}
	out.Noise = out.Noise[:min(len(out.Noise), noiseNamed)]
	return out
}

// most is the names, the most frequent first.
func (t *top) most() []string {
	return slices.SortedFunc(maps.Keys(t.names), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.names[b].count, t.names[a].count), cmp.Compare(a, b))
	})
}

func (t *top) shares(all int64) []Share {
	out := []Share{}
	for _, name := range t.most() {
		if len(out) == mostShares {
			break
		}
		out = append(out, Share{name, t.names[name].count, percent(t.names[name].count, all)})
	}
	return out
}

// verdict is the forecast in one line.
func (o *Outlook) verdict() string {
	if o.Alerts.Total == 0 {
		return "no alert in " + daysText(o.Days)
	}
	more := ""
	if o.AtLeast {
		more = "at least "
	}
	text := fmt.Sprintf("about %s%s, %d on the worst day", more, PerDay(o.Tickets.Mean, "ticket"), o.Tickets.Most)
	if len(o.Principals) > 0 && o.Principals[0].Percent >= 100*noiseShare {
		text += fmt.Sprintf("; %.0f %% of the alerts come from %s", o.Principals[0].Percent, o.Principals[0].Name)
	}
	return text
}

func daysText(days int) string {
	if days == 1 {
		return "a day"
	}
	return strconv.Itoa(days) + " days"
}

// PerDay is a rate in the unit of time in which a person would count.
func PerDay(n float64, word string) string {
	unit := "day"
	switch {
	case n < 1.0/7:
		n, unit = n*30, "month"
	case n < 1:
		n, unit = n*7, "week"
	}
	text := fmt.Sprintf("%.0f", n)
	if n < 10 {
		text = strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
	}
	if text != "1" {
		word += "s"
	}
	return text + " " + word + " a " + unit
}

func percent(n, of int64) float64 { return math.Round(1000*float64(n)/float64(max(1, of))) / 10 }

func round(x float64) float64 { return math.Round(100*x) / 100 }

// whoOf is who did it in the words of a person: the role, the user, the service.
func whoOf(e *event.Event) string {
	kind, name, _ := strings.Cut(e.Actor.ARN[strings.LastIndexByte(e.Actor.ARN, ':')+1:], "/")
	switch {
	case e.Actor.IssuerName != "":
		return "role " + e.Actor.IssuerName
	case kind == "assumed-role":
		role, _, _ := strings.Cut(name, "/")
		return "role " + role
	case kind == "user":
		return "user " + name
	case kind == "root":
		return "root of " + e.Account
	}
	return e.Actor.Name()
}
