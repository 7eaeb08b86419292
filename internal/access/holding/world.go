package holding

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Kind is a kind of credential of an IAM user.
type Kind string

// The kinds. Each lets somebody in, but a device, which only helps.
const (
	Password          Kind = "password"
	AccessKey         Kind = "access key"
	SSHKey            Kind = "SSH key"
	ServiceCredential Kind = "service-specific credential"
	Certificate       Kind = "signing certificate"
	MFA               Kind = "MFA device"
)

// Kinds lists all of them.
func Kinds() []Kind { return []Kind{Password, AccessKey, SSHKey, ServiceCredential, Certificate, MFA} }

// Credential is one credential.
type Credential struct {
	Kind    Kind
	ID      string // as IAM calls it; of a credential report only its number
	Active  bool
	Created time.Time
	Used    time.Time // zero: never, when Told
	Told    bool      // when it was last used was read
}

// User is an IAM user.
type User struct {
	ARN, Account, Name string
	ID                 string // AIDA…
	Tags               map[string]string
	Created            time.Time
	Groups             []string // names
	Policies           []string // ARNs of those attached, names of those written into it
	Credentials        []Credential
	Read               map[Kind]bool // all of the kind are known
}

// Role is an IAM role.
type Role struct {
	ARN, Account, Name string
	ID                 string // AROA…
	Tags               map[string]string
	Created, Used      time.Time
	Told               bool     // when it was last used was read; IAM looks back 400 days
	Profiles           []string // ARNs of the instance profiles that it is in
}

// Seat is a user of Identity Center.
type Seat struct {
	Store, ID, UserName, Display string
	Emails, External             []string
	Disabled                     bool
}

// Group is a group of Identity Center.
type Group struct{ ID, Name string }

// Membership is somebody in a group of Identity Center.
type Membership struct {
	Group, Seat string
	ID, Store   string // empty where nobody said
}

// Assignment is a permission set that somebody, or a group, has in an account.
type Assignment struct {
	Account, Set string
	Holder       string // ID of a seat or group
	Group        bool
	Instance     string // ARN of the instance of Identity Center; empty where nobody said
}

// Session is a session of a role, by its ARN.
type Session struct {
	ARN   string
	Until time.Time // zero: nobody says
}

// World is all that was read.
type World struct {
	Users       map[string]*User // by ARN
	Roles       map[string]*Role // by ARN
	Seats       map[string]*Seat // by ID
	Groups      map[string]Group // of Identity Center, by ID
	Memberships []Membership
	Assignments []Assignment
	Sessions    []Session

	Accounts map[string]bool // whose users and roles were all read
	// Whether lists of Identity Center, and one of sessions, were read at all. That they are complete nobody can tell from them.
	SeatsRead, MembershipsRead, AssignmentsRead, SessionsRead bool

	reported map[string][]Credential // by ARN of the user: of a credential report, which lists know better
	named    map[string][]*User      // by name
	guessed  map[string]*User        // by ARN: of whom only the name and account are known, and not the path
	page     map[string]bool         // accounts of the answer that is being read
	in       map[string][]Membership // by seat
	of       map[string][]Assignment // by holder
}

// New is a world of which nothing is known.
func New() *World {
	return &World{
		Users: map[string]*User{}, Roles: map[string]*Role{}, Seats: map[string]*Seat{}, Groups: map[string]Group{},
		Accounts: map[string]bool{}, reported: map[string][]Credential{}, named: map[string][]*User{},
		guessed: map[string]*User{}, page: map[string]bool{}, in: map[string][]Membership{}, of: map[string][]Assignment{},
	}
}

// user gives a user to add to.
func (w *World) user(arn string) *User {
	u, ok := w.Users[arn]
	if !ok {
		u = &User{ARN: arn, Tags: map[string]string{}, Read: map[Kind]bool{}}
		if p := strings.SplitN(arn, ":", 6); len(p) == 6 {
			u.Account = p[4]
		}
		u.Name = arn[strings.LastIndexAny(arn, "/:")+1:]
		w.Users[arn] = u
		w.named[u.Name] = append(w.named[u.Name], u)
	}
	return u
}

// Done puts together what was read. It is called once.
func (w *World) Done() {
	w.settleGuessed()
	for arn, list := range w.reported {
		u := w.user(arn)
		for _, kind := range []Kind{Password, AccessKey, Certificate, MFA} {
			known := u.Read[kind]
			u.Read[kind] = true
			for _, c := range list {
				switch {
				case c.Kind != kind:
				case known: // a list names them one by one; only the report says when each was used
					u.used(c)
				default:
					u.hold(c)
				}
			}
		}
	}
	for _, m := range w.Memberships {
		w.in[m.Seat] = append(w.in[m.Seat], m)
	}
	for _, a := range w.Assignments {
		w.of[a.Holder] = append(w.of[a.Holder], a)
	}
}

// settleGuessed gives what was read of a user whose path was not known yet to the user that it is: a name is one user's in an account.
func (w *World) settleGuessed() {
	for arn, g := range w.guessed {
		for _, u := range w.named[g.Name] {
			if u == g || u.Account != g.Account {
				continue
			}
			for _, c := range g.Credentials {
				u.hold(c)
			}
			for kind, read := range g.Read {
				u.Read[kind] = u.Read[kind] || read
			}
			delete(w.Users, arn)
		}
	}
}

// In gives the memberships of a seat, once all is put together.
func (w *World) In(seat string) []Membership { return w.in[seat] }

// Of gives the assignments of a seat or a group, once all is put together.
func (w *World) Of(holder string) []Assignment { return w.of[holder] }

// hold adds a credential. Of one that was read twice the later word counts.
func (u *User) hold(c Credential) {
	for i, had := range u.Credentials {
		if had.Kind == c.Kind && had.ID == c.ID {
			if !c.Told {
				c.Used, c.Told = had.Used, had.Told
			}
			u.Credentials[i] = c
			return
		}
	}
	u.Credentials = append(u.Credentials, c)
}

// used notes when a credential was used, which is known by the time at which it was made.
func (u *User) used(c Credential) {
	for i, had := range u.Credentials {
		if had.Kind == c.Kind && !had.Told && (c.Kind == Password || had.Created.Equal(c.Created)) {
			u.Credentials[i].Used, u.Credentials[i].Told = c.Used, c.Told
		}
	}
}

// Lives are the credentials of a user that work.
func (u *User) Lives() (out []Credential) {
	for _, c := range u.Credentials {
		if c.Active {
			out = append(out, c)
		}
	}
	return out
}

// Unread are the kinds of credentials of which not all are known.
func (u *User) Unread() (out []Kind) {
	for _, k := range Kinds() {
		if !u.Read[k] {
			out = append(out, k)
		}
	}
	return out
}

// Sorted gives the values of a map by their keys.
func Sorted[T any](m map[string]T) []T {
	out := make([]T, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
