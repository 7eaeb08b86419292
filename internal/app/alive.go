package app

import (
	"context"
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
)

// alive is the sessions that live while it is looked what is left of people, and may be theirs.
type alive struct {
	at    time.Time
	names map[string]*namesakes // by ARN
	joins map[string]tie.Join   // whose the users are that they lead to, by rooted; without a kind: no reading has shown it
}

// namesakes are all live sessions of one role under one name: policies can tell them apart by nothing but their times.
type namesakes struct {
	arn    string
	all    []lineage.Session
	role   string          // the role's ID, AROA…
	rights access.Policies // of a role of Identity Center, until it is known who is behind it
}

// aliveOf gives the live sessions that may be of some people: those that lead to one of them, and those of which it hangs on a reading.
func (h *House) aliveOf(ctx context.Context, book *tie.Book, who map[person.ID]*left, now time.Time) (*alive, error) {
	a := &alive{at: now, names: map[string]*namesakes{}, joins: map[string]tie.Join{}}
	if err := h.sessions.catchUp(ctx, h.store, now); err != nil {
		return a, fault.Wrap(fault.CodeOf(err), err, "read which sessions are known")
	}
	for s := range h.sessions.graph.Alive(now, lasts) {
		if ctx.Err() != nil {
			return a, context.Cause(ctx)
		}
		if a.names[s.ARN] != nil || !mayBe(book, who, s) {
			continue
		}
		if all := h.sessions.graph.Called(s.ARN, now); len(all) > 0 { // it may have been forgotten meanwhile
			a.names[s.ARN] = &namesakes{arn: s.ARN, all: all}
		}
	}
	for _, n := range a.names {
		for _, s := range n.all {
			if key := rooted(s); key != "" {
				a.joins[key] = tie.Join{}
			}
		}
	}
	return a, nil
}

// lasts reports whether a session outlives that its user is shut out. What GetSessionToken and GetFederationToken give may do
// no more than the user whose it is (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
func lasts(arn string) bool {
	return strings.Contains(arn, ":assumed-role/") || strings.HasSuffix(arn, ":root")
}

// mayBe reports whether a session may be of somebody who is looked for. Of a user whose name says nothing only his tags may, and of one
// of Identity Center the number in his directory: those are read later.
func mayBe(book *tie.Book, who map[person.ID]*left, s lineage.Session) bool {
	if j, ok := book.Behind(s); ok && (j.Sure != tie.Perhaps || rooted(s) == "") {
		return who[j.Person] != nil
	}
	return rooted(s) != ""
}

// rooted is by what a reading may know the root of a session: a user of IAM by his ARN, one of Identity Center by his name or number, as AWS
// wrote them.
func rooted(s lineage.Session) string {
	switch {
	case s.Strength != lineage.Proved || s.Root.Kind != lineage.Person:
		return ""
	case strings.HasPrefix(s.Role, tie.Reserved), s.Root.ID == s.Root.Name:
		return seated(s.Root.Name)
	case s.Root.Account != "":
		return s.Root.ID
	}
	return ""
}

func seated(name string) string { return "seat/" + person.Key(name) }

// joined notes whose the users are that a look has shown.
func (a *alive) joined(look tie.Look) {
	set := func(key string, j tie.Join) {
		if _, ok := a.joins[key]; ok {
			a.joins[key] = j
		}
	}
	for _, j := range look.Result.Joins {
		switch j.Kind {
		case tie.User:
			set(j.Principal, j)
		case tie.Machine: // he answers for it, and others may run it
			set(j.Principal, tie.Join{Kind: j.Kind, Principal: j.Principal})
		case tie.Seat:
			set(seated(j.Principal), j)
			if s := look.World.Seats[j.Principal]; s != nil {
				set(seated(s.UserName), j)
			}
		case tie.Session: // a reading has none
		}
	}
}

// allowed looks at what the roles of an account allow to the sessions.
func (a *alive) allowed(account string, look tie.Look) {
	for _, n := range a.names {
		if n.all[0].Account != account {
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
		if n.rights = look.Estate.Policies(h); !n.ofDirectory() {
			n.all = living(n.all, n.role, n.rights, nil, a.at)
			n.rights = access.Policies{} // all of an account is let go when it was looked at
		}
	}
}

// ofDirectory reports whether the role is one of Identity Center's.
func (n *namesakes) ofDirectory() bool {
	return len(n.all) > 0 && strings.HasPrefix(n.all[0].Role, tie.Reserved)
}

// living are the sessions to which the role's policies do not deny everything. They end with their role, and a new one of its name has
// another ID.
func living(all []lineage.Session, role string, p access.Policies, more policy.Keys, now time.Time) (out []lineage.Session) {
	for _, s := range all {
		id, _, _ := strings.Cut(s.ID, ":")
		if role != "" && id != "" && id != role {
			continue
		}
		if id == "" && role != "" {
			s.ID = role + ":" + s.Name
		}
		if !tie.Denied(p, s, more, now) {
			out = append(out, s)
		}
	}
	return out
}
