package console

import (
	"net/http"
	"net/url"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
)

// Signed is whoever has come through the gate. Who has not is one of those whom Else lets in, or is asked to sign in.
type Signed struct {
	Else Visitors // nil: nobody else
}

// Visitor is who the gate has put into the request, with the rights of the table.
func (s Signed) Visitor(r *http.Request) (Visitor, error) {
	v, ok := auth.Of(r.Context())
	switch {
	case ok && v.Kind == auth.Machine:
		return Visitor{}, fault.New(fault.Denied, "a token opens the API, not these pages")
	case ok:
		may := func(right Right, team string) bool {
			return v.May(auth.Verb(right), team) || right == Look && v.Somewhere(auth.Look)
		}
		if !may(Look, "") {
			return Visitor{}, fault.New(fault.Denied, "%s has no right to look at these pages", v.Name)
		}
		return Visitor{Person: v.ID, Name: v.Name, May: may, Leave: "/auth/leave"}, nil
	case s.Else != nil:
		return s.Else.Visitor(r)
	}
	return Visitor{}, fault.New(fault.Denied, "sign in first")
}

// Enter is the page for signing in, which leads back to where somebody wanted to go.
func (s Signed) Enter(r *http.Request) string {
	if _, ok := auth.Of(r.Context()); ok || s.Else != nil {
		return ""
	}
	return "/auth?to=" + url.QueryEscape(r.URL.RequestURI())
}
