package eventbridge

import (
	"context"
	"errors"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/queue"
)

// Handler gives what is in a message to out: the event of its envelope, or a dead letter. Its errors are those of out, and
// leave the message with the queue.
func Handler(out source.Out) queue.Handler {
	return func(ctx context.Context, m queue.Message) error {
		body := source.Unwrap(m.Body)
		origin := event.Origin{Source: "eventbridge", Place: m.Queue + "#" + m.ID, Offset: -1}
		e, err := Open(body, origin)
		if other, ok := errors.AsType[*source.Other](err); ok {
			out.Skip(other.Name)
			return nil
		}
		if err != nil {
			return out.Bury(ctx, origin, err.Error(), body)
		}
		return out.Events(ctx, []*event.Event{e})
	}
}
