// Package grant carries break-glass out: asked for, answered, granted for a time, ended, reviewed.
//
// It is: what people may order, and a leg that takes a use as far as it can go now, one journalled transition at a time.
// It takes: a use to look at; the row decides what is next, and the time.
// It gives: a role that one person may take on until a time, and afterwards the proof that nothing of it is left.
// Next door: glass says what may follow on what; action makes the calls; app runs the leg.
package grant

import (
	"context"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/glass"
	"jobzero/internal/ticket"
)

// Leg is the name of the leg; ref: the ID of a use.
const Leg = "glass"

// The actions.
const (
	giveAction = "iam.grant-break-glass"
	endAction  = "iam.end-role-sessions"
)

// Actions are all that a use is carried out by.
func Actions() []string { return []string{giveAction, endAction} }

// Within is what the ARNs of the roles end in that a use can be about.
const Within = "role/break-glass/*"

// Tx is one transaction.
type Tx interface {
	Glass(ctx context.Context, id glass.ID) (glass.Use, error)
	SaveGlass(ctx context.Context, u glass.Use) error
	Glasses(ctx context.Context, states []glass.State, account string, limit int) ([]glass.Use, error)
	Deeds(ctx context.Context, id glass.ID, limit int) ([]glass.Deed, error)
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error)
	AppendEntry(ctx context.Context, t *ticket.Ticket, e ticket.Entry) error
	Brake(ctx context.Context, name string) (effect.Brake, error)
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
}

// Store runs transactions.
type Store interface {
	Update(ctx context.Context, do func(Tx) error) error
	View(ctx context.Context, do func(Tx) error) error
}
