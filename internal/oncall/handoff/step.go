package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Tell is what somebody has to be told.
type Tell struct {
	Key     string    `json:"key"` // there is one of each
	Handoff ID        `json:"handoff"`
	Person  string    `json:"person"`
	What    string    `json:"what"`
	At      time.Time `json:"at"`   // when it is due
	Told    time.Time `json:"told"` // zero: nobody has sent it yet
}

// Step does what is due by now, one thing at a time, and says whom to tell and when to look again; zero: never. Looking late loses
// nothing: whoever is asked late has all of his time.
func (h Handoff) Step(now time.Time) (next Handoff, tell []Tell, again time.Time) {
	switch {
	case h.State != Open:
		return h, nil, time.Time{}
	case !now.Before(h.Ends):
		h.State = Lapsed
		if h.From == "" {
			return h, []Tell{h.say(h.To, "lapsed", now, fmt.Sprintf("Nobody has accepted %s, the first of its rota, and its shift is over.", h.ID))}, time.Time{}
		}
		return h, []Tell{h.say(h.From, "lapsed", now, fmt.Sprintf("Nobody has accepted %s, and its shift is over. You have been on duty since %s.", h.ID, stamp(h.Since)))}, time.Time{}
	case h.From == h.To && h.From != "": // somebody goes on
		h.State, h.AcceptedBy, h.AcceptedAt = Accepted, h.To, now
		return h, nil, time.Time{}
	}
	if due := h.due(); now.Before(due) {
		return h, nil, earliest(due, h.Ends)
	}
	ladder := h.ladder()
	at := slices.IndexFunc(ladder, func(a Asked) bool { return !h.asked(a.Person) })
	h.Last = now
	if at < 0 {
		h.Again++
		for _, a := range h.Asked {
			tell = append(tell, h.say(a.Person, fmt.Sprintf("again-%d", h.Again), now, "Still nobody has accepted. "+h.question()))
		}
		return h, tell, earliest(h.due(), h.Ends)
	}
	one := ladder[at]
	one.At = now
	h.Asked = append(slices.Clone(h.Asked), one)
	return h, []Tell{h.say(one.Person, string(one.As), now, h.why(one.As)+h.question())}, earliest(h.due(), h.Ends)
}

// due is when the next one is asked: the first at once, and each other one when the one before has had his time, which does not begin
// before the hour.
func (h Handoff) due() time.Time {
	if len(h.Asked) == 0 && h.Again == 0 {
		return time.Time{}
	}
	if h.Last.Before(h.Due) {
		return h.Due.Add(Patience)
	}
	return h.Last.Add(Patience)
}

func (h Handoff) why(as As) string {
	switch as {
	case AsSecond:
		return h.To + " has not accepted, and you stand behind. "
	case AsManager:
		return "Nobody of " + h.Site + " has accepted, and " + h.To + " is below you. "
	case AsNext:
	}
	return ""
}

func (h Handoff) question() string {
	if h.From == "" {
		return fmt.Sprintf("You are on duty for %s at %s since %s, and nobody has handed it over to you: this is its first handoff. Read and accept it: jobzero oncall handoff accept %s.",
			h.Rota, h.Site, stamp(h.Due), h.ID)
	}
	return fmt.Sprintf("Duty of %s passes to %s at %s. Read and accept it: jobzero oncall handoff accept %s. Until somebody does, %s stays on duty.",
		h.Rota, h.Site, stamp(h.Due), h.ID, h.From)
}

func (h Handoff) say(person, kind string, now time.Time, what string) Tell {
	return Tell{Key: string(h.ID) + " " + kind + " " + person, Handoff: h.ID, Person: person, What: what, At: now}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Teller tells a person something: by whatever way reaches him. Who was told twice was told.
type Teller interface {
	Tell(ctx context.Context, t Tell) error
}
