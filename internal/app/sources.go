package app

import (
	"context"

	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/flow"
	"jobzero/internal/source"
	"jobzero/internal/source/eventbridge"
	"jobzero/internal/source/file"
	"jobzero/internal/source/queue"
	"jobzero/internal/source/s3notify"
)

// listen is the stream leg that takes events from all queues of the configuration and hands them to take, with the queue. What
// other tools report comes through the same queues.
func (h *House) listen(take func(ctx context.Context, queue string, events []*event.Event) error) flow.Run {
	return func(ctx context.Context) error {
		from := func(q config.Queue) source.Out {
			events := func(ctx context.Context, events []*event.Event) error { return take(ctx, q.URL, events) }
			return source.Out{Events: events, Reports: h.hear, Dead: h.bury, Skipped: h.metrics.Skipped, Now: h.clock.Now}
		}
		var open []func(context.Context) error
		for _, q := range h.config.Sources.EventBridge {
			c, err := h.consumer(ctx, q, eventbridge.Handler(from(q)))
			if err != nil {
				return err
			}
			open = append(open, c.Run)
		}
		for _, q := range h.config.Sources.S3 {
			c, err := h.consumer(ctx, q, s3notify.Handler(s3notify.Client(h.org.Hub(h.region(q))), h.reading(), from(q)))
			if err != nil {
				return err
			}
			open = append(open, c.Run)
		}
		if len(open) > 0 {
			open = append(open, h.pulse)
		}
		return together(ctx, open)
	}
}

// reading is how objects are read.
func (h *House) reading() s3notify.Options {
	return s3notify.Options{Ours: h.config.Knows, File: file.Options{Logs: h.logs}}
}

func (h *House) consumer(ctx context.Context, q config.Queue, handle queue.Handler) (*queue.Consumer, error) {
	o := queue.Options{
		URL: q.URL, Wait: q.Wait, Visibility: q.Visibility, Trouble: func(err error) { h.log.Warn("queue", "error", err) },
		Empty: func() { h.idle(ctx, q.URL) },
	}
	return queue.New(queue.Client(h.org.Hub(h.region(q))), o, handle)
}

// region is where a queue is; the hub's own unless the configuration says otherwise.
func (h *House) region(q config.Queue) string {
	if q.Region != "" {
		return q.Region
	}
	return h.config.AWS.Region
}

// bury writes a dead letter down.
func (h *House) bury(ctx context.Context, d source.DeadLetter) error {
	h.metrics.DeadLetter(d.Origin.Source)
	h.log.Warn("dead letter", "origin", d.Origin.String(), "reason", d.Reason)
	return h.store.Update(ctx, func(tx storeTx) error { return tx.AddLetter(ctx, letterOf(d)) })
}

func letterOf(d source.DeadLetter) event.Letter {
	return event.Letter{
		ID: newULID(d.At), Origin: d.Origin, Reason: d.Reason,
		Bytes: d.Bytes, Size: d.Size, At: d.At, State: event.Dead, Beside: d.Beside,
	}
}
