package standing

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Membership is how an account stands in the organisation's own list.
type Membership string

// The memberships.
const (
	Active   Membership = "active"
	Ended    Membership = "suspended or closed"
	Unlisted Membership = "not listed"
	NotKnown Membership = "not known" // nobody read the organisation's list
)

// inTime is how many times the time between sweeps a list may be old.
const inTime = 2

// Account is how far one account is covered.
type Account struct {
	ID      string     `json:"account"`
	State   Membership `json:"state"`
	Watched bool       `json:"watched"` // it is among the accounts of the settings
	// Lists of resources that were begun, of those that were read to their end in time, and when the last one was.
	Lists    int       `json:"lists"`
	Read     int       `json:"read"`
	LastRead time.Time `json:"last_read,omitzero"`
	// Expectations that something in the account is judged by, and those of them that decided nothing.
	Expectations int   `json:"expectations"`
	Undecided    int   `json:"undecided"`
	Now          Count `json:"now"` // resources and expectations together
}

// Accounts gathers how far the accounts of an organisation are covered. Make it with NewAccounts.
type Accounts struct {
	since  time.Time
	listed bool
	all    map[string]*Account
}

// NewAccounts begins. A list counts as read when it was within twice the time that sweeps are apart.
func NewAccounts(now time.Time, every time.Duration) *Accounts {
	return &Accounts{since: now.Add(-inTime * every), all: map[string]*Account{}}
}

func (a *Accounts) of(id string) *Account {
	if a.all[id] == nil {
		a.all[id] = &Account{ID: id, State: Unlisted}
	}
	return a.all[id]
}

// List takes a line of the organisation's list by what it came to. What is expected of accounts is expected of active ones: one by which nothing
// is judged is suspended or closed.
func (a *Accounts) List(r Row) {
	a.listed = true
	a.of(r.ID).State = Active
	if r.Judged() == 0 {
		a.of(r.ID).State = Ended
	}
}

// Watch takes an account of the settings.
func (a *Accounts) Watch(id string) { a.of(id).Watched = true }

// Sweep takes how far a list was read.
func (a *Accounts) Sweep(s Sweep) {
	id, _, _ := strings.Cut(s.Place, "|")
	x := a.of(id)
	x.Lists++
	if s.Done.IsZero() {
		return
	}
	if !s.Done.Before(a.since) {
		x.Read++
	}
	if s.Done.After(x.LastRead) {
		x.LastRead = s.Done
	}
}

// Score takes what one expectation came to in one account.
func (a *Accounts) Score(t Trend) {
	x := a.of(t.Account)
	if t.Now.All() == 0 {
		return
	}
	x.Expectations++
	if t.Now.Unknown == t.Now.All() {
		x.Undecided++
	}
	x.Now = x.Now.Plus(t.Now)
}

// All gives the accounts, by their IDs.
func (a *Accounts) All() []Account {
	out := make([]Account, 0, len(a.all))
	for _, id := range slices.Sorted(maps.Keys(a.all)) {
		x := *a.all[id]
		if !a.listed {
			x.State = NotKnown
		}
		out = append(out, x)
	}
	return out
}
