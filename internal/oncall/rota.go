package oncall

import (
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/org"
)

// Text is the content of one rota.yaml.
type Text struct {
	Rotas []Rota  `yaml:"rotas"`
	Leave []Leave `yaml:"leave"`
}

// Rota is one circle of sites that have duty in turns.
type Rota struct {
	Name  string        `yaml:"name"`
	Team  string        `yaml:"team"`  // of org.yaml, whose rota it is
	Epoch org.Day       `yaml:"epoch"` // the first day that is counted; nothing: 2026-01-05, a Monday
	Rest  time.Duration `yaml:"rest"`  // between two shifts of one person; 0: DefaultRest
	Sites []Site        `yaml:"sites"`
}

// Site is where people sit who are on duty at the same time of the day.
type Site struct {
	Name     string        `yaml:"name"`
	Zone     string        `yaml:"zone"`     // IANA name
	Starts   Clock         `yaml:"starts"`   // in UTC, every day
	Lasts    time.Duration `yaml:"lasts"`    // 0: DefaultShift
	Members  []string      `yaml:"members"`  // people, in the order of their turns
	Later    []Crew        `yaml:"later"`    // who the members are from some day on
	Holidays []string      `yaml:"holidays"` // iCalendar files, beside the rota's
	// AcceptNights says why people here may be on duty between 23:00 and 07:00 of their time; empty: they may not.
	AcceptNights string `yaml:"accept_nights"`
}

// Crew is the members of a site from a day on.
type Crew struct {
	From    org.Day  `yaml:"from"`
	Members []string `yaml:"members"`
}

// Leave is when somebody is away: days of the zone of the person's site, or the events of a calendar.
type Leave struct {
	Person   string  `yaml:"person"`
	From     org.Day `yaml:"from"`
	Until    org.Day `yaml:"until"`    // the last day
	Calendar string  `yaml:"calendar"` // iCalendar file, beside the rota's
}

const (
	// DefaultShift is four shifts a day.
	DefaultShift = 6 * time.Hour
	// DefaultRest is the daily rest that Directive 2003/88/EC of the European Union wants in its article 3.
	DefaultRest = 11 * time.Hour

	day = 24 * time.Hour
)

// Clock is a time of the day, written "15:00".
type Clock time.Duration

// UnmarshalYAML reads a time of the day.
func (c *Clock) UnmarshalYAML(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	t, err := time.Parse("15:04", word)
	if err != nil || len(word) != len("15:04") {
		return fault.New(fault.Invalid, "%q is no time of the day: write it in UTC and in quotes, as \"15:00\"", word)
	}
	*c = Clock(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
	return nil
}

// String is the time as it is written.
func (c Clock) String() string {
	return time.Unix(0, 0).UTC().Add(time.Duration(c)).Format("15:04")
}
