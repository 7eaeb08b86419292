package rest

import (
	"context"

	"jobzero/internal/auth"
	"jobzero/internal/event"
)

type lettersAsked struct {
	State event.LetterState `query:"state" enum:"dead,replayed"`
	After string            `query:"after" maxLength:"200"`
	Size  int               `query:"size" minimum:"1" maximum:"500" default:"50"`
}

type replayAsked struct {
	ID  string `path:"id" maxLength:"200"`
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
}

// Replayed is what became of one dead letter.
type Replayed struct {
	ID       string            `json:"id"`
	State    event.LetterState `json:"state"`
	Findings int               `json:"findings"`
	Reason   string            `json:"reason,omitempty"` // why it stays dead
}

func (s *server) letters() {
	route(s, plainGet("list-dead-letters", "/dead-letters", auth.Letters, "Records that could not be read, newest first, without their bytes"),
		func(ctx context.Context, a asked[lettersAsked]) (*answer[event.LetterPage], error) {
			q := event.LetterQuery{State: a.in.State, After: a.in.After, Size: a.in.Size}
			p, err := view(ctx, s.Store, func(tx Tx) (event.LetterPage, error) { return tx.LetterPage(ctx, q) })
			p.Letters = full(p.Letters)
			return &answer[event.LetterPage]{Body: p}, err
		})
	route(s, plainGet("show-dead-letter", "/dead-letters/{id}", auth.Letters, "A record that could not be read, with its bytes in Base64"),
		func(ctx context.Context, a asked[one]) (*answer[event.Letter], error) {
			l, err := view(ctx, s.Store, func(tx Tx) (event.Letter, error) { return tx.Letter(ctx, a.in.ID) })
			return &answer[event.Letter]{Body: l}, err
		})
	route(s, plainPost("replay-dead-letter", "/dead-letters/{id}/replay", auth.Replay, "Try again to read a record"),
		func(ctx context.Context, a asked[replayAsked]) (*answer[Replayed], error) {
			r, err := s.Replay(ctx, a.in.ID)
			return &answer[Replayed]{Body: r}, err
		})
}
