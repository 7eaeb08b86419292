package app

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/postincident"
	"jobzero/internal/triage"
)

const (
	lessonsKind                = "lessons"                  // of entries that have what people learnt
	followUpType resource.Type = "jobzero::Reviews::Action" // ID is the ticket's, a slash, and which one
)

// KnownTo is what lessons about a ticket are held against.
func KnownTo(o *org.Org, entries []ticket.Entry, now time.Time) postincident.Known {
	k := postincident.Known{Entries: len(entries), Now: now, Owner: func(word string) bool {
		_, ok := o.Owner(word, "")
		return ok
	}}
	for _, p := range o.People {
		k.People = append(k.People, p.ID, p.Name)
	}
	return k
}

// KeepLessons writes the lessons on the ticket's timeline, for ever, and makes a ticket of each thing that is to be done. Lessons that stand
// there already are not written twice. It gives the tickets in the order of the actions.
func (a *Asker) KeepLessons(ctx context.Context, l postincident.Lessons, o triage.Order, now time.Time) (made []ticket.Ticket, err error) {
	data, err := json.Marshal(l)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write down what is learnt from ticket %s", o.Ticket)
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		made = nil
		tk, err := tx.Ticket(ctx, o.Ticket)
		if err != nil {
			return err
		}
		if tk.State != ticket.Closed {
			return fault.New(fault.Conflict, "ticket %s is %s: what is learnt is written down when it is closed", tk.ID, tk.State)
		}
		entries, err := tx.Timeline(ctx, tk.ID)
		if err != nil {
			return err
		}
		if !has(entries, data) {
			e := ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: lessonsKind, Text: "What is to be learnt: " + o.Reason, Data: data}
			if err := tx.AppendEntry(ctx, &tk, e); err != nil {
				return err
			}
		}
		for _, action := range l.Actions {
			next, err := a.followUp(ctx, tx, tk, action, now)
			if err != nil {
				return err
			}
			made = append(made, next)
		}
		return nil
	})
	return made, err
}

// LessonsOf are the last lessons that the timeline has; nil when there are none.
func LessonsOf(entries []ticket.Entry) (*postincident.Lessons, error) {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind != lessonsKind {
			continue
		}
		l := &postincident.Lessons{}
		if err := json.Unmarshal(entries[i].Data, l); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read entry %d of ticket %s", entries[i].Seq, entries[i].Ticket)
		}
		return l, nil
	}
	return nil, nil
}

func has(entries []ticket.Entry, data []byte) bool {
	for _, e := range entries {
		var is bytes.Buffer
		if e.Kind == lessonsKind && json.Compact(&is, e.Data) == nil && bytes.Equal(is.Bytes(), data) {
			return true
		}
	}
	return false
}

// followUp brings one thing that is to be done to its ticket.
func (a *Asker) followUp(ctx context.Context, tx *store.Tx, of ticket.Ticket, do postincident.Action, now time.Time) (tk ticket.Ticket, err error) {
	id := do.ID(string(of.ID))
	f := finding.Finding{
		Kind: finding.FollowUp, By: finding.ReviewBy + string(of.ID), Title: do.What, Severity: do.Severity, Account: of.Account,
		Why:   "The review of ticket " + string(of.ID) + " says that this is to be done by " + do.Due + ".",
		About: &resource.Ref{Type: followUpType, Account: of.Account, ID: id}, Owner: do.Owner, Occurred: now, Detected: now, Sighting: id,
	}
	f.Fingerprint = finding.Print(f.Kind, f.By, id)
	data, err := json.Marshal(do)
	if err != nil {
		return tk, fault.Wrap(fault.Internal, err, "write down %s", id)
	}
	f.Evidence = []finding.Evidence{{Kind: "report", At: now, Text: f.Why, Data: data}}
	if err := a.triager.JudgedIn(ctx, tx, triage.Judgement{Wrong: []finding.Finding{f}}, now); err != nil {
		return tk, err
	}
	known, ok, err := tx.Finding(ctx, f.Fingerprint)
	if err != nil || !ok {
		return tk, fault.Wrap(fault.Internal, err, "find the ticket of %s", id)
	}
	if tk, err = tx.Ticket(ctx, ticket.ID(known.Ticket)); err != nil {
		return tk, err
	}
	return tk, dueOn(ctx, tx, &tk, do.Due, now)
}

// dueOn has a ticket's clock run out with the day that people agreed on, in UTC. A day that was agreed on before stays.
func dueOn(ctx context.Context, tx *store.Tx, tk *ticket.Ticket, day string, now time.Time) error {
	due, err := time.Parse(time.DateOnly, day)
	if err != nil || !tk.Clocks.Due.IsZero() {
		return fault.Wrap(fault.Invalid, err, "due %q: write a day as 2026-12-31", day)
	}
	tk.Clocks.Due = due.AddDate(0, 0, 1)
	tk.Clocks.FixBy = tk.Clocks.Due
	return tx.AppendEntry(ctx, tk, ticket.Entry{At: now, Actor: "jobzero/review", Kind: "due", Text: "It has to be done by the end of " + day + ", in UTC"})
}
