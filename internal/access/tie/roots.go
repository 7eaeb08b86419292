package tie

import (
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/policy"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
)

// Roots are whose the users are that live sessions lead to, as what was read shows it; one without a kind was not read.
type Roots map[string]Join

// Lasts reports whether a session outlives that its user is shut out. What GetSessionToken and GetFederationToken give may do no more than
// the user whose it is (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
func Lasts(arn string) bool {
	return strings.Contains(arn, ":assumed-role/") || strings.HasSuffix(arn, ":root")
}

// Rooted is by what a reading may know the root of a session: a user of IAM by his ARN, one of Identity Center by his name or number, as AWS
// wrote them. It is empty when nothing that is read can say more.
func Rooted(s lineage.Session) string {
	switch {
	case s.Strength != lineage.Proved || s.Root.Kind != lineage.Person:
		return ""
	case strings.HasPrefix(s.Role, Reserved), s.Root.ID == s.Root.Name:
		return seated(s.Root.Name)
	case s.Root.Account != "":
		return s.Root.ID
	}
	return ""
}

func seated(name string) string { return "seat/" + person.Key(name) }

// Want has the root of a session looked for in what is read.
func (r Roots) Want(s lineage.Session) {
	if key := Rooted(s); key != "" {
		r[key] = Join{}
	}
}

// Learn takes whose the users are that a look has shown.
func (r Roots) Learn(look Look) {
	set := func(key string, j Join) {
		if _, ok := r[key]; ok {
			r[key] = j
		}
	}
	for _, j := range look.Result.Joins {
		switch j.Kind {
		case User:
			set(j.Principal, j)
		case Machine: // he answers for it, and others may run it
			set(j.Principal, Join{Kind: j.Kind, Principal: j.Principal})
		case Seat:
			set(seated(j.Principal), j)
			if s := look.World.Seats[j.Principal]; s != nil {
				set(seated(s.UserName), j)
			}
		case Session: // it is the sessions that are asked about
		}
	}
}

// Whose joins a session: by what was read, or else by what its root is called. Of nobody's the person is empty.
func (r Roots) Whose(b *Book, s lineage.Session) Join {
	if j := r[Rooted(s)]; j.Kind != "" {
		return j
	}
	j, _ := b.Behind(s)
	return j
}

// Living are the sessions to which the policies of their role do not deny everything. They end with their role, and a new one of its name
// has another ID.
func Living(all []lineage.Session, role string, p access.Policies, more policy.Keys, now time.Time) (out []lineage.Session) {
	for _, s := range all {
		id, _, _ := strings.Cut(s.ID, ":")
		if role != "" && id != "" && id != role {
			continue
		}
		if id == "" && role != "" {
			s.ID = role + ":" + s.Name
		}
		if !Denied(p, s, more, now) {
			out = append(out, s)
		}
	}
	return out
}

// Numbered are the keys of a call that say which user of Identity Center calls.
func (j Join) Numbered() policy.Keys {
	if j.Kind != Seat {
		return nil
	}
	return policy.Keys{"identitystore:userid": policy.Is(j.Principal)}
}

// Known lists the live sessions of somebody's among those that the trail has told. There may be others.
func (l Look) Known(b *Book, p person.Person, all []lineage.Session) Report {
	r, roots := &report{Look: l}, Roots{}
	for _, s := range all {
		roots.Want(s)
	}
	roots.Learn(l)
	for _, s := range all {
		j := roots.Whose(b, s)
		if j.Person != p.ID || !Lasts(s.ARN) {
			continue
		}
		t := Thing{What: "session", ID: s.ARN, Account: s.Account, Works: l.lives(s, j), Note: "begun " + s.Issued.UTC().Format(time.RFC3339)}
		if t.Works {
			t.Action = Ends(s.ARN)
			r.left(j, "the session "+s.ARN+" lasts until "+s.Until.UTC().Format(time.RFC3339))
		}
		r.add(j, t)
	}
	return r.Report
}

// lives reports whether a session can be used, as far as what its role may do was read.
func (l Look) lives(s lineage.Session, j Join) bool {
	h, ok := l.Estate.Holder(s.ARN)
	if !ok {
		return !l.World.Accounts[s.Account]
	}
	id := ""
	if r := l.World.Roles[h.ARN]; r != nil {
		id = r.ID
	}
	return len(Living([]lineage.Session{s}, id, l.Estate.Policies(h), j.Numbered(), l.Now)) > 0
}
