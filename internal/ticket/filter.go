package ticket

import "jobzero/internal/finding"

// Filter picks tickets. Empty fields pick everything.
type Filter struct {
	States      []State
	Account     string
	Owner       string // team or person
	MinSeverity finding.Severity
	Limit       int // 0 means the store's own limit
}
