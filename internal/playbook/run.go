package playbook

import (
	"encoding/json"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
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

// The states of a run. Planned, Settled, GaveUp, Cancelled and Undone are its ends.
const (
	Running   RunState = "running" // store.UnfinishedRuns asks for the first three by these words
	Verifying RunState = "verifying"
	Undoing   RunState = "undoing"   // walks back what was done
	Planned   RunState = "planned"   // plan mode: said what it would do
	Settled   RunState = "settled"   // fresh reads agree
	GaveUp    RunState = "gave-up"   // a person has it
	Cancelled RunState = "cancelled" // by a person
	Undone    RunState = "undone"
)

// Run is one playbook at work on one finding of a ticket. It is journalled before and after everything it does.
type Run struct {
	ID         string              `json:"id"`
	Ticket     ticket.ID           `json:"ticket"`
	Finding    finding.Fingerprint `json:"finding"`
	Playbook   string              `json:"playbook"`
	Hash       string              `json:"hash"`            // of the definition, pinned for the run
	Definition string              `json:"definition"`      // the text itself, so that a reload cannot change a run
	Parts      []string            `json:"parts,omitempty"` // the texts of the playbooks that it runs as steps
	Account    string              `json:"account,omitempty"`
	Mode       Mode                `json:"mode"`
	State      RunState            `json:"state"`
	Reason     string              `json:"reason,omitempty"`
	Asker      string              `json:"asker,omitempty"`      // the person who asked for it, who may not approve of it
	UndoAsked  *effect.Asked       `json:"undo_asked,omitempty"` // the first of two who have to ask
	Paused     string              `json:"paused,omitempty"`     // by whom and why; empty: it goes on
	Cancel     string              `json:"cancel,omitempty"`     // by whom and why it is to end
	Steps      []Step              `json:"steps"`
	Reads      int                 `json:"reads"`             // agreeing fresh reads so far
	Until      time.Time           `json:"until,omitzero"`    // end of the settle window
	Deadline   time.Time           `json:"deadline,omitzero"` // when verifying gives up
	Started    time.Time           `json:"started"`
	Ended      time.Time           `json:"ended,omitzero"`
}

// StepState is where a step is.
type StepState string

// The states of a step. Done, Skipped, Planned and Failed are its ends.
const (
	StepWaiting StepState = "waiting"
	StepInside  StepState = "inside"  // has begun, and the steps in it go on
	StepPausing StepState = "pausing" // waits for a time or for something to happen
	StepAsking  StepState = "asking"  // waits for people to agree
	StepTasked  StepState = "tasked"  // waits for a person to do it
	StepDoing   StepState = "doing"
	StepGoing   StepState = "going"   // has begun, and is followed to its end
	StepPlanned StepState = "planned" // plan mode ends here
	StepSkipped StepState = "skipped" // there was nothing to do
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
)

// over reports whether nothing more happens in the state.
func (s StepState) over() bool {
	return slices.Contains([]StepState{StepPlanned, StepSkipped, StepDone, StepFailed}, s)
}

// Step is one step of a run.
type Step struct {
	ID     string          `json:"id"`
	Kind   book.Kind       `json:"kind,omitempty"`
	Action string          `json:"action,omitempty"`
	State  StepState       `json:"state"`
	Plan   *effect.Plan    `json:"plan,omitempty"`
	Note   string          `json:"note,omitempty"`
	Output json.RawMessage `json:"output,omitempty"`
	Branch int             `json:"branch,omitempty"` // that was decided for, from 1
	Ask    *Ask            `json:"ask,omitempty"`    // what people are asked
	Failed int             `json:"failed,omitempty"` // tries that did not work
	Not    time.Time       `json:"not_before,omitzero"`
	Began  time.Time       `json:"began,omitzero"`
	Ended  time.Time       `json:"ended,omitzero"`
}

// Ask is a question to people.
type Ask struct {
	Of        string    `json:"of"`             // in words
	Hash      string    `json:"hash,omitempty"` // of the plan that they are to agree to; empty where there is none
	Need      int       `json:"need"`           // how many different people
	Until     time.Time `json:"until"`
	Escalated int       `json:"escalated,omitempty"` // how often nobody answered in time
	Yes       []Vote    `json:"yes,omitempty"`
	No        *Vote     `json:"no,omitempty"`
}

// Vote is one person's answer.
type Vote struct {
	Person string    `json:"person"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// unfinished reports whether there is something left to do in the run.
func (r Run) unfinished() bool { return r.State == Running || r.State == Verifying }

// EffectKey is the unique key of the effect that the step makes.
func (r Run) EffectKey(step string) string { return r.ID + "/" + step }

// step is the run's step of that ID. Steps are pinned: of one that there is not nothing is kept.
func (r *Run) step(id string) *Step {
	for i := range r.Steps {
		if r.Steps[i].ID == id {
			return &r.Steps[i]
		}
	}
	return &Step{}
}

// progress is how far a step is, for book.Ready.
func (r *Run) progress(n *book.Node) book.Progress {
	s := r.step(n.ID)
	return book.Progress{Begun: s.State != StepWaiting, Over: s.State.over(), Choice: s.Branch - 1}
}
