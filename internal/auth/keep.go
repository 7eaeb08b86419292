package auth

import (
	"context"
	"time"
)

// Visit is a session as it is kept. The secret in the cookie is not: only its hash is.
type Visit struct {
	Hash   string    `json:"-"`
	Who    string    `json:"who"` // Visitor.ID
	Name   string    `json:"name"`
	Kind   Kind      `json:"kind"`
	Roles  []Role    `json:"roles,omitempty"`  // of a local visitor
	Groups []string  `json:"groups,omitempty"` // of the provider, those that the settings name
	Listed string    `json:"listed,omitempty"` // ID in the directory of people, where it knows the person
	Began  time.Time `json:"began"`
	Seen   time.Time `json:"seen"`
	Ends   time.Time `json:"ends"` // however much it is used
}

// Token is a service token as it is kept, without its secret.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Hash    string    `json:"hash"` // of the secret
	Scopes  []Verb    `json:"scopes"`
	By      string    `json:"by"` // who made it
	Made    time.Time `json:"made"`
	Ends    time.Time `json:"ends"`
	Used    time.Time `json:"used,omitzero"` // last, to the minute
	Revoked time.Time `json:"revoked,omitzero"`
}

// Live reports whether the token opens anything at a time.
func (t Token) Live(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Ends) }

// Link is a one-time link as it is kept, without its secret.
type Link struct {
	Hash  string    `json:"-"`
	Name  string    `json:"name"`
	Roles []Role    `json:"roles"`
	Ends  time.Time `json:"ends"`
}

// Record is one write that somebody asked for, or one sign-in. It is sealed into the chain twice: before it is done and after.
type Record struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Who     string    `json:"who,omitempty"`     // Visitor.ID; empty: nobody was let in
	Session string    `json:"session,omitempty"` // the beginning of the session's hash, or the token's ID
	From    string    `json:"from,omitempty"`    // address
	What    string    `json:"what"`              // method and route, or the kind of sign-in
	On      string    `json:"on,omitempty"`      // path
	Status  int       `json:"status,omitempty"`  // of the answer; 0: it has not been given
	Note    string    `json:"note,omitempty"`
}

// Store keeps sessions, tokens, links and records.
type Store interface {
	Update(ctx context.Context, f func(Tx) error) error
	View(ctx context.Context, f func(Tx) error) error
}

// Tx is one transaction on the store. What is not there gives fault.NotFound.
type Tx interface {
	visits
	tokens
	links
	records
}

type visits interface {
	Visit(ctx context.Context, hash string) (Visit, error)
	SaveVisit(ctx context.Context, v Visit) error
	DropVisit(ctx context.Context, hash string) error
	DropVisitsOf(ctx context.Context, who string) (int, error)
}

type tokens interface {
	Token(ctx context.Context, id string) (Token, error)
	Tokens(ctx context.Context) ([]Token, error)
	SaveToken(ctx context.Context, t Token) error
}

type links interface {
	SaveLink(ctx context.Context, l Link) error
	TakeLink(ctx context.Context, hash string) (Link, error) // and it is gone
}

type records interface {
	SaveRecord(ctx context.Context, r Record) error
	Records(ctx context.Context, before string, limit int) ([]Record, error) // newest first
}
