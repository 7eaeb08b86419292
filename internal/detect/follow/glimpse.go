package follow

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// Glimpse is what of an event is kept beside a hit, so that a finding can tell of it when the event itself is long gone.
type Glimpse struct {
	ID        event.ID  `json:"event_id"`
	Time      time.Time `json:"event_time"`
	Name      string    `json:"event_name"`
	Source    string    `json:"event_source"`
	Error     string    `json:"error_code,omitempty"`
	Actor     string    `json:"actor"`
	Principal string    `json:"principal"`
	Account   string    `json:"account"`
	Region    string    `json:"region,omitempty"`
	Address   string    `json:"source_ip,omitempty"`
	Place     string    `json:"place"` // where the record was found
}

// longestWord bounds what a stranger can make a glimpse keep.
const longestWord = 512

// GlimpseOf is what is kept of an event, as the text that a hit carries.
func GlimpseOf(e *event.Event) string {
	g := Glimpse{
		ID: e.ID, Time: e.Time, Name: short(e.Name), Source: short(e.Source), Error: short(e.ErrorCode), Actor: short(e.Actor.Name()),
		Principal: short(e.Actor.Principal()), Account: e.Account, Region: short(e.Region), Address: short(e.SourceIP), Place: short(e.Origin.String()),
	}
	data, err := json.Marshal(g)
	if err != nil {
		return "" // texts and times always encode
	}
	return string(data)
}

func short(s string) string {
	if len(s) <= longestWord {
		return s
	}
	return strings.ToValidUTF8(s[:longestWord], "")
}

func (g Glimpse) text() string {
	text := fmt.Sprintf("%s called %s (%s) from %s", g.Actor, g.Name, g.Source, g.Address)
	if g.Error != "" {
		text += ", failed with " + g.Error
	}
	return text
}

// Finding makes of a firing what triage reads. All firings of a correlation about one group have one fingerprint, whenever they
// are; a firing is one sighting, however often it is told while it goes on.
func (f *Follower) Finding(fired correlate.Firing, now time.Time) (finding.Finding, error) {
	rule, err := f.Rule(fired.Correlation)
	if err != nil {
		return finding.Finding{}, err
	}
	out := finding.Finding{
		Fingerprint: finding.Print(finding.Rule, rule.ID, fired.Subject()), Kind: finding.Rule, By: rule.ID, Title: rule.Title,
		Severity: rule.Level, Why: fired.Why, Occurred: fired.Start, Detected: now, Sighting: fired.Fingerprint,
	}
	var principals []string
	for _, m := range fired.Hits {
		var g Glimpse
		if json.Unmarshal([]byte(m.Ref), &g) != nil || g.ID == "" {
			continue // it is what another correlation found
		}
		out.Account, out.Region = g.Account, g.Region
		if len(principals) == 0 || principals[len(principals)-1] != g.Principal {
			principals = append(principals, g.Principal)
		}
		out.Evidence = append(out.Evidence, finding.Evidence{Kind: "event", At: m.Time, Text: g.text(), Data: json.RawMessage(m.Ref)})
	}
	if len(principals) == 1 {
		out.Principal = principals[0]
	} else {
		out.Principal = f.group(fired)
	}
	return out, nil
}

// group names what the hits of a firing have in common, where it is not who did it.
func (f *Follower) group(fired correlate.Firing) string {
	var parts []string
	for i, field := range f.about[fired.Correlation].GroupBy {
		if i < len(fired.Group) {
			parts = append(parts, field+" "+fired.Group[i])
		}
	}
	if len(parts) == 0 {
		return "everybody"
	}
	return strings.Join(parts, ", ")
}
