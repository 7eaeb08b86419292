package handoff

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

// Accept has somebody take duty over: from the hour on, or from now where it is over.
func (h Handoff) Accept(person string, now time.Time) (Handoff, error) {
	return h.AcceptBy(person, "", now)
}

// AcceptBy is Accept with the way by which it was said.
func (h Handoff) AcceptBy(person, via string, now time.Time) (Handoff, error) {
	switch {
	case person == "":
		return h, fault.New(fault.Denied, "handoff %s is accepted by a person, and nobody is named", h.ID)
	case h.State == Accepted:
		return h, fault.New(fault.Conflict, "handoff %s was accepted by %s at %s", h.ID, h.AcceptedBy, stamp(h.AcceptedAt))
	case h.State == Lapsed || !now.Before(h.Ends):
		return h, fault.New(fault.Conflict, "the shift of handoff %s was over at %s: accept the one after it", h.ID, stamp(h.Ends))
	case person != h.To && !h.asked(person):
		return h, fault.New(fault.Denied, "%s was not asked to accept handoff %s: %s may; to be on duty without being asked, use jobzero oncall take",
			person, h.ID, strings.Join(h.May(), ", "))
	}
	h.State, h.AcceptedBy, h.AcceptedAt, h.AcceptedVia = Accepted, person, now.UTC(), via
	return h, nil
}

// Concerns reports whether somebody has a part in the handoff: hands over, takes over, stands behind, or was asked.
func (h Handoff) Concerns(person string) bool {
	return person != "" && (person == h.From || person == h.To || person == h.Second || h.asked(person))
}

// Escalated reports whether others than the next person are asked, too.
func (h Handoff) Escalated() bool {
	return h.State == Open && slices.ContainsFunc(h.Asked, func(a Asked) bool { return a.As != AsNext })
}

// May gives who may accept now.
func (h Handoff) May() (out []string) {
	if h.To != "" {
		out = append(out, h.To)
	}
	for _, a := range h.Asked {
		if !slices.Contains(out, a.Person) {
			out = append(out, a.Person)
		}
	}
	return out
}

const (
	maxNote  = 8 << 10
	maxNotes = 100
)

// Note adds what somebody wants those to know who come after. It can be added for ever, and never be taken back.
func (h Handoff) Note(by, text string, now time.Time) (Handoff, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "" || by == "":
		return h, fault.New(fault.Invalid, "a note without words, or without who writes it")
	case len(text) > maxNote || len(h.Notes) >= maxNotes:
		return h, fault.New(fault.Invalid, "a handoff has at most %d notes of %d bytes: put more where it belongs, and name the place", maxNotes, maxNote)
	}
	h.Notes = append(slices.Clone(h.Notes), Note{By: by, At: now.UTC(), Text: text})
	return h, nil
}

// Taken has a handoff accepted by somebody who took the seat by himself since it was written: there is nothing left to ask.
func (h Handoff) Taken(person string, by oncall.Change) Handoff {
	if h.State == Open && by.At.After(h.Document.Written) {
		h.State, h.AcceptedBy, h.AcceptedAt = Accepted, person, latest(by.At, h.Due)
	}
	return h
}

// Same reports whether nothing of a handoff has changed.
func (h Handoff) Same(other Handoff) bool {
	return h.State == other.State && h.From == other.From && h.Since.Equal(other.Since) && h.To == other.To && h.Second == other.Second &&
		slices.Equal(h.Chain, other.Chain) && slices.Equal(h.Asked, other.Asked) && h.Again == other.Again
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
