package effect

import "time"

// Filter picks effects. Empty fields pick everything.
type Filter struct {
	Ticket   string
	Run      string
	Playbook string
	Account  string
	Resource string    // a resource key: resource.Ref.Key
	Since    time.Time // begun at this instant or later
	States   []State
	Limit    int // 0 means the store's own limit
}
