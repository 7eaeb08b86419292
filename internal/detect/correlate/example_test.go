package correlate_test

import (
	"fmt"
	"time"

	"jobzero/internal/detect/correlate"
)

// Failed logins, then a success, of one user. The owner asks which correlations want to know of a hit, reads the group from
// the event, and says from time to time how far the source has come.
func Example() {
	m, err := correlate.New([]correlate.Spec{
		{
			ID: "many-failures", Type: correlate.EventCount, Rules: []string{"failure"}, GroupBy: []string{"user"}, Timespan: 10 * time.Minute,
			Condition: []correlate.Test{{Op: correlate.GTE, Number: 3}}, Lateness: 45 * time.Minute,
		},
		{
			ID: "break-in", Type: correlate.TemporalOrdered, Rules: []string{"many-failures", "success"}, GroupBy: []string{"user"},
			Timespan: 10 * time.Minute, Lateness: 45 * time.Minute,
		},
	}, correlate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	hit := func(rule string, minute int) correlate.Hit {
		h := correlate.Hit{Rule: rule, Event: fmt.Sprint("event-", minute), Time: nine.Add(time.Duration(minute) * time.Minute)}
		for _, id := range m.Wants(rule) {
			h.Keys = append(h.Keys, correlate.Key{For: id, Group: []string{"ann"}})
		}
		return h
	}
	// The success comes first, as its log is faster.
	firings := m.Take([]correlate.Hit{hit("success", 4), hit("failure", 2), hit("failure", 0), hit("failure", 1)})
	firings = append(firings, m.Advance([]correlate.Mark{{Source: "cloudtrail", Seen: nine.Add(time.Hour)}})...)
	for _, f := range firings {
		fmt.Println(f.Correlation+":", f.Why)
	}
	// Output:
	// break-in: many-failures, then success in this order, within 10m (all are wanted), for user = ann; 2 hits in all from 2026-03-02T09:02:00Z to 2026-03-02T09:04:00Z, so far
	// many-failures: 3 of failure, within 10m (wanted: at least 3), for user = ann; 3 hits in all from 2026-03-02T09:00:00Z to 2026-03-02T09:02:00Z, so far
	// break-in: many-failures, then success in this order, within 10m (all are wanted), for user = ann; 2 hits in all from 2026-03-02T09:02:00Z to 2026-03-02T09:04:00Z
	// many-failures: 3 of failure, within 10m (wanted: at least 3), for user = ann; 3 hits in all from 2026-03-02T09:00:00Z to 2026-03-02T09:02:00Z
}
