package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
)

// token is a service token without its hash.
type token struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Scopes  []auth.Verb `json:"scopes"`
	By      string      `json:"by"`
	Made    time.Time   `json:"made"`
	Ends    time.Time   `json:"ends"`
	Used    time.Time   `json:"used,omitzero"`
	Revoked time.Time   `json:"revoked,omitzero"`
	Live    bool        `json:"live"`
}

type tokenList struct {
	Tokens []token `json:"tokens"`
}

type recordsAsked struct {
	After string `query:"after" maxLength:"64"`
	Size  int    `query:"size" minimum:"1" maximum:"500" default:"50"`
}

type recordList struct {
	Records []auth.Record `json:"records"`
	Next    string        `json:"next,omitempty"`
}

type revokeAsked struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `header:"Idempotency-Key" maxLength:"200"`
}

// govern is read and taken away here; tokens are made at the command line, so that none is ever in an answer that something on the way keeps.
func (s *server) govern() {
	route(s, plainGet("list-tokens", "/tokens", auth.Govern, "Service tokens, without what opens"), func(ctx context.Context, a asked[struct{}]) (*answer[tokenList], error) {
		all, err := view(ctx, s.Store, func(tx Tx) ([]auth.Token, error) { return tx.Tokens(ctx) })
		out := tokenList{[]token{}}
		for _, t := range all {
			out.Tokens = append(out.Tokens, shown(t, a.now))
		}
		return &answer[tokenList]{Body: out}, err
	})
	route(s, plainPost("revoke-token", "/tokens/{id}/revoke", auth.Govern, "End a service token at once"), func(ctx context.Context, a asked[revokeAsked]) (*answer[token], error) {
		var t auth.Token
		err := s.Store.Update(ctx, func(tx Tx) (err error) {
			if t, err = tx.Token(ctx, a.in.ID); err != nil {
				return err
			}
			if !t.Live(a.now) {
				return fault.New(fault.Conflict, "token %s opens nothing any more", t.Name)
			}
			t.Revoked = a.now
			return tx.SaveToken(ctx, t)
		})
		return &answer[token]{Body: shown(t, a.now)}, err
	})
	route(s, plainGet("list-records", "/records", auth.Govern, "Who wrote what, newest first"), func(ctx context.Context, a asked[recordsAsked]) (*answer[recordList], error) {
		all, err := view(ctx, s.Store, func(tx Tx) ([]auth.Record, error) { return tx.Records(ctx, a.in.After, a.in.Size) })
		out := recordList{Records: full(all)}
		if len(all) == a.in.Size {
			out.Next = all[len(all)-1].ID
		}
		return &answer[recordList]{Body: out}, err
	})
}

func shown(t auth.Token, now time.Time) token {
	return token{t.ID, t.Name, t.Scopes, t.By, t.Made, t.Ends, t.Used, t.Revoked, t.Live(now)}
}
