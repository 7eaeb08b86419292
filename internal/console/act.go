package console

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"
	"unicode"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const (
	mostForm   = 64 << 10
	mostReason = 2_000
)

// order is what a visitor asks for with a form.
type order struct {
	visit
	reason string
}

// act carries an order out, with the same verbs as the commands, and says where to go then and what was done, by a key of outcomes.
type act struct {
	needs Right
	team  func(visit) (string, error)         // who owns what it is done to
	party func(visit) bool                    // who may by having a part in it, whatever the right; nil: nobody
	words func(*http.Request) (string, error) // what has to be said; nil: a reason
	again func(order, error) (page, error)    // the page to try again on after a refusal; nil: a page that says why
	do    func(order) (to, said string, err error)
}

func (c *Console) acts() map[string]act {
	all := map[string]act{
		"/tickets/{id}/close":            {needs: Settle, team: c.ticketTeam, do: c.close},
		"/tickets/{id}/reopen":           {needs: Settle, team: c.ticketTeam, do: c.reopen},
		"/tickets/{id}/answer":           {needs: Settle, team: c.ticketTeam, do: c.answerReport},
		"/runs/{id}/steps/{step}/agree":  {needs: Approve, team: c.runTeam, do: func(o order) (string, string, error) { return c.answer(o, true) }},
		"/runs/{id}/steps/{step}/refuse": {needs: Approve, team: c.runTeam, do: func(o order) (string, string, error) { return c.answer(o, false) }},
		"/runs/{id}/steps/{step}/done":   {needs: Operate, team: c.runTeam, do: func(o order) (string, string, error) { return c.finish(o, true) }},
		"/runs/{id}/steps/{step}/undone": {needs: Operate, team: c.runTeam, do: func(o order) (string, string, error) { return c.finish(o, false) }},
		"/runs/{id}/pause":               {needs: Operate, team: c.runTeam, do: func(o order) (string, string, error) { return c.order(o, playbook.Pause, "paused") }},
		"/runs/{id}/resume":              {needs: Operate, team: c.runTeam, do: func(o order) (string, string, error) { return c.order(o, playbook.Resume, "resumed") }},
		"/runs/{id}/cancel":              {needs: Operate, team: c.runTeam, do: func(o order) (string, string, error) { return c.order(o, playbook.Cancel, "cancelled") }},
		"/runs/{id}/undo":                {needs: Operate, team: c.runTeam, do: c.undoRun},
		"/runs/{id}/steps/{step}/undo":   {needs: Operate, team: c.runTeam, do: c.undo},
		"/deadletters/{id}/replay":       {needs: Replay, team: nobodys, do: c.replay},
	}
	if c.OnCall != nil {
		maps.Copy(all, c.dutyActs())
	}
	return all
}

// outcomes are what pages say after a form was sent. Only these words come into a page from an address.
func outcomes() map[string]string {
	return map[string]string{
		"closed": "The ticket is closed.", "reopened": "The ticket is open again: its findings are looked at afresh.", "told": "Whoever reported it reads it with their code.",
		"agreed": "Your yes is noted.", "refused": "Your no is noted.", "finished": "Noted.",
		"paused": "The run is held.", "resumed": "The run goes on.", "cancelled": "The run ends, and its ticket is left to a person.",
		"undoing": "It is being taken back.", "another": "Noted. Undoing this is what an attacker would want: another person has to ask for it too.",
		"replayed": "It was read, and has gone on its way.", "forgotten": "The view is forgotten.", "dead": "It still cannot be read.",
		"accepted": "You have accepted it: you are on duty.", "noted": "Your note is there for those who come after.", "changed": "The rota is changed, and holds.",
		"acknowledged": "You have it. Nobody else is asked now.", "snoozed": "You have it, and will be asked again.", "escalated": "The next level is asked.",
	}
}

func said(word string) string { return outcomes()[word] }

// acting lets a visitor in, carries out what a form asks for, and shows the page that follows from it.
func (c *Console) acting(a act) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		visitor, err := c.Visitors.Visitor(r)
		if err == nil {
			err = c.allowed(a, visit{r, visitor, c.Now()})
		}
		var reason string
		if err == nil {
			words := a.words
			if words == nil {
				words = reasonOf
			}
			reason, err = words(r)
		}
		var to, said string
		if err == nil {
			to, said, err = a.do(order{visit{r, visitor, c.Now()}, reason})
		}
		if err != nil && a.again != nil && (fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid)) {
			c.tryAgain(w, order{visit{r, visitor, c.Now()}, reason}, a, err)
			return
		}
		if err != nil {
			c.fail(w, r, visitor, err)
			return
		}
		http.Redirect(w, r, to+"?said="+said, http.StatusSeeOther)
	})
}

// allowed reports whether the visitor may do it to what it would be done to. Who may do nothing of the kind is not told what there is.
func (c *Console) allowed(a act, v visit) error {
	if v.visitor.may(a.needs, "") || a.party != nil && a.party(v) {
		return nil
	}
	team, err := a.team(v)
	if err != nil || team == "" {
		return v.visitor.must(a.needs, "")
	}
	return v.visitor.must(a.needs, team)
}

func nobodys(visit) (string, error) { return "", nil }

// ticketTeam is the team of the ticket that is named.
func (c *Console) ticketTeam(v visit) (team string, err error) {
	err = c.Reader.View(v.Context(), func(tx Tx) error {
		k, err := tx.Ticket(v.Context(), ticket.ID(v.PathValue("id")))
		team = k.Owner.Team
		return err
	})
	return team, err
}

// runTeam is the team of the ticket that the named run is on.
func (c *Console) runTeam(v visit) (team string, err error) {
	err = c.Reader.View(v.Context(), func(tx Tx) error {
		r, err := tx.Run(v.Context(), v.PathValue("id"))
		if err != nil {
			return err
		}
		k, err := tx.Ticket(v.Context(), r.Ticket)
		team = k.Owner.Team
		return err
	})
	return team, err
}

// reasonOf reads why, which everything that people do here needs.
func reasonOf(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "read the form")
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	switch {
	case reason == "":
		return "", fault.New(fault.Invalid, "say why: others will read it in the timeline")
	case len(reason) > mostReason || strings.ContainsFunc(reason, unicode.IsControl):
		return "", fault.New(fault.Invalid, "the reason takes one line of plain text of at most %d bytes", mostReason)
	}
	return reason, nil
}

func (c *Console) close(o order) (to, said string, err error) {
	id := o.PathValue("id")
	return "/tickets/" + id, "closed", triage.Close(o.Context(), c.Triage, triage.Order{Ticket: ticket.ID(id), Person: o.visitor.Person, Reason: o.reason}, o.now)
}

func (c *Console) reopen(o order) (to, said string, err error) {
	id := o.PathValue("id")
	return "/tickets/" + id, "reopened", triage.Reopen(o.Context(), c.Triage, triage.Order{Ticket: ticket.ID(id), Person: o.visitor.Person, Reason: o.reason}, o.now)
}

func (o order) answer(yes bool) playbook.Answer {
	return playbook.Answer{Run: o.PathValue("id"), Step: o.PathValue("step"), Yes: yes, Order: o.given()}
}

func (o order) given() playbook.Order {
	return playbook.Order{Person: o.visitor.Person, Reason: o.reason}
}

// answer says yes or no to what a step asks. The plan must be the one that was shown: whoever agrees, agrees to what they have seen.
func (c *Console) answer(o order, yes bool) (to, said string, err error) {
	if yes {
		if err := c.sameAsShown(o); err != nil {
			return "", "", err
		}
	}
	said = "refused"
	if yes {
		said = "agreed"
	}
	return "/runs/" + o.PathValue("id"), said, playbook.Respond(o.Context(), c.Playbooks, o.answer(yes), o.now)
}

// sameAsShown reports fault.Conflict when a step asks for something else by now than the form has shown.
func (c *Console) sameAsShown(o order) error {
	return c.Reader.View(o.Context(), func(tx Tx) error {
		r, err := tx.Run(o.Context(), o.PathValue("id"))
		if err != nil {
			return err
		}
		for _, s := range r.Steps {
			if s.ID == o.PathValue("step") && s.Ask != nil && s.Ask.Hash != o.PostForm.Get("plan") {
				return fault.New(fault.Conflict, "what is planned has changed since this page was shown: look at it again before you agree")
			}
		}
		return nil
	})
}

func (c *Console) finish(o order, yes bool) (to, said string, err error) {
	return "/runs/" + o.PathValue("id"), "finished", playbook.Finish(o.Context(), c.Playbooks, o.answer(yes), o.now)
}

// order asks something of a run.
func (c *Console) order(o order, verb runVerb, word string) (to, said string, err error) {
	return "/runs/" + o.PathValue("id"), word, verb(o.Context(), c.Playbooks, o.PathValue("id"), o.given(), o.now)
}

type runVerb = func(context.Context, playbook.Store, string, playbook.Order, time.Time) error

func (c *Console) undoRun(o order) (to, said string, err error) {
	another, err := playbook.RequestUndoRun(o.Context(), c.Playbooks, o.PathValue("id"), o.given(), o.now)
	return "/runs/" + o.PathValue("id"), undoing(another), err
}

func (c *Console) undo(o order) (to, said string, err error) {
	another, err := playbook.RequestUndo(o.Context(), c.Playbooks, o.PathValue("id")+"/"+o.PathValue("step"), o.given(), o.now)
	return "/runs/" + o.PathValue("id"), undoing(another), err
}

func undoing(another bool) string {
	if another {
		return "another"
	}
	return "undoing"
}

func (c *Console) replay(o order) (to, said string, err error) {
	if c.Replay == nil {
		return "", "", fault.New(fault.Unavailable, "this is done with `jobzero deadletter replay %s`", o.PathValue("id"))
	}
	said, err = c.Replay(o.Context(), o.PathValue("id"))
	return "/deadletters/" + o.PathValue("id"), said, err
}
