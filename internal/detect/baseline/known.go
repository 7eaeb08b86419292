package baseline

import (
	"fmt"
	"math"
	"time"

	"jobzero/internal/event"
)

// Normal is what is normal as far as a kind can see, for one of those against whom an event is held.
type Normal struct {
	Whom       string    `json:"whom"`                 // principal, peers, account or organisation
	Name       string    `json:"name,omitempty"`       // of the peers or the account
	Since      time.Time `json:"since,omitzero"`       // when the first of what is known happened
	Hours      uint64    `json:"hours"`                // of activity that are known, of all its principals; of an account none
	Principals uint64    `json:"principals,omitempty"` // that it has
	Like       float64   `json:"like"`                 // of the hours, so many were as unusual or more
	Text       string    `json:"text"`
}

var whoms = [ranks]string{"peers", "account", "organisation"}

// normals are what is normal for the principal, its peers, its account and the organisation.
func (l *Learner) normals(a *actor, f *facts, k int) []Normal {
	size := l.marks[k].size
	n := Normal{Whom: "principal", Hours: uint64(a.hours), Text: l.normalOfOwn(a, f, Kind(k))}
	if a.seen.count > 0 {
		n.Since = clock(a.seen.first)
	}
	if size > 0 {
		n.Like = a.sizes[k].atLeast(bin(size))
	}
	out := []Normal{n}
	for _, s := range a.scopes {
		if s == nil || Kind(k) == Key || s.rank == account && k >= traits {
			continue // access keys are nobody else's; and nothing but values is asked of an account
		}
		n := Normal{Whom: whoms[s.rank], Name: s.key, Since: clock(l.began), Hours: s.hours, Principals: s.members, Text: l.normalOfAll(s, f, Kind(k))}
		if size > 0 && s.hours > 0 {
			n.Like = math.Round(float64(s.hours) * s.sizes[k].Tail(float64(size)))
		}
		out = append(out, n)
	}
	return out
}

func (l *Learner) normalOfOwn(a *actor, f *facts, k Kind) string {
	active := plural(int(a.seen.count), "active hour")
	switch {
	case int(k) < traits:
		at := f.spot[k]
		if !at.known {
			return "never in its " + active
		}
		v := a.sets[k][at.index]
		return fmt.Sprintf("in %d of its %s, last on %s", v.count, active, date(v.last))
	case k == Reads || k == Writes:
		if expected, own := a.usual(f.writes, f.hour); own {
			return fmt.Sprintf("about %.0f such calls on %s", math.Exp2(expected)-1, when(f.hour))
		}
		return "no rhythm is known of it yet; its peers' counts"
	case k == Errors:
		return fmt.Sprintf("%.0f of %.0f calls went wrong", a.errors, a.calls)
	case k == Travel && a.paths[0].network != 0:
		return "last seen at " + a.paths[0].name + " on " + time.Unix(a.paths[0].at, 0).UTC().Format("2006-01-02 15:04:05")
	case k == Dormant:
		return "last used on " + date(a.seen.last)
	}
	return "known in " + active
}

func (l *Learner) normalOfAll(s *scope, f *facts, k Kind) string {
	switch {
	case int(k) < traits:
		n := s.tables[k].known(f.trait[k], back(f.hour, l.age))
		return "known to " + plural(int(n), [ranks]string{"principal", "group", "account"}[s.rank])
	case k == Reads || k == Writes:
		return fmt.Sprintf("about %.0f such calls in an active hour", math.Exp2(float64(s.level[f.writes].Mean))-1)
	case k == Errors && s.rank != account:
		return fmt.Sprintf("%.1f of 100 calls go wrong", 100*s.errors/max(s.calls, 1))
	case k == Newcomer:
		return fmt.Sprintf("%s were ever seen", plural(int(min(s.members, math.MaxInt32)), "principal"))
	}
	return plural(int(min(s.hours, math.MaxInt32)), "active hour") + " are known"
}

// silence says how the event's log stands. It is no kind that an event can have: only its absence can.
func (l *Learner) silence(e *event.Event) Score {
	s := Score{Kind: Silence, Verdict: Beside, Why: "it is about logs that stop, and this event came"}
	at := l.logs[logKey(e.Account, e.Region, e.Log)]
	switch {
	case at == nil:
		s.Text = "nothing of its log was heard before"
	case at.gaps.N() < rhythmGaps || at.last-at.first < rhythmDays*secondsADay:
		s.Text = fmt.Sprintf("its log has no rhythm yet: %s of %d, in %d days of %d", plural(int(at.gaps.N()), "gap"), rhythmGaps, (at.last-at.first)/secondsADay, rhythmDays) //nolint:gosec // it is counted, one by one
	default:
		s.Text = "its log: " + at.story(e.Time).Normal
	}
	return s
}
