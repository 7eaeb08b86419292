package effect

import "time"

// Brake is a switch that stops effects. It is kept in the store, so that it survives a restart.
type Brake struct {
	Name   string    `json:"name"` // all, or what a brake of its own is for
	On     bool      `json:"on"`   // on: nothing is changed in the world
	By     string    `json:"by,omitempty"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at,omitzero"`
}
