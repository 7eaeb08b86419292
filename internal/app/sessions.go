package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"jobzero/internal/access/tie"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/store"
)

const (
	keepSessions  = 48 * time.Hour   // after a credential's end it is still known whose it was: events come late
	askOthers     = 10 * time.Second // how often what other processes have learnt is read
	othersAreLate = time.Minute      // a transaction may commit that long after the time that its rows have
	sessionPage   = 1000
)

// Sessions knows who is behind a credential: from the events that this process has seen, and from what it or others have kept.
type Sessions struct {
	graph *lineage.Graph

	mu    sync.Mutex // one reading at a time
	mark  store.SessionMark
	asked time.Time

	waiting waiting
}

// NewSessions knows nothing yet; the first Take reads what is kept.
func NewSessions() *Sessions {
	return &Sessions{graph: lineage.New(lineage.Options{Keep: keepSessions, Rows: true})}
}

// Serve gives knowledge an engine whose rules may ask who is behind an event.
func (s *Sessions) Serve(k *Knowledge) {
	k.Engine = k.engine(s.graph)
	k.Follow.Ask(s.graph)
	asking, _ := sigma.Set{Rules: k.Rules}.ByLineage()
	s.waiting.ask(sigma.NewForesight(asking), sigma.NewEngineWith(asking, s.graph))
}

// learn reads what others have kept, when it is time, and takes what events say.
func (s *Sessions) learn(ctx context.Context, st *store.Store, events []*event.Event, now time.Time) error {
	if err := s.catchUp(ctx, st, now); err != nil {
		return fmt.Errorf("read who is behind which session: %w", err)
	}
	for _, e := range events {
		s.graph.Learn(e.Record())
	}
	return nil
}

// catchUp reads what was kept since the last time. A row that cannot be read is left out: whoever it tells about is unknown.
func (s *Sessions) catchUp(ctx context.Context, st *store.Store, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked.IsZero() && now.Sub(s.asked) < askOthers {
		return nil
	}
	for m := s.mark; ; {
		var rows []lineage.Row
		err := st.View(ctx, func(tx *store.Tx) (err error) {
			rows, m, err = tx.SessionsAfter(ctx, m, sessionPage)
			return err
		})
		if err != nil {
			return err
		}
		s.graph.Load(rows)
		if len(rows) < sessionPage {
			if s.asked = now; !m.Saved.IsZero() {
				s.mark = store.SessionMark{Saved: m.Saved.Add(-othersAreLate)}
			}
			return nil
		}
	}
}

// behind is the evidence of who was behind an event; false where the event says it itself.
func (s *Sessions) behind(e *event.Event) (finding.Evidence, bool) {
	if s == nil {
		return finding.Evidence{}, false
	}
	l, ok := s.graph.Resolve(e.Record())
	if !ok || len(l.Chain) == 0 && l.Strength == lineage.Proved {
		return finding.Evidence{}, false
	}
	return finding.Evidence{Kind: "lineage", At: e.Time, Text: l.Words(), Data: l.JSON()}, true
}

// SessionsKept gives the sessions that a store knows and that live at a time. A row that cannot be read is left out.
func SessionsKept(ctx context.Context, st *store.Store, now time.Time) ([]lineage.Session, error) {
	s := NewSessions()
	if err := s.catchUp(ctx, st, now); err != nil {
		return nil, fmt.Errorf("read which sessions are known: %w", err)
	}
	return slices.Collect(s.graph.Alive(now, tie.Lasts)), nil
}
