package playbook

import (
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Mode says whether a playbook may act.
type Mode string

// The modes. Plan is the default everywhere.
const (
	PlanOnly Mode = "plan"
	Enforce  Mode = "enforce"
)

// RunState is where a run is.
type RunState string

// The states of a run. Planned, Settled, GaveUp and Undone are its ends.
const (
	Running   RunState = "running" // store.UnfinishedRuns asks for the first two by these words
	Verifying RunState = "verifying"
	Planned   RunState = "planned" // plan mode: said what it would do
	Settled   RunState = "settled"
	GaveUp    RunState = "gave-up" // a person has it
	Undone    RunState = "undone"
)

// Run is one playbook at work on one finding of a ticket. It is journalled before and after everything it does.
type Run struct {
	ID         string              `json:"id"`
	Ticket     ticket.ID           `json:"ticket"`
	Finding    finding.Fingerprint `json:"finding"`
	Playbook   string              `json:"playbook"`
	Hash       string              `json:"hash"`       // of the definition, pinned for the run
	Definition string              `json:"definition"` // the text itself, so that a reload cannot change a run
	Mode       Mode                `json:"mode"`
	State      RunState            `json:"state"`
	Reason     string              `json:"reason,omitempty"`
	Steps      []Step              `json:"steps"`
	Reads      int                 `json:"reads"`             // agreeing fresh reads so far
	Until      time.Time           `json:"until,omitzero"`    // end of the settle window
	Deadline   time.Time           `json:"deadline,omitzero"` // when verifying gives up
	Started    time.Time           `json:"started"`
	Ended      time.Time           `json:"ended,omitzero"`
}

// StepState is where a step is.
type StepState string

// The states of a step.
const (
	StepWaiting StepState = "waiting"
	StepPlanned StepState = "planned" // plan mode ends here
	StepSkipped StepState = "skipped" // there was nothing to do
	StepDoing   StepState = "doing"
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
)

// Step is one action of a run.
type Step struct {
	ID     string       `json:"id"`
	Action string       `json:"action"`
	State  StepState    `json:"state"`
	Plan   *effect.Plan `json:"plan,omitempty"`
	Note   string       `json:"note,omitempty"`
}

// unfinished reports whether there is something left to do in the run.
func (r Run) unfinished() bool { return r.State == Running || r.State == Verifying }

// EffectKey is the unique key of the effect that the step makes.
func (r Run) EffectKey(step string) string { return r.ID + "/" + step }
