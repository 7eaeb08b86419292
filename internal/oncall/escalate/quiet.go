package escalate

import (
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Quiet is the part of a day in which what can wait waits, by the clock on the wall of whom it is for.
type Quiet struct {
	From  Hour   `yaml:"from" json:"from"`
	Until Hour   `yaml:"until" json:"until"`
	Zone  string `yaml:"zone" json:"zone"` // of people whose zone is not known, such as Europe/Dublin
}

// Hour is a time of a day in minutes after midnight, written 22:00.
type Hour int

// UnmarshalYAML reads an hour.
func (h *Hour) UnmarshalYAML(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	t, err := time.Parse("15:04", word)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no time of a day: write it in quotes, as \"22:00\"", word)
	}
	*h = Hour(t.Hour()*60 + t.Minute())
	return nil
}

// String is the hour as it is written.
func (h Hour) String() string {
	return time.Date(2000, 1, 1, int(h)/60, int(h)%60, 0, 0, time.UTC).Format("15:04")
}

// MarshalJSON writes the hour as people do.
func (h Hour) MarshalJSON() ([]byte, error) { return json.Marshal(h.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *Hour) UnmarshalJSON(text []byte) error { return h.UnmarshalYAML(text) }

// place is the zone to use for people whose own is not known.
func (q Quiet) place() *time.Location {
	at, err := time.LoadLocation(q.Zone)
	if err != nil { // it was looked at when the policy was read
		return time.UTC
	}
	return at
}

// Morning is when the quiet hours end in which now is there, zero when now is not in them.
func (q Quiet) Morning(now time.Time, at *time.Location) time.Time {
	if at == nil {
		at = q.place()
	}
	if !q.in(now.In(at)) {
		return time.Time{}
	}
	there := now.In(at)
	// The end on the wall may come later than it says, when the clock is put back, or be skipped; Go then takes an instant beside it,
	// and what is still in the quiet hours there waits for the next full minutes that are not.
	end := time.Date(there.Year(), there.Month(), there.Day(), int(q.Until)/60, int(q.Until)%60, 0, 0, at)
	if !end.After(now) {
		end = time.Date(there.Year(), there.Month(), there.Day()+1, int(q.Until)/60, int(q.Until)%60, 0, 0, at)
	}
	for q.in(end.In(at)) {
		end = end.Add(time.Minute)
	}
	return end.UTC()
}

// in reports whether a clock on the wall shows a quiet hour.
func (q Quiet) in(there time.Time) bool {
	h := Hour(there.Hour()*60 + there.Minute())
	if q.From <= q.Until {
		return q.From <= h && h < q.Until
	}
	return h >= q.From || h < q.Until
}
