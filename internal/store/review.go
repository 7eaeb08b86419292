package store

import (
	"context"

	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// SaveReview keeps what a person says of a closing; a later word takes the place of an earlier one.
func (t *Tx) SaveReview(ctx context.Context, r ticket.Review) error {
	doc, err := encode("the review of ticket "+string(r.Ticket), r)
	if err != nil {
		return err
	}
	err = t.q.SaveClosingReview(ctx, db.SaveClosingReviewParams{Ticket: column(string(r.Ticket)), Opening: int64(r.Opening), Doc: doc})
	return t.s.fail(err, "save the review of ticket "+string(r.Ticket))
}

// Reviews gives what people said of the closings of a ticket, the oldest opening first.
func (t *Tx) Reviews(ctx context.Context, id ticket.ID) ([]ticket.Review, error) {
	docs, err := t.q.ClosingReviewsOf(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "read the reviews of ticket "+string(id))
	}
	return decodeAll[ticket.Review]("review", docs)
}

// TicketsAfter gives tickets in the order of their IDs, from behind one, at most so many.
func (t *Tx) TicketsAfter(ctx context.Context, id ticket.ID, limit int) ([]ticket.Ticket, error) {
	rows, err := t.q.TicketsAfter(ctx, db.TicketsAfterParams{ID: column(string(id)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "go through the tickets")
	}
	docs := make([]string, len(rows))
	for i, r := range rows {
		docs[i] = r.Doc
	}
	return decodeAll[ticket.Ticket]("ticket", docs)
}
