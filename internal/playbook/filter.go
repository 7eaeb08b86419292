package playbook

import "jobzero/internal/ticket"

// RunFilter picks runs. Empty fields pick everything.
type RunFilter struct {
	Ticket   ticket.ID
	Playbook string
	States   []RunState
	Limit    int // 0 means the store's own limit
}

// RunStates lists the states of a run, in the order of its life.
func RunStates() []RunState {
	return []RunState{Running, Verifying, Undoing, Planned, Settled, GaveUp, Cancelled, Undone}
}
