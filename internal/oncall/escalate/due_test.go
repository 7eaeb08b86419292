package escalate_test

import (
	"slices"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// TestADayThatWasAgreedOnCounts instead of the time that the policy has, be it later or sooner; and a report is of its own kind.
func TestADayThatWasAgreedOnCounts(t *testing.T) {
	policy, err := escalate.Default()
	if err != nil {
		t.Fatal(err)
	}
	opened := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	within := policy.FixFor(finding.Medium, nil)
	for name, due := range map[string]time.Time{"none": {}, "later": opened.AddDate(0, 2, 0), "sooner": opened.AddDate(0, 0, 1)} {
		tk := ticket.Ticket{ID: "1", Severity: finding.Medium, Clocks: ticket.Clocks{Opened: opened, Due: due}}
		p, _ := escalate.Open("p", escalate.CaseOf(tk, nil, ""), policy, opened)
		want := due
		if due.IsZero() {
			want = opened.Add(within)
		}
		if within == 0 || !p.FixBy.Equal(want) {
			t.Errorf("%s: %s, want %s", name, p.FixBy, want)
		}
	}
	c := escalate.CaseOf(ticket.Ticket{Subject: report.ID("01A").Subject()}, nil, "")
	if !slices.Contains(c.Kinds, finding.Reported) {
		t.Errorf("a report is of %v", c.Kinds)
	}
}
