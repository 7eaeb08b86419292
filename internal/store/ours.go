package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/detect/ours"
	"jobzero/internal/effect"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// AddOurCall keeps a call of ours that CloudTrail tells of until it is judged. The same twice is once.
func (t *Tx) AddOurCall(ctx context.Context, c ours.Call) error {
	doc, err := encode("the call of event "+string(c.Event), c)
	if err != nil {
		return err
	}
	err = t.q.AddOurCall(ctx, db.AddOurCallParams{
		Account: column(c.Account), ID: column(string(c.Event)), Ticket: column(c.Ticket), Request: column(c.Request),
		Verdict: string(c.Verdict), HeardAt: stamp(c.Heard), Doc: plain(doc),
	})
	return t.s.fail(err, "keep the call of event "+string(c.Event))
}

// JudgeOurCall keeps what was found out about a call.
func (t *Tx) JudgeOurCall(ctx context.Context, c ours.Call) error {
	doc, err := encode("the call of event "+string(c.Event), c)
	if err != nil {
		return err
	}
	err = t.q.JudgeOurCall(ctx, db.JudgeOurCallParams{Verdict: string(c.Verdict), Doc: plain(doc), Account: column(c.Account), ID: column(string(c.Event))})
	return t.s.fail(err, "judge the call of event "+string(c.Event))
}

// WaitingCalls are calls that were heard by a time and are not judged yet, the first heard first.
func (t *Tx) WaitingCalls(ctx context.Context, by time.Time, limit int) ([]ours.Call, error) {
	docs, err := t.q.WaitingCalls(ctx, db.WaitingCallsParams{Before: stamp(by), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read calls of ours that wait")
	}
	return decodeAll[ours.Call]("a call of ours", docs)
}

// FirstWaitingCall is when the first call was heard that waits and was heard after a time; zero: there is none.
func (t *Tx) FirstWaitingCall(ctx context.Context, after time.Time) (time.Time, error) {
	us, err := t.q.FirstWaitingCall(ctx, stamp(after))
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return instant(us), t.s.fail(err, "read calls of ours that wait")
}

// CallsOfTicket are the judged calls whose session names a ticket.
func (t *Tx) CallsOfTicket(ctx context.Context, id ticket.ID) ([]ours.Call, error) {
	docs, err := t.q.CallsOfTicket(ctx, db.CallsOfTicketParams{Ticket: column(string(id)), Most: mostRows})
	if err != nil {
		return nil, t.s.fail(err, "read the calls for ticket "+string(id))
	}
	return decodeAll[ours.Call]("a call of ours", docs)
}

// HeardOfRequest reports whether CloudTrail has told of a call of ours by AWS's own ID of it.
func (t *Tx) HeardOfRequest(ctx context.Context, request string) (bool, error) {
	n, err := t.q.OurCallsOf(ctx, column(request))
	return n > 0, t.s.fail(err, "look for the call of request "+request)
}

// PruneOurCalls forgets judged calls that were heard before a time.
func (s *Store) PruneOurCalls(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget old calls of ours", func(t *Tx) (int64, error) { return t.q.PruneOurCalls(ctx, stamp(before)) })
}

// AuditMark is how far the chain was looked through for a purpose; false: never.
func (t *Tx) AuditMark(ctx context.Context, name string) (int64, bool, error) {
	seq, err := t.q.AuditMark(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, t.s.fail(err, "read how far the chain was looked through for "+name)
}

// SaveAuditMark keeps how far the chain was looked through.
func (t *Tx) SaveAuditMark(ctx context.Context, name string, seq int64) error {
	return t.s.fail(t.q.SaveAuditMark(ctx, db.SaveAuditMarkParams{Name: name, Seq: seq}), "keep how far the chain was looked through for "+name)
}

// Made are the calls of the entries of a part of the chain: of the links after one, up to another one.
func (t *Tx) Made(ctx context.Context, after, upto int64) ([]Recorded, error) {
	rows, err := t.q.MadeAfter(ctx, db.MadeAfterParams{After: after, Upto: upto})
	if err != nil {
		return nil, t.s.fail(err, "read calls from the chain")
	}
	out := make([]Recorded, len(rows))
	for i, r := range rows {
		e, err := decode[ticket.Entry]("an entry", r.Doc)
		if err != nil {
			return nil, err
		}
		out[i] = Recorded{Link: r.Seq, Ticket: e.Ticket, Entry: e.Seq, At: e.At, Calls: e.Made}
	}
	return out, nil
}

// Recorded are the calls that an entry is the record of.
type Recorded struct {
	Link   int64
	Ticket ticket.ID
	Entry  int
	At     time.Time
	Calls  []effect.Made
}
