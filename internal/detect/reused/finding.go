package reused

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Finding says that what was shut is at work. It is about what the ticket is about that it was shut for, so that it comes to that ticket. Each
// effect that did not hold is a finding, and each event a sighting of it.
func Finding(e *event.Event, s Shut, tk ticket.Ticket, now time.Time) finding.Finding {
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Reused, finding.ReusedBy, s.Effect), Kind: finding.Reused, By: finding.ReusedBy, Severity: finding.Critical,
		Title: "What was shut is at work: " + s.Ref.ID,
		Why: fmt.Sprintf("%s by %s at %s, which %s by effect %s had to prevent since %s", e.Name, e.Actor.Name(), e.Time.UTC().Format(time.RFC3339),
			s.Action, s.Effect, s.Since.UTC().Format(time.RFC3339)),
		Account: tk.Account, Region: tk.Region, Resource: tk.Resource, Principal: e.Actor.Principal(),
		Occurred: e.Time, Detected: now, Sighting: string(e.ID),
		Evidence: []finding.Evidence{{Kind: "event", At: e.Time, Text: detect.Describe(e), Data: json.RawMessage(e.Raw)}},
	}
	if tk.Resource == nil { // the ticket is about whoever did it
		if who, ok := strings.CutPrefix(tk.Subject, "principal|"+tk.Account+"|"); ok {
			f.Principal = who
		}
	}
	return f
}
