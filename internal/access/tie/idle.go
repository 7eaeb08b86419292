package tie

import (
	"time"

	"jobzero/internal/access/holding"
	"jobzero/internal/principal/person"
)

// Idle is a machine identity or credential that nobody uses or owns.
type Idle struct {
	Principal string    `json:"principal"`
	What      string    `json:"what"` // role, user, access key, password
	ID        string    `json:"id,omitempty"`
	Why       string    `json:"why"`
	Used      time.Time `json:"last_used,omitzero"`
	Action    string    `json:"action,omitempty"` // that ends it; empty: no action yet
	Unknown   bool      `json:"unknown,omitempty"`
}

// Stale lists roles and credentials that nobody has used for so long, or ever since they were made that long ago. Of those that nobody said
// when they were used, Unknown is set. Credentials that are off and roles that AWS makes are left out.
func Stale(w *holding.World, since time.Duration, now time.Time) (out []Idle) {
	judge := func(i Idle, created time.Time, told bool) {
		switch {
		case !told:
			i.Unknown, i.Why = true, "nobody said when it was last used"
		case !i.Used.IsZero() && now.Sub(i.Used) >= since:
			i.Why = "it was last used on " + i.Used.UTC().Format(time.DateOnly)
		case i.Used.IsZero() && created.IsZero():
			i.Unknown, i.Why = true, "it was never used, and nobody said when it was made"
		case i.Used.IsZero() && now.Sub(created) >= since:
			i.Why = "it was never used since it was made on " + created.UTC().Format(time.DateOnly)
		default:
			return
		}
		out = append(out, i)
	}
	for _, u := range holding.Sorted(w.Users) {
		for _, c := range u.Lives() {
			if c.Kind == holding.AccessKey || c.Kind == holding.Password {
				judge(Idle{Principal: u.ARN, What: string(c.Kind), ID: c.ID, Used: c.Used, Action: actionOf(c.Kind)}, c.Created, c.Told)
			}
		}
	}
	for _, r := range holding.Sorted(w.Roles) {
		if !reserved(r.ARN) {
			judge(Idle{Principal: r.ARN, What: "role", Used: r.Used}, r.Created, r.Told)
		}
	}
	return out
}

// Orphans lists machine identities whose owner has left, or that nobody owns.
func (b *Book) Orphans(r Result, now time.Time) (out []Idle) {
	for _, j := range r.Joins {
		p := b.byID[j.Person]
		if j.Kind != Machine || p == nil || p.State(now) != person.Left {
			continue
		}
		out = append(out, Idle{Principal: j.Principal, What: "machine identity", Why: p.UserName + ", who owns it by " + j.Reason + ", has left", Unknown: j.Sure == Perhaps})
	}
	for _, s := range r.Strays {
		if s.Kind == Machine {
			out = append(out, Idle{Principal: s.Principal, What: "machine identity", Why: s.Why})
		}
	}
	return out
}

// Orphaned gives whoever owns something by its tags and has left.
func (b *Book) Orphaned(tags map[string]string, now time.Time) (p person.Person, why string, ok bool) {
	j, _, _ := b.owner(tags)
	who := b.byID[j.Person]
	if who == nil || j.Sure == Perhaps || who.State(now) != person.Left {
		return p, "", false
	}
	return *who, j.Reason, true
}
