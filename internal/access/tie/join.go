package tie

import (
	"slices"
	"strings"

	"jobzero/internal/access/holding"
	"jobzero/internal/principal"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
)

// Sure is how sure a join is.
type Sure string

// How sure.
const (
	Proved  Sure = "proved"  // the directory's own ID, or a name that AWS wrote
	Likely  Sure = "likely"  // the whole user name or an address
	Perhaps Sure = "perhaps" // the part of an address before the @
)

// Kind is what somebody is joined to.
type Kind string

// The kinds.
const (
	User    Kind = "user"    // of IAM, by which somebody himself acts
	Seat    Kind = "seat"    // of Identity Center
	Session Kind = "session" // of a role
	Machine Kind = "machine" // a user or role that somebody answers for
)

// Join is one principal of somebody.
type Join struct {
	Person    person.ID `json:"person"`
	Kind      Kind      `json:"kind"`
	Principal string    `json:"principal"` // ARN, or the ID of a seat
	Reason    string    `json:"reason"`
	Sure      Sure      `json:"sure"`
}

// Stray is a principal that is nobody's, and why.
type Stray struct {
	Kind      Kind   `json:"kind"`
	Principal string `json:"principal"`
	Why       string `json:"why"`
}

// Book is people, by all that they are called.
type Book struct {
	people []person.Person
	byID   map[person.ID]*person.Person
	names  map[string][]*person.Person // user names and addresses, in small letters
	ids    map[string][]*person.Person // IDs of the directory, ours, and numbers
	locals map[string][]*person.Person // what stands before the @
	teams  map[string]bool             // in small letters
}

// NewBook makes a book. Those who are gone belong into it: what was theirs may be there still.
func NewBook(people []person.Person) *Book {
	b := &Book{
		people: people, byID: map[person.ID]*person.Person{}, names: map[string][]*person.Person{}, ids: map[string][]*person.Person{},
		locals: map[string][]*person.Person{}, teams: map[string]bool{},
	}
	put := func(m map[string][]*person.Person, key string, p *person.Person) {
		if key != "" && !slices.Contains(m[key], p) {
			m[key] = append(m[key], p)
		}
	}
	for i := range people {
		p := &people[i]
		b.byID[p.ID] = p
		for _, id := range []string{p.ExternalID, string(p.ID), p.Number} {
			put(b.ids, id, p)
		}
		all := []string{p.UserName}
		for _, e := range p.Emails {
			all = append(all, e.Value)
		}
		for _, n := range all {
			n = person.Key(n)
			put(b.names, n, p)
			if local, _, ok := strings.Cut(n, "@"); ok {
				put(b.locals, local, p)
			}
		}
		for _, team := range append([]string{p.Team, p.Department}, p.Groups...) {
			b.teams[person.Key(team)] = team != ""
		}
	}
	return b
}

// one gives the one of several who is meant: whoever is not gone, if that is one. Why says who the others are.
func one(list []*person.Person) (p *person.Person, why string) {
	if len(list) > 1 {
		var there []*person.Person
		for _, p := range list {
			if p.Gone.IsZero() {
				there = append(there, p)
			}
		}
		if len(there) > 0 {
			list = there
		}
	}
	switch len(list) {
	case 0:
		return nil, ""
	case 1:
		return list[0], ""
	}
	var names []string
	for _, p := range list {
		names = append(names, p.UserName)
	}
	slices.Sort(names)
	return nil, "it may be " + strings.Join(names, " or ")
}

// named joins by a name that somebody wrote: a user name, an address, or only what stands before its @.
func (b *Book) named(name, what string) (j Join, why string) {
	key := person.Key(name)
	if p, why := one(b.names[key]); p != nil || why != "" {
		return joinOf(p, what+" "+name, Likely), why
	}
	p, why := one(b.locals[key])
	return joinOf(p, what+" "+name+", which is the beginning of an address", Perhaps), why
}

func joinOf(p *person.Person, reason string, sure Sure) Join {
	if p == nil {
		return Join{}
	}
	return Join{Person: p.ID, Reason: reason, Sure: sure}
}

// Result is whose everything is.
type Result struct {
	Joins  []Join
	Strays []Stray     // principals that are nobody's
	Alone  []person.ID // people who have none
}

// Join joins everything in a world.
func (b *Book) Join(w *holding.World) Result {
	var r Result
	for _, s := range holding.Sorted(w.Seats) {
		j, why := b.seat(s)
		r.add(Seat, s.ID, j, why)
	}
	for _, u := range holding.Sorted(w.Users) {
		if kind, j, why := b.user(u); why != ofTeam {
			r.add(kind, u.ARN, j, why)
		}
	}
	for _, role := range holding.Sorted(w.Roles) {
		if reserved(role.ARN) {
			continue
		}
		j, why, team := b.owner(role.Tags)
		if team {
			continue
		}
		r.add(Machine, role.ARN, j, why)
	}
	for _, s := range w.Sessions {
		j, why := b.session(s.ARN)
		r.add(Session, s.ARN, j, why)
	}
	has := map[person.ID]bool{}
	for _, j := range r.Joins {
		has[j.Person] = true
	}
	for i := range b.people {
		if !has[b.people[i].ID] {
			r.Alone = append(r.Alone, b.people[i].ID)
		}
	}
	return r
}

func (r *Result) add(kind Kind, name string, j Join, why string) {
	if j.Person == "" {
		if why == "" {
			why = "nobody is called so"
		}
		r.Strays = append(r.Strays, Stray{kind, name, why})
		return
	}
	j.Kind, j.Principal = kind, name
	r.Joins = append(r.Joins, j)
}

func (b *Book) seat(s *holding.Seat) (j Join, why string) {
	for _, id := range s.External {
		if p, _ := one(b.ids[id]); p != nil {
			return joinOf(p, "the directory's ID "+id, Proved), ""
		}
	}
	for _, name := range append([]string{s.UserName}, s.Emails...) {
		if j, why = b.named(name, "the name"); j.Person != "" && j.Sure == Likely || why != "" {
			return j, why
		}
	}
	return j, why
}

// ofTeam is why something is no one person's, and yet no stray.
const ofTeam = "a team answers for it"

// user joins an IAM user: by its name it is somebody's own, by its tags somebody answers for it.
func (b *Book) user(u *holding.User) (Kind, Join, string) {
	j, why := b.named(u.Name, "the name")
	if j.Sure == Likely {
		return User, j, ""
	}
	if mail := u.Tags[tagNamed(u.Tags, "email", "mail", "user", "username", "person")]; mail != "" {
		if t, _ := b.named(mail, "the tag that says"); t.Person != "" {
			return User, t, ""
		}
	}
	if t, tagged, team := b.owner(u.Tags); t.Person != "" || team {
		if t.Person == "" {
			return Machine, t, ofTeam
		}
		return Machine, t, tagged
	}
	return User, j, why
}

// owner joins by the tags that say who answers for something; team is set when a team does, of which people are known.
func (b *Book) owner(tags map[string]string) (j Join, why string, team bool) {
	key := tagNamed(tags, "owner", "contact", "technicalowner", "maintainer", "createdby", "team")
	if key == "" {
		return j, "no tag says who owns it", false
	}
	if j, why = b.named(tags[key], "the tag "+key+" with"); j.Person != "" {
		return j, "", false
	}
	if b.teams[person.Key(tags[key])] {
		return j, "", true
	}
	if why == "" {
		why = "its tag " + key + " names " + tags[key] + ", and nobody is called so"
	}
	return j, why, false
}

// tagNamed gives the first tag of some names, whatever their case and signs.
func tagNamed(tags map[string]string, names ...string) string {
	for _, n := range names {
		var found []string
		for k, v := range tags {
			if strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(k)) == n && v != "" {
				found = append(found, k)
			}
		}
		if len(found) > 0 {
			return slices.Min(found)
		}
	}
	return ""
}

// reserved are roles that AWS makes: of permission sets, which assignments speak of, and of services.
func reserved(arn string) bool {
	return strings.Contains(arn, ":role/aws-reserved/") || strings.Contains(arn, ":role/aws-service-role/")
}

// session joins a session of a role by its name. In a role of Identity Center AWS writes it; in others whoever takes the role on.
func (b *Book) session(arn string) (j Join, why string) {
	a, err := principal.ParseARN(arn)
	rest, ok := strings.CutPrefix(a.Resource, "assumed-role/")
	role, name, named := strings.Cut(rest, "/")
	if err != nil || !ok || !named {
		return j, "it is no session of a role"
	}
	j, why = b.named(name, "the name of the session")
	if j.Sure == Likely && strings.HasPrefix(role, Reserved) {
		j.Sure = Proved
	}
	return j, why
}

// Root joins whoever is at the root of a session, as lineage has found him.
func (b *Book) Root(r lineage.Root) (Join, bool) {
	if r.Kind != lineage.Person || r.Name == "" {
		return Join{}, false
	}
	j, _ := b.named(r.Name, "the root "+r.ID)
	j.Kind, j.Principal = Session, r.ID
	return j, j.Person != ""
}
