package app

import (
	"context"
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
)

// alive is the sessions that live while it is looked what is left of people, and may be theirs.
type alive struct {
	at    time.Time
	names map[string]*namesakes // by ARN
	roots tie.Roots
}

// namesakes are all live sessions of one role under one name: policies can tell them apart by nothing but their times.
type namesakes struct {
	arn, account string
	seats        bool              // the role is one of Identity Center's
	all          []lineage.Session // those that are over go when that is seen
	role         string            // the role's ID, AROA…
	rights       access.Policies   // of a role of Identity Center, until it is known who is behind it
}

// aliveOf gives the live sessions that may be of some people: those that lead to one of them, and those of which it hangs on a reading.
func (h *House) aliveOf(ctx context.Context, book *tie.Book, who map[person.ID]*left, now time.Time) (*alive, error) {
	a := &alive{at: now, names: map[string]*namesakes{}, roots: tie.Roots{}}
	if err := h.sessions.catchUp(ctx, h.store, now); err != nil {
		return a, fault.Wrap(fault.CodeOf(err), err, "read which sessions are known")
	}
	for s := range h.sessions.graph.Alive(now, tie.Lasts) {
		if ctx.Err() != nil {
			return a, context.Cause(ctx)
		}
		if a.names[s.ARN] != nil || !mayBe(book, who, s) {
			continue
		}
		if all := h.sessions.graph.Called(s.ARN, now); len(all) > 0 { // it may have been forgotten meanwhile
			a.names[s.ARN] = &namesakes{arn: s.ARN, account: s.Account, seats: strings.HasPrefix(s.Role, tie.Reserved), all: all}
		}
	}
	for _, n := range a.names {
		for _, s := range n.all {
			a.roots.Want(s)
		}
	}
	return a, nil
}

// mayBe reports whether a session may be of somebody who is looked for. Of a user whose name says nothing only his tags may, and of one
// of Identity Center the number in his directory: those are read later.
func mayBe(book *tie.Book, who map[person.ID]*left, s lineage.Session) bool {
	if j, ok := book.Behind(s); ok && (j.Sure != tie.Perhaps || tie.Rooted(s) == "") {
		return who[j.Person] != nil
	}
	return tie.Rooted(s) != ""
}

// allowed looks at what the roles of an account allow to the sessions.
func (a *alive) allowed(account string, look tie.Look) {
	for _, n := range a.names {
		if n.account != account {
			continue
		}
		h, there := look.Estate.Holder(n.arn)
		switch {
		case !there && look.World.Accounts[account]: // a session ends with its role
			n.all = nil
			continue
		case !there:
			continue
		}
		if r := look.World.Roles[h.ARN]; r != nil {
			n.role = r.ID
		}
		if n.rights = look.Estate.Policies(h); !n.seats {
			n.all = tie.Living(n.all, n.role, n.rights, nil, a.at)
			n.rights = access.Policies{} // all of an account is let go when it was looked at
		}
	}
}
