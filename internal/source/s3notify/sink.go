package s3notify

import (
	"context"

	"jobzero/internal/event"
	"jobzero/internal/source"
)

// sink gathers an object's events in batches and holds each record against what the object's key says.
type sink struct {
	ctx   context.Context
	h     *handling
	body  *body
	claim claim
	batch []*event.Event
}

// Event takes one record. AWS writes only an account's own records below its prefix; another account's was put there.
func (s *sink) Event(e *event.Event) error {
	if reason := s.claim.against(e, s.h.o.Ours); reason != "" {
		said := e.Raw
		if e.Line != nil {
			said = e.Line
		}
		return s.DeadLetter(source.DeadLetter{
			Origin: e.Origin, Bytes: source.Clip(said), Size: int64(len(said)), At: s.h.out.Now(), Reason: reason, Beside: &event.Beside{Log: e.Log},
		})
	}
	s.batch = append(s.batch, e)
	if len(s.batch) < s.h.o.Batch {
		return nil
	}
	return s.flush()
}

// DeadLetter takes what could not be read, unless it is the connection that broke: then the message is tried again.
func (s *sink) DeadLetter(d source.DeadLetter) error {
	if s.body.err != nil {
		return s.body.err
	}
	return s.h.out.Dead(s.ctx, d)
}

// Skipped names what was no record.
func (s *sink) Skipped(path, reason string) { s.h.out.Skip(path + ": " + reason) }

// flush hands the batch over.
func (s *sink) flush() error {
	if len(s.batch) == 0 {
		return nil
	}
	err := s.h.out.Events(s.ctx, s.batch)
	s.batch = nil
	return err
}
