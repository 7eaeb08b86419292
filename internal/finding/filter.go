package finding

// Filter picks findings. Empty fields pick everything.
type Filter struct {
	Ticket      string
	State       State
	By          string // id of the rule or expectation
	Account     string
	MinSeverity Severity
	Limit       int // 0 means the store's own limit
}
