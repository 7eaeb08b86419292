package hunt

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/finding"
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
	if p.glimpse {
		return follow.GlimpseOf(e)
	}
	h := Hit{Event: e, Match: detect.Match{Rule: &detect.Rule{}}, late: p.late}
	h.Behind = p.behind.words(h)
	v := h.Sighting()
	data, err := json.Marshal(v)
	if err != nil {
		return e.Origin.String() // texts always encode
	}
	return string(data)
}

// chained makes hits of what correlations found: each with the event that came last in it, the earliest finding first.
func chained(f *follow.Follower, scopes *scope.Scopes, firings []correlate.Firing) ([]Hit, error) {
	var out []Hit
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
		if m, ok := scopes.Match(detect.Match{Rule: rule, Why: []detect.Reason{reason}}, e.Account); ok {
			of := &firing{finding.Print(finding.Rule, rule.ID, fired.Subject()), fired.Fingerprint, fired.Start}
			out = append(out, Hit{Event: e, Match: m, Behind: who, firing: of})
		}
	}
	slices.SortStableFunc(out, func(a, b Hit) int {
		return cmp.Or(a.Event.Time.Compare(b.Event.Time), cmp.Compare(a.Match.Rule.ID, b.Match.Rule.ID), cmp.Compare(a.Event.ID, b.Event.ID))
	})
	return out, nil
}

// lastEvent is the event that a firing names last, as far as its reference tells, and who was behind it.
func lastEvent(f correlate.Firing) (e *event.Event, behind string) {
	e = &event.Event{Time: f.End}
	for i := len(f.Hits) - 1; i >= 0; i-- {
		m := f.Hits[i]
		var v Sighting
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
