package rest

import (
	"context"
	"time"

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

// letter is a record that could not be read, as programs see it.
type letter struct {
	ID     string            `json:"id"`
	State  event.LetterState `json:"state"`
	Reason string            `json:"reason"`
	From   from              `json:"from"`
	Size   int64             `json:"size" doc:"Of the whole record in bytes, -1 when not known"`
	At     time.Time         `json:"at"`
	Beside *event.Beside     `json:"beside,omitempty"`
	Bytes  []byte            `json:"bytes,omitempty" doc:"As delivered, in Base64; cut when size is larger; not in lists"`
}

// from is where a record came from.
type from struct {
	Source string `json:"source"`
	Place  string `json:"place"`
	Offset int64  `json:"offset"`
}

type letterPage struct {
	Letters []letter `json:"letters"`
	Next    string   `json:"next,omitempty"`
}

func letterOf(l event.Letter) letter {
	return letter{l.ID, l.State, l.Reason, from(l.Origin), l.Size, l.At, l.Beside, l.Bytes}
}

func (s *server) letters() {
	route(s, plainGet("list-dead-letters", "/dead-letters", auth.Letters, "Records that could not be read, newest first, without their bytes"),
		func(ctx context.Context, a asked[lettersAsked]) (*answer[letterPage], error) {
			q := event.LetterQuery{State: a.in.State, After: a.in.After, Size: a.in.Size}
			p, err := view(ctx, s.Store, func(tx Tx) (event.LetterPage, error) { return tx.LetterPage(ctx, q) })
			out := letterPage{[]letter{}, p.Next}
			for _, l := range p.Letters {
				out.Letters = append(out.Letters, letterOf(l))
			}
			return &answer[letterPage]{Body: out}, err
		})
	route(s, plainGet("show-dead-letter", "/dead-letters/{id}", auth.Letters, "A record that could not be read, with its bytes in Base64"),
		func(ctx context.Context, a asked[one]) (*answer[letter], error) {
			l, err := view(ctx, s.Store, func(tx Tx) (event.Letter, error) { return tx.Letter(ctx, a.in.ID) })
			return &answer[letter]{Body: letterOf(l)}, err
		})
	route(s, plainPost("replay-dead-letter", "/dead-letters/{id}/replay", auth.Replay, "Try again to read a record"),
		func(ctx context.Context, a asked[replayAsked]) (*answer[Replayed], error) {
			r, err := s.Replay(ctx, a.in.ID)
			return &answer[Replayed]{Body: r}, err
		})
}
