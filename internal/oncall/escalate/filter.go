package escalate

import "jobzero/internal/finding"

// Filter picks pages. Empty fields pick everything.
type Filter struct {
	States      []State
	MinSeverity finding.Severity
	Limit       int // 0 means the store's own limit
}
