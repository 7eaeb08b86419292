package auth

import (
	"context"
	"slices"
)

// Kind is what a visitor is.
type Kind string

// The kinds.
const (
	Person  Kind = "person"  // of org.yaml, signed in
	Machine Kind = "machine" // a service token
	Local   Kind = "local"   // whoever has the shell: came in by a one-time link
)

// Visitor is who is asking. It is made when a request comes in and never kept.
type Visitor struct {
	ID      string   `json:"id"`   // of the person in org.yaml; token:NAME; local:admin
	Name    string   `json:"name"` // as it is shown
	Kind    Kind     `json:"kind"`
	Roles   []Role   `json:"roles"`
	Teams   []string `json:"teams,omitempty"`  // that the person leads or is in
	Scopes  []Verb   `json:"scopes,omitempty"` // of a token; its rights are these and no others
	Session string   `json:"-"`                // ID of the row behind it, for the record; never the secret
}

// May says whether the visitor may do something to what belongs to a team. An empty team is what belongs to none, or to all of them.
//
// A token has no role: its scopes are what it may do. It never approves, whatever they say, because an approval is a person's.
func (v Visitor) May(verb Verb, team string) bool {
	if v.Kind == Machine {
		return verb != Approve && slices.Contains(v.Scopes, verb)
	}
	switch reach(v.Roles, verb) {
	case All:
		return true
	case Own:
		return team != "" && slices.Contains(v.Teams, team)
	case None:
	}
	return false
}

// Somewhere says whether there is anything to which the visitor may do it: whether to offer it at all.
func (v Visitor) Somewhere(verb Verb) bool {
	return v.May(verb, "") || slices.ContainsFunc(v.Teams, func(t string) bool { return v.May(verb, t) })
}

type visitorKey struct{}

// Of is who is asking, false when nobody has said.
func Of(ctx context.Context) (Visitor, bool) {
	v, ok := ctx.Value(visitorKey{}).(Visitor)
	return v, ok
}

// With puts a visitor into a context. Doors get it from Gate.Guard; tests put in whom they like.
func With(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}
