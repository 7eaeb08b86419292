package app

import (
	"context"
	"io"

	"jobzero/internal/console"
	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/scope"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
)

// mostUnread is how many of the things that could not be read are named.
const mostUnread = 5

// explained says what a rule makes of records, as the rules, filters and scopes are now.
func (h *House) explained(ctx context.Context, rule string, records io.Reader) (console.Explained, error) {
	k := h.knowledge.Load()
	set := k.only(map[string]bool{aRule + rule: true, aCorrelation + rule: true})
	var scopes *scope.Scopes
	if k.Org != nil {
		scopes = scope.New(set, k.Org)
	}
	many, bad := explain.NewMany(set, scopes, "")
	if many == nil {
		return console.Explained{}, bad[len(bad)-1]
	}
	x := &pasted{Many: many}
	_, err := file.Read(ctx, records, "what you gave", file.Options{Now: h.clock.Now, Logs: h.logs}, x)
	if err == nil && x.Events() == 0 && len(x.unread) == 0 {
		err = fault.New(fault.Invalid, "there is no record in it: want one record as JSON, or {\"Records\": […]}")
	}
	return console.Explained{Accounts: x.Accounts(), Events: x.Events(), Unread: x.unread}, err
}

// pasted explains events, and notes what could not be read of them.
type pasted struct {
	*explain.Many
	unread []string
}

// DeadLetter notes what could not be read.
func (p *pasted) DeadLetter(d source.DeadLetter) error {
	p.note(d.Origin.String() + ": " + d.Reason)
	return nil
}

// Skipped notes what was no log.
func (p *pasted) Skipped(_, reason string) { p.note(reason) }

func (p *pasted) note(text string) {
	if len(p.unread) < mostUnread {
		p.unread = append(p.unread, text)
	}
}
