package cwlogs

import (
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// Fields are the dotted paths in an application's JSON at which an event's parts stand. Only Name must be given.
type Fields struct {
	Name     string `yaml:"name"`     // of what happened
	Time     string `yaml:"time"`     // RFC 3339, or seconds or milliseconds since 1970; without it, when CloudWatch Logs took the entry in
	Account  string `yaml:"account"`  // without it, the account of the log group
	Region   string `yaml:"region"`   // without it, what the name of the file or object says
	ID       string `yaml:"id"`       // the entry's own identity
	Severity string `yaml:"severity"` // a word such as warn, or a number from 0 to 7 as in RFC 5424
	Actor    string `yaml:"actor"`    // an ARN, or a name
	Address  string `yaml:"address"`  // where it came from
}

// Application begins to read the log of an application; the group has fields.
func Application(g Group, p line.Place) line.Reader {
	return &application{log: g.Log, fields: *g.Fields, place: p}
}

// application reads the log of an application.
type application struct {
	log    event.Log
	fields Fields
	place  line.Place
}

// Read makes an event of an entry; see line.Reader. Applications write other things among their JSON.
func (a *application) Read(in line.Entry) (*event.Event, error) {
	if len(in.Text) == 0 || in.Text[0] != '{' {
		return nil, &source.Other{Name: "a line of " + string(a.log) + " that is no JSON object"}
	}
	j, err := line.Open(in.Text)
	if err != nil {
		return nil, err
	}
	name := at(j, a.fields.Name)
	if name == "" {
		return nil, &source.Other{Name: "an object of " + string(a.log) + " without " + a.fields.Name}
	}
	e := &event.Event{
		ID: in.ID(at(j, a.fields.ID)), Time: in.Time, Name: name, Type: "ApplicationEvent", SourceIP: at(j, a.fields.Address),
		Actor: actor(at(j, a.fields.Actor)), Origin: in.Origin, Log: a.log, Raw: in.Text, Severity: severity(at(j, a.fields.Severity)),
	}
	_, e.Source, _ = strings.Cut(string(a.log), "/")
	if a.fields.Time != "" {
		if e.Time, err = moment(a.fields.Time, at(j, a.fields.Time)); err != nil {
			return nil, err
		}
	}
	if e.Time.IsZero() {
		return nil, fault.New(fault.Invalid, "the entry has no time")
	}
	if e.Account, err = line.Account(a.fields.Account, at(j, a.fields.Account)); err != nil {
		return nil, err
	}
	if said := at(j, a.fields.Region); said != "" {
		if !line.IsRegion(said) {
			return nil, fault.New(fault.Invalid, "%s %.40q is no region", a.fields.Region, said)
		}
		e.Region = said
	}
	a.place.Fill(e)
	return e, nil
}

// milliseconds from this number on: as seconds it would be in the year 5138.
const milliseconds = 12

func moment(name, said string) (time.Time, error) {
	layouts := []string{time.RFC3339Nano, line.Seconds}
	if whole, _, _ := strings.Cut(said, "."); len(whole) >= milliseconds {
		layouts[1] = line.Milliseconds
	}
	return line.When(name, said, layouts...)
}

// at is the text at a dotted path; a name that has the dots itself is found first.
func at(j line.JSON, path string) string {
	if path == "" {
		return ""
	}
	if s := j.Text(path); s != "" {
		return s
	}
	return j.Text(strings.Split(path, ".")...)
}

func actor(said string) event.Actor {
	a := line.Actor(said)
	if a.ARN == "" && said != "" {
		a = event.Actor{Type: "ApplicationUser", UserName: said}
	}
	return a
}
