package store

import (
	"context"
	"time"

	"jobzero/internal/store/db"
)

// Reply is what was answered to a write with a key of its own.
type Reply struct {
	Who     string // whose key it is
	Key     string
	Request string // hash of what was asked
	At      time.Time
	Answer  string // empty while it is being worked on
}

// BeginReply takes a key, true when nobody had it; else it gives what there is under it.
func (t *Tx) BeginReply(ctx context.Context, r Reply) (Reply, bool, error) {
	n, err := t.q.BeginReply(ctx, db.BeginReplyParams{Who: column(r.Who), Name: column(r.Key), Request: r.Request, At: stamp(r.At)})
	if err != nil || n == 1 {
		return r, n == 1, t.s.fail(err, "take the key of a request")
	}
	row, err := t.q.Reply(ctx, db.ReplyParams{Who: column(r.Who), Name: column(r.Key)})
	return Reply{r.Who, r.Key, row.Request, instant(row.At), row.Doc}, false, t.s.fail(err, "read what was answered before")
}

// EndReply keeps the answer.
func (t *Tx) EndReply(ctx context.Context, who, key, answer string) error {
	return t.s.fail(t.q.EndReply(ctx, db.EndReplyParams{Who: column(who), Name: column(key), Doc: plain(answer)}), "keep an answer")
}

// DropReply lets a key be used anew, because nothing was done under it.
func (t *Tx) DropReply(ctx context.Context, who, key string) error {
	return t.s.fail(t.q.DropReply(ctx, db.DropReplyParams{Who: column(who), Name: column(key)}), "let go of the key of a request")
}

// PruneReplies forgets the answers from before a time.
func (s *Store) PruneReplies(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget old answers", func(t *Tx) (int64, error) { return t.q.PruneReplies(ctx, stamp(before)) })
}
