package rest

import (
	"context"

	"jobzero/internal/auth"
)

// me is who asks, and what that allows.
type me struct {
	auth.Visitor
	May []right `json:"may"`
}

// right is a verb and how far it goes.
type right struct {
	Verb  auth.Verb `json:"verb"`
	Reach string    `json:"reach" enum:"all,own" doc:"own: what belongs to one of the visitor's teams"`
}

func (s *server) people() {
	route(s, plainGet("whoami", "/whoami", "", "Who is asking, and what that allows"), func(_ context.Context, a asked[struct{}]) (*answer[me], error) {
		out := me{Visitor: a.who, May: []right{}}
		for _, v := range auth.Verbs() {
			switch {
			case a.who.May(v, ""):
				out.May = append(out.May, right{v, "all"})
			case a.who.Somewhere(v):
				out.May = append(out.May, right{v, "own"})
			}
		}
		return &answer[me]{Body: out}, nil
	})
}
