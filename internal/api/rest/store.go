package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/event"
	"jobzero/internal/expect/standing"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// Store runs transactions.
type Store interface {
	Update(ctx context.Context, f func(Tx) error) error
	View(ctx context.Context, f func(Tx) error) error
}

// Tx is one transaction: what is listed here, and what the verbs of the other rooms need.
type Tx interface {
	pages
	scores
	duties
	paging
	triage.Tx
	playbook.Tx
	governed
}

type pages interface {
	TicketPage(ctx context.Context, q ticket.Query) (ticket.Page, error)
	FindingPage(ctx context.Context, q finding.Query) (finding.Page, error)
	RunPage(ctx context.Context, q playbook.RunQuery) (playbook.RunPage, error)
	LetterPage(ctx context.Context, q event.LetterQuery) (event.LetterPage, error)
	Letter(ctx context.Context, id string) (event.Letter, error)
}

type scores interface {
	Scored(ctx context.Context, after string) (string, bool, error)
	Scores(ctx context.Context, of standing.Group, since time.Time) ([]standing.Score, error)
}

type governed interface {
	Tokens(ctx context.Context) ([]auth.Token, error)
	Token(ctx context.Context, id string) (auth.Token, error)
	SaveToken(ctx context.Context, t auth.Token) error
	Records(ctx context.Context, before string, limit int) ([]auth.Record, error)
}

// narrow is the store as a verb of another room sees it, with a condition that has to hold in the same transaction.
type narrow[T any] struct {
	s     Store
	as    func(Tx) T
	check func(context.Context, Tx) error // nil: none
}

// Update runs a transaction in which the condition holds.
func (n narrow[T]) Update(ctx context.Context, f func(T) error) error {
	return n.s.Update(ctx, func(tx Tx) error {
		if n.check != nil {
			if err := n.check(ctx, tx); err != nil {
				return err
			}
		}
		return f(n.as(tx))
	})
}

// View reads.
func (n narrow[T]) View(ctx context.Context, f func(T) error) error {
	return n.s.View(ctx, func(tx Tx) error { return f(n.as(tx)) })
}

// view reads one thing.
func view[T any](ctx context.Context, s Store, read func(Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx Tx) (err error) {
		out, err = read(tx)
		return err
	})
	return out, err
}
