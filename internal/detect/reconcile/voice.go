package reconcile

import (
	"time"

	"jobzero/internal/event"
)

const (
	// Fresh is how long a way counts as bringing a kind of record after it last did. Then it begins anew: that a rule was taken
	// away is told as silence, not as a million missing events.
	Fresh = 7 * 24 * time.Hour
	// settling is how long after the first record of a kind its events are not compared yet: a copy by the other way may have come
	// before anybody knew that it matters. It is longer than a process may go without asking the store, and than clocks differ.
	settling = 5 * time.Minute
)

// Place is a kind of record of an account in a region.
type Place struct {
	Account, Region string
	Kind            Kind
}

// Voice is a way that has brought a kind of record from a place.
type Voice struct {
	Place
	Way   Ways
	Since time.Time // from when on it has been heard without a long pause, by our clock
	Last  time.Time // when it was last heard
}

// Voices are all voices that are known.
type Voices map[Place]map[Ways]Voice

// Add adds a voice, in place of what was known of it.
func (v Voices) Add(x Voice) {
	if v[x.Place] == nil {
		v[x.Place] = map[Ways]Voice{}
	}
	v[x.Place][x.Way] = x
}

// Hear notes that a way has brought a kind of record, and gives the voice as it is now and whether that is worth writing down:
// it is new, or the last time is so long ago. A voice that was silent for longer than Fresh begins anew.
func (v Voices) Hear(p Place, way Ways, now time.Time, every time.Duration) (Voice, bool) {
	x, known := v[p][way]
	switch {
	case !known || now.Sub(x.Last) > Fresh:
		x = Voice{Place: p, Way: way, Since: now, Last: now}
	case now.Sub(x.Last) < every && Day(now).Equal(Day(x.Last)): // each day on which it was heard counts
		return x, false
	default:
		x.Last = now
	}
	v.Add(x)
	return x, true
}

// Fate is what becomes of an event in the comparison.
type Fate int

// The fates.
const (
	Foreign Fate = iota // the two ways are not compared here
	Passed              // they are, but not for this event: it can complete what is known, and is counted as not compared
	Counted             // it is remembered until the other way has brought it
)

// Judge says what becomes of an event that has come now. It asks only what both ways know alike (the event's own time and size, and
// what was heard before it happened), so that the copies of an event have the same fate whichever comes first; only a copy that
// is later than after is Passed while the earlier one was Counted, and that one waits for it in the store.
func (v Voices) Judge(e *event.Event, k Kind, now time.Time, after time.Duration) Fate {
	voices := v[Place{e.Account, e.Region, k}]
	live, ok := voices[Live]
	if !ok {
		return Foreign
	}
	since := live.Since
	if k.optional() {
		stored, ok := voices[Stored]
		if !ok {
			return Foreign
		}
		if stored.Since.After(since) {
			since = stored.Since
		}
	}
	switch {
	case now.Sub(live.Last) > Fresh, e.Time.Before(since.Add(settling)), now.Sub(e.Time) > after, len(e.Raw) > largest:
		return Passed
	default:
		return Counted
	}
}
