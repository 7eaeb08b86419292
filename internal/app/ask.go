package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// What an asked finding is about where it is about no resource of AWS.
const (
	playbookType resource.Type = "jobzero::Playbooks::Playbook" // ID is the playbook's: all that its schedule asks for is on one ticket
	ticketType   resource.Type = "jobzero::Tickets::Ticket"     // ID is the ticket's that came into a state
)

// Asking is what somebody or something wants a playbook to be run for.
type Asking struct {
	Playbook book.Definition
	On       *resource.Ref // what it is run on; nil: its steps say so themselves
	About    *resource.Ref // what it is joined on, where that is not On
	Account  string
	Region   string
	Asker    string            // a person
	Input    map[string]string // what the person says besides, for the playbook's expressions
	Owner    string            // whose it is, where the organisation knows nobody
	Why      string
	For      string    // names the one occasion: asked twice for the same is once
	At       time.Time // of the occasion
	Evidence any
}

// finding is the asking as what triage takes in. Each occasion is a finding of its own: what a person had left over from the one before
// stays as it is.
func (a Asking) finding(now time.Time) (finding.Finding, error) {
	f := finding.Finding{
		Kind: finding.Asked, By: book.AskedBy + a.Playbook.ID, Title: "Asked for: " + a.Playbook.Title, Why: a.Why, Severity: finding.Low,
		Account: a.Account, Region: a.Region, Resource: a.On, About: a.About, Asker: a.Asker, Input: a.Input, Owner: a.Owner,
		Occurred: a.At, Detected: now, Sighting: a.For,
	}
	if a.On != nil {
		f.Account, f.Region = a.On.Account, a.On.Region
	}
	if a.On == nil && a.About == nil {
		f.About = &resource.Ref{Type: playbookType, Account: a.Account, ID: a.Playbook.ID}
	}
	f.Fingerprint = finding.Print(f.Kind, f.By, f.Subject(), a.For)
	data, err := json.Marshal(a.Evidence)
	if err != nil {
		return f, fault.Wrap(fault.Internal, err, "describe what asks for playbook %s", a.Playbook.ID)
	}
	f.Evidence = []finding.Evidence{{Kind: "report", At: now, Text: a.Why, Data: data}}
	return f, nil
}

// Asker brings what is asked for to its ticket, for those who are no house.
type Asker struct {
	store   *store.Store
	triager *triage.Triager
}

// NewAsker makes one. What is known says whose a resource is.
func NewAsker(st *store.Store, k *Knowledge, now func() time.Time) *Asker {
	return &Asker{st, newTriager(st, func() *Knowledge { return k }, now)}
}

func newTriager(st *store.Store, k func() *Knowledge, now func() time.Time) *triage.Triager {
	return triage.New(triage.Options{
		Store:  store.In(st, func(tx *store.Tx) triage.Tx { return tx }),
		Owners: func() triage.Owners { return k().Org },
		Settles: func(f finding.Finding) bool {
			return slices.ContainsFunc(k().Playbooks, func(d book.Definition) bool { return d.Settles(f) })
		},
		NewID: newTicketID, Now: now,
	})
}

// Ask writes the asking down and gives the ticket that it is on. A running house carries it out.
func (a *Asker) Ask(ctx context.Context, what Asking, now time.Time) (tk ticket.Ticket, err error) {
	if !what.Playbook.When.Hand {
		return tk, fault.New(fault.Denied, "playbook %s may not be begun by hand: its when has no `hand: true`", what.Playbook.ID)
	}
	f, err := what.finding(now)
	if err != nil {
		return tk, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		if err := a.triager.JudgedIn(ctx, tx, triage.Judgement{Wrong: []finding.Finding{f}}, now); err != nil {
			return err
		}
		known, _, err := tx.Finding(ctx, f.Fingerprint)
		if err != nil {
			return err
		}
		tk, err = tx.Ticket(ctx, ticket.ID(known.Ticket))
		return err
	})
	return tk, err
}

// askIn writes what is asked for down as a part of a transaction.
func (h *House) askIn(ctx context.Context, tx storeTx, what Asking, now time.Time) error {
	f, err := what.finding(now)
	if err != nil {
		return err
	}
	return h.triager.JudgedIn(ctx, tx, triage.Judgement{Wrong: []finding.Finding{f}}, now)
}

// NewOccasion names one occasion that somebody asks at by hand.
func NewOccasion(now time.Time) string { return newULID(now) }
