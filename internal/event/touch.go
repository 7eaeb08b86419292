package event

import "time"

// Touch is the last event that changed a resource: who, when and how. A read of the resource that follows is judged as what
// that event caused.
type Touch struct {
	Resource string    `json:"resource"` // resource key
	Event    ID        `json:"event"`
	Time     time.Time `json:"time"`
	Name     string    `json:"name"`
	Actor    string    `json:"actor"`
	SourceIP string    `json:"source_ip,omitempty"`
	Raw      []byte    `json:"raw,omitempty"` // the record, as evidence
}

// TouchOf says that the event touched the resource of the key. The newest touch is the one that is kept, so an event that
// claims to come from the future is taken as of now: it would hide all real ones after it.
func TouchOf(e *Event, key string, now time.Time) Touch {
	at := e.Time
	if at.After(now) {
		at = now
	}
	return Touch{
		Resource: key, Event: e.ID, Time: at, Name: e.Name,
		Actor: e.Actor.Name(), SourceIP: e.SourceIP, Raw: e.Raw,
	}
}
