package hunt

import (
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// Hit is one rule that fired on one event. What a correlation found has the event that came last in it, as far as that is
// known by then.
type Hit struct {
	Event  *event.Event
	Match  detect.Match
	Behind string          // who was, in words; where it was asked for
	Story  *baseline.Story // in place of a rule, when it is a principal that behaves unlike itself

	late   bool    // of a rule that asked who is behind it
	firing *firing // of a correlation; nil: it is none's
}

// firing is what makes a correlation's finding the one that is told live: the fingerprint is its group's.
type firing struct {
	print    finding.Fingerprint
	sighting string
	began    time.Time
}

// Sighting is a hit in the words that programs rely on.
type Sighting struct {
	RuleID      string `json:"rule_id"`
	Title       string `json:"title"`
	Severity    string `json:"severity"`
	EventID     string `json:"event_id"`
	EventTime   string `json:"event_time"`
	EventName   string `json:"event_name"`
	EventSource string `json:"event_source"`
	Principal   string `json:"principal"`
	Account     string `json:"account"`
	Region      string `json:"region"`
	SourceIP    string `json:"source_ip"`
	File        string `json:"file"`
	Log         string `json:"log,omitempty"`     // which log, where it is not CloudTrail
	Lineage     string `json:"lineage,omitempty"` // who was behind it, in words; where it was asked for
	Why         string `json:"why,omitempty"`     // of a principal that behaves unlike itself
}

// Sighting is the hit for programs.
func (h Hit) Sighting() Sighting {
	e, r := h.Event, h.Match.Rule
	v := Sighting{
		RuleID: r.ID, Title: r.Title, Severity: string(r.Level), EventID: string(e.ID),
		EventTime: e.Time.UTC().Format(time.RFC3339Nano), EventName: e.Name, EventSource: e.Source,
		Principal: e.Actor.Name(), Account: e.Account, Region: e.Region, SourceIP: e.SourceIP, File: e.Origin.Place, Lineage: h.Behind,
	}
	if h.Story != nil {
		v.Why = h.Story.Why()
	}
	if e.Log != event.CloudTrail {
		v.Log = string(e.Log)
		if e.Actor == (event.Actor{}) {
			v.Principal = "" // the log knows none
		}
	}
	return v
}

// Finding is what triage would read.
func (h Hit) Finding(now time.Time) finding.Finding {
	if h.Story != nil {
		return h.Story.Finding(now)
	}
	f := detect.Finding(h.Event, h.Match, now)
	if h.firing != nil {
		f.Fingerprint, f.Sighting, f.Occurred = h.firing.print, h.firing.sighting, h.firing.began
	}
	if h.Behind != "" {
		f.Why += "\nbehind it: " + h.Behind
	}
	return f
}

// Call is what happened: the name of a call, or a line where a name says little.
func (h Hit) Call() string {
	if h.Event.Log == event.CloudTrail {
		return h.Event.Name
	}
	return detect.Describe(h.Event)
}

// Who is the principal, or what the record is about where it names none.
func (h Hit) Who() string {
	e := h.Event
	if e.Log != event.CloudTrail && e.Actor == (event.Actor{}) && e.About != nil {
		return e.About.ID
	}
	return e.Actor.Name()
}
