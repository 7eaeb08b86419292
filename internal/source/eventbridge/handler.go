package eventbridge

import (
	"context"
	"errors"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/queue"
)

// Handler gives what is in a message to out: the event or the report of its envelope, or a dead letter. Reports that nobody
// takes are skipped unread. Its errors are those of out, and leave the message with the queue.
func Handler(out source.Out) queue.Handler {
	return func(ctx context.Context, m queue.Message) error {
		body := source.Unwrap(m.Body)
		origin := event.Origin{Source: "eventbridge", Place: m.Queue + "#" + m.ID, Offset: -1}
		e, err := Open(body, origin)
		if err == nil {
			return out.Events(ctx, []*event.Event{e})
		}
		other, ok := errors.AsType[*source.Other](err)
		if ok && out.Reports != nil {
			var r source.Report
			if r, err = OpenReport(body, origin); err == nil {
				return out.Reports(ctx, []source.Report{r})
			}
			other, ok = errors.AsType[*source.Other](err)
		}
		if ok {
			out.Skip(other.Name)
			return nil
		}
		return out.Bury(ctx, origin, err.Error(), body)
	}
}
