package quality

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/finding"
)

// Noise is what came of events in which nothing bad happens.
type Noise struct {
	Events  int
	Loud    int // alerts of level high or above
	ByLevel map[finding.Severity]int
	ByRule  map[string]int // by title
}

// Take counts the alerts of one event.
func (n *Noise) Take(alerts []Alert) {
	if n.ByRule == nil {
		n.ByLevel, n.ByRule = map[finding.Severity]int{}, map[string]int{}
	}
	n.Events++
	for _, a := range alerts {
		n.ByLevel[a.Level]++
		n.ByRule[a.Title]++
		count(&n.Loud, a.Level.Rank() >= finding.High.Rank())
	}
}

// Report is what the page says.
type Report struct {
	Date    string // of the run, year-month-day
	Rules   int
	Tallies []Tally
	Benign  Noise
}

const head = `<!-- Made by ` + "`make quality`" + `. Do not edit. -->

# What published samples say of the rules

The %d embedded rules, measured on %s on samples that nobody here wrote. The same is tested on every change where the samples
are there (` + "`JOBZERO_CORPUS`" + `); the test fails when a figure falls, when a miss has no reason, and when a reason is no longer
needed. To make this page anew: ` + "`make quality`" + `.

## Alerts that others expect

A sample is covered when one of our rules is about its call. Recall and misses are among covered samples; precision is among
all samples with a verdict. The samples of one technique of Stratus Red Team count as one.

| samples of | samples | events | covered | with an alert | expected | found | missed | not wanted | precision | recall | not covered |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
`

// String is the page.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, head, r.Rules, r.Date)
	for _, t := range r.Tallies {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |", t.Name, t.Samples, t.Events, t.Covered, t.Alerted)
		if !t.Judged {
			b.WriteString(" | | | | | | |\n")
			continue
		}
		fmt.Fprintf(&b, " %d | %d | %d | %d | %s | %s | %d |\n", t.Want, t.Hit, t.Miss, t.False, percent(t.Precision()), percent(t.Recall()), t.Far)
	}
	b.WriteString("\nWhere nothing is said of what is expected, nobody gave a verdict for single events: a call that attackers make is no attack by itself.\n")
	r.verdicts(&b)
	r.benign(&b)
	return b.String()
}

func percent(part float64) string { return fmt.Sprintf("%.1f %%", 100*part) }

// meanings of the kinds, in the order of the page.
func meanings() []struct {
	kind Kind
	text string
} {
	return []struct {
		kind Kind
		text string
	}{
		{Uncovered, "no rule of ours is about the call"},
		{Unread, "the log is not read as events"},
		{Names, "they look for names, addresses or regions of their own organisation"},
		{Several, "it takes several events"},
		{Elsewhere, "another part of jobzero looks for it"},
		{Sampled, "the sample lacks or misnames what AWS writes"},
		{Opinion, "we hold that the event by itself is not, or is, worth an alert"},
		{Ours, "another rule of ours alerts, rightly, about the same event"},
	}
}

// verdicts says where we and others differ, and why.
func (r Report) verdicts(b *strings.Builder) {
	b.WriteString("\n## Where the verdicts differ\n\n| why | samples |\n| --- | ---: |\n")
	for _, m := range meanings() {
		n := 0
		for _, t := range r.Tallies {
			n += t.Reasons[m.kind]
		}
		fmt.Fprintf(b, "| %s | %d |\n", m.text, n)
	}
	b.WriteString("\nOne by one, but for those that no rule is about:\n\n")
	for _, t := range r.Tallies {
		for _, d := range t.Told {
			if d.Reason.Kind == Uncovered || d.Reason.Kind == Unread {
				continue
			}
			what := "missed"
			if d.Alert {
				what = "not wanted"
			}
			fmt.Fprintf(b, "- %s, *%s*, %s: %s.\n", t.Name, d.Key, what, d.Reason.Why)
		}
	}
}

// benign says how loud the rules are when nothing happens.
func (r Report) benign(b *strings.Builder) {
	fmt.Fprintf(b, "\n## Alerts when nothing happens\n\n%d benign events: Panther's negative tests that nothing of ours rightly alerts on, the demo's\n"+
		"events, and made-up logs without an attack (`go run ./test/genlogs` makes such). Alerts of level high or above: %d; one in 10,000 events is\nallowed.\n\n", r.Benign.Events, r.Benign.Loud)
	b.WriteString("| level | alerts |\n| --- | ---: |\n")
	for _, s := range slices.Backward(finding.Severities()) {
		fmt.Fprintf(b, "| %s | %d |\n", s, r.Benign.ByLevel[s])
	}
	b.WriteString("\n| rule | alerts |\n| --- | ---: |\n")
	for _, title := range slices.Sorted(maps.Keys(r.Benign.ByRule)) {
		fmt.Fprintf(b, "| %s | %d |\n", title, r.Benign.ByRule[title])
	}
}
