package pagerduty

import (
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// event is one call (github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json; developer.pagerduty.com/docs/send-alert-event:
// a summary has up to 1024 characters, a dedup_key up to 255).
type event struct {
	RoutingKey string   `json:"routing_key"`
	Action     string   `json:"event_action"`
	DedupKey   string   `json:"dedup_key"`
	Client     string   `json:"client,omitempty"`
	ClientURL  string   `json:"client_url,omitempty"`
	Payload    *payload `json:"payload,omitempty"`
	Links      []link   `json:"links,omitempty"`
}

type payload struct {
	Summary   string            `json:"summary"`
	Source    string            `json:"source"`
	Severity  string            `json:"severity"`
	Timestamp string            `json:"timestamp"`
	Class     string            `json:"class,omitempty"`
	Details   map[string]string `json:"custom_details,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

// What an event does to its alert.
const (
	trigger     = "trigger"
	acknowledge = "acknowledge"
	resolve     = "resolve"
)

func triggered(l notify.Letter) event {
	m := l.Message
	e := event{
		Action: trigger, DedupKey: dedup(m), Client: "jobzero", ClientURL: m.Link,
		Payload: &payload{Summary: l.Title, Source: "jobzero", Severity: severity(m.Severity), Timestamp: l.At.UTC().Format(time.RFC3339), Class: string(m.Kind), Details: map[string]string{}},
	}
	for _, f := range m.Facts {
		e.Payload.Details[f.Name] = f.Text
	}
	if m.Text != "" {
		e.Payload.Details["Text"] = m.Text
	}
	if m.Ticket != "" {
		e.Payload.Details["Ticket"] = string(m.Ticket)
	}
	if m.Link != "" {
		e.Links = []link{{m.Link, "jobzero"}}
	}
	return e
}

// dedup is the key of the alert: that of the thread, so that all levels of a page are one alert.
func dedup(m notice.Message) string { return "jobzero/" + string(notice.Name(m.Thread, notice.To{})) }

// severity in PagerDuty's four words.
func severity(s finding.Severity) string {
	switch s {
	case finding.Critical:
		return "critical"
	case finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	case finding.Low, finding.Informational:
	}
	return "info"
}
