package handoff

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/oncall"
)

const (
	// Before is how long before the end of a shift its handoff is written.
	Before = 15 * time.Minute
	// Patience is how long somebody is given before the next one is asked, too. Nobody is asked instead of another one before the hour.
	Patience = 15 * time.Minute
)

// ID names a handoff by its rota and its hour, so that there is one whoever writes it.
type ID string

// NewID is the ID of the handoff of a rota at an hour. Names of rotas have no plus.
func NewID(rota string, due time.Time) ID {
	return ID(strings.ReplaceAll(rota, " ", "+") + "-" + due.UTC().Format("20060102T1504Z"))
}

// State is where a handoff is.
type State string

// The states of a handoff.
const (
	Open     State = "open"     // nobody has accepted it yet
	Accepted State = "accepted" // somebody has
	Lapsed   State = "lapsed"   // nobody did until the shift was over
)

// States gives all.
func States() []State { return []State{Open, Accepted, Lapsed} }

// Handoff is one handover of duty.
type Handoff struct {
	ID          ID        `json:"id"`
	Rota        string    `json:"rota"`
	State       State     `json:"state"`
	Due         time.Time `json:"due"`  // when the shift begins
	Ends        time.Time `json:"ends"` // when it is over
	Site        string    `json:"site"` // whose shift begins
	From        string    `json:"from"` // who is on duty before; empty: nobody, as it is the first of its rota
	Since       time.Time `json:"since"`
	To          string    `json:"to"`               // whose turn it is
	Second      string    `json:"second,omitempty"` // who stands behind
	Chain       []string  `json:"chain,omitempty"`  // the managers above To, the nearest first
	Asked       []Asked   `json:"asked"`
	Again       int       `json:"again,omitempty"` // how often everybody was asked once more
	Last        time.Time `json:"last,omitzero"`   // when somebody was asked last
	AcceptedBy  string    `json:"accepted_by,omitempty"`
	AcceptedAt  time.Time `json:"accepted_at,omitzero"`
	AcceptedVia string    `json:"accepted_via,omitempty"` // console, signed link, slack …; empty: it went on by itself, or by a take
	Notes       []Note    `json:"notes,omitempty"`
	Document    Document  `json:"document"`
	Version     int64     `json:"version"`
}

// Asked is somebody who may accept a handoff, and since when.
type Asked struct {
	Person string    `json:"person"`
	As     As        `json:"as"`
	At     time.Time `json:"at"`
}

// As is why somebody is asked.
type As string

// Why people are asked.
const (
	AsNext    As = "next"
	AsSecond  As = "secondary"
	AsManager As = "manager"
)

// Note is what somebody adds for those who come after.
type Note struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Planned are the people of a handoff, as a plan has them.
type Planned struct {
	Shift oncall.Shift // that begins
	From  oncall.Holder
	To    string
	Other string   // the secondary
	Chain []string // the managers above To
}

// Write makes the handoff of a shift that is about to begin.
func Write(p Planned, d Document) Handoff {
	h := Handoff{
		ID: NewID(p.Shift.Rota, p.Shift.Start), Rota: p.Shift.Rota, State: Open, Due: p.Shift.Start, Ends: p.Shift.End, Site: p.Shift.Site,
		Asked: []Asked{}, Document: d, Version: 1,
	}
	return h.Plan(p)
}

// Plan has the people of a handoff follow the plan, as long as the plan can change them: those before the hour.
func (h Handoff) Plan(p Planned) Handoff {
	h.From, h.Since = p.From.Person, p.From.Since
	if h.To != p.To { // the one who was asked has nothing to accept any more
		h.Asked = slices.DeleteFunc(slices.Clone(h.Asked), func(a Asked) bool { return a.As == AsNext })
	}
	h.To, h.Second, h.Chain = p.To, p.Other, p.Chain
	return h
}

// ladder is everybody who can be asked, in order. Whoever is on duty has nothing to accept.
func (h Handoff) ladder() (out []Asked) {
	add := func(person string, as As) {
		if person != "" && person != h.From && !slices.ContainsFunc(out, func(a Asked) bool { return a.Person == person }) {
			out = append(out, Asked{Person: person, As: as})
		}
	}
	add(h.To, AsNext)
	add(h.Second, AsSecond)
	for _, m := range h.Chain {
		add(m, AsManager)
	}
	return out
}

// asked reports whether somebody was asked.
func (h Handoff) asked(person string) bool {
	return slices.ContainsFunc(h.Asked, func(a Asked) bool { return a.Person == person })
}
