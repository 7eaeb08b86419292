package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// The limits of correlations in a replay: a run must stay small whatever it reads. An event is never late, because folders are
// not read in the order of time.
const (
	chainBytes = 64 << 20
	neverLate  = 366 * 24 * time.Hour
)

func chainOptions(from sigma.Lineage) follow.Options {
	return follow.Options{Lateness: neverLate, Limits: correlate.Options{MaxBytes: chainBytes}, Lineage: from}
}

// reference is what of an event comes back with the finding of a correlation: the event itself may be gigabytes away by then.
func (p *parts) reference(e *event.Event) string {
	h := hit{event: e, match: detect.Match{Rule: &detect.Rule{}}, late: p.late}
	if p.behind != nil {
		h.behind = p.behind.words(h)
	}
	v := h.sighting()
	data, err := json.Marshal(v)
	if err != nil {
		return e.Origin.String() // texts always encode
	}
	return string(data)
}

// chained makes hits of what correlations found: each with the event that came last in it, the earliest finding first.
func chained(f *follow.Follower, firings []correlate.Firing) ([]hit, error) {
	var out []hit
	for _, fired := range firings {
		if !fired.Final || f.Silent(fired.Correlation) {
			continue
		}
		rule, err := f.Rule(fired.Correlation)
		if err != nil {
			return nil, err
		}
		reason := detect.Reason{Search: fired.Why, Matched: true}
		e, who := lastEvent(fired)
		out = append(out, hit{event: e, match: detect.Match{Rule: rule, Why: []detect.Reason{reason}}, behind: who})
	}
	slices.SortStableFunc(out, func(a, b hit) int {
		return cmp.Or(a.event.Time.Compare(b.event.Time), cmp.Compare(a.match.Rule.ID, b.match.Rule.ID), cmp.Compare(a.event.ID, b.event.ID))
	})
	return out, nil
}

// lastEvent is the event that a firing names last, as far as its reference tells, and who was behind it.
func lastEvent(f correlate.Firing) (e *event.Event, behind string) {
	e = &event.Event{Time: f.End}
	for i := len(f.Hits) - 1; i >= 0; i-- {
		m := f.Hits[i]
		var v sighting
		if json.Unmarshal([]byte(m.Ref), &v) != nil {
			continue // it is what another correlation found
		}
		e.Raw = []byte(m.Ref)
		e.ID = event.ID(v.EventID)
		e.Name, e.Source, e.Account, e.Region, e.SourceIP = v.EventName, v.EventSource, v.Account, v.Region, v.SourceIP
		e.Actor.ARN, e.Origin = v.Principal, event.Origin{Source: "file", Place: v.File, Offset: -1}
		return e, v.Lineage
	}
	return e, ""
}

// losses says what correlations had to give up.
func (s *shell) losses(f *follow.Follower) {
	all := f.Losses()
	if len(all) == 0 {
		return
	}
	kinds := map[correlate.Kind]int{}
	for _, l := range all {
		kinds[l.Kind]++
	}
	var parts []string
	for k, n := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", n, k))
	}
	slices.Sort(parts)
	s.complain("jobzero: warning: correlations could not use everything (%s), the first: %s: %s", strings.Join(parts, ", "), all[0].Correlation, all[0].Why)
}
