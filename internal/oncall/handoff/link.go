package handoff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Link lets one person accept one handoff without signing in, once. What opens it is in the message to that person and nowhere else: here is
// only its hash.
type Link struct {
	Hash    string    `json:"-"`
	Handoff ID        `json:"handoff"`
	Person  string    `json:"person"`
	Made    time.Time `json:"made"`
	Ends    time.Time `json:"ends"` // with the shift
	Used    time.Time `json:"used,omitzero"`
	From    string    `json:"from,omitempty"` // the address that it was used from
	Version int64     `json:"version"`
}

// Ways by which somebody accepts.
const (
	ByLink    = "signed link"
	ByConsole = "console"
	ByProgram = "API"
	ByCommand = "command line"
)

// linkBytes of randomness nobody guesses, so that a plain hash of them keeps them.
const linkBytes = 32

// NewLink makes a link for somebody who is asked to accept: what is kept, and what opens it.
func (h Handoff) NewLink(person string, now time.Time) (Link, telemetry.Secret, error) {
	if h.State != Open || !h.asked(person) {
		return Link{}, "", fault.New(fault.Conflict, "%s is not asked to accept handoff %s", person, h.ID)
	}
	b := make([]byte, linkBytes)
	_, _ = rand.Read(b) // never fails, crypto/rand says
	secret := base64.RawURLEncoding.EncodeToString(b)
	return Link{Hash: LinkHash(secret), Handoff: h.ID, Person: person, Made: now.UTC(), Ends: h.Ends, Version: 1}, telemetry.Secret(secret), nil
}

// LinkHash is what is kept of what opens a link.
func LinkHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Opens says why a link does not open its handoff at a time; nil: it does.
func (l Link) Opens(h Handoff, now time.Time) error {
	switch {
	case !l.Used.IsZero():
		return fault.New(fault.Conflict, "this link was used at %s: it works once", stamp(l.Used))
	case h.State == Accepted:
		return fault.New(fault.Conflict, "%s has accepted this handoff at %s: there is nothing left to do", h.AcceptedBy, stamp(h.AcceptedAt))
	case h.State == Lapsed || !now.Before(l.Ends):
		return fault.New(fault.Conflict, "this link has expired: its shift was over at %s", stamp(l.Ends))
	case !h.asked(l.Person):
		return fault.New(fault.Conflict, "%s is not asked to accept this handoff any more: the rota was changed", l.Person)
	}
	return nil
}

// Use accepts the handoff in the name of whom the link is for, and uses the link up.
func (l Link) Use(h Handoff, from string, now time.Time) (Link, Handoff, error) {
	if err := l.Opens(h, now); err != nil {
		return l, h, err
	}
	h, err := h.AcceptBy(l.Person, ByLink, now)
	if err != nil {
		return l, h, err
	}
	l.Used, l.From, l.Version = now.UTC(), from, l.Version+1
	return l, h, nil
}
