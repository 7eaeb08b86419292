package person_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func TestState(t *testing.T) {
	hour := time.Hour
	for name, c := range map[string]struct {
		p     person.Person
		want  person.State
		since time.Time
	}{
		"active":                {person.Person{Active: true}, person.Here, time.Time{}},
		"disabled":              {person.Person{Changed: noon.Add(-hour)}, person.Left, noon.Add(-hour)},
		"deleted":               {person.Person{Active: true, Gone: noon.Add(-hour)}, person.Left, noon.Add(-hour)},
		"said to have left":     {person.Person{Active: true, Out: noon.Add(-hour)}, person.Left, noon.Add(-hour)},
		"the last day is over":  {person.Person{Active: true, End: noon}, person.Left, noon},
		"the last day is not":   {person.Person{Active: true, End: noon.Add(1)}, person.Here, time.Time{}},
		"has not begun":         {person.Person{Active: true, Start: noon.Add(1)}, person.Coming, time.Time{}},
		"begins now":            {person.Person{Active: true, Start: noon}, person.Here, time.Time{}},
		"disabled before start": {person.Person{Start: noon.Add(hour), Changed: noon}, person.Left, noon},
	} {
		if got := c.p.State(noon); got != c.want || !c.p.Since(noon).Equal(c.since) {
			t.Errorf("%s: %s since %s, want %s since %s", name, got, c.p.Since(noon), c.want, c.since)
		}
	}
}

func TestNames(t *testing.T) {
	p := person.Person{
		ID: "01P", UserName: "Ana@example.com", ExternalID: "00u1", Number: "17", Given: "Ana", Family: "Sousa",
		Emails: []person.Email{{Value: "a@example.org"}, {Value: "ana@example.com", Kind: "work"}},
	}
	if p.Name() != "Ana Sousa" || p.Mail() != "ana@example.com" {
		t.Errorf("%s <%s>", p.Name(), p.Mail())
	}
	p.Emails[0].Primary, p.Display = true, "Ana S."
	if p.Name() != "Ana S." || p.Mail() != "a@example.org" || (&person.Person{UserName: "x"}).Name() != "x" {
		t.Errorf("%s <%s>", p.Name(), p.Mail())
	}
	for _, name := range []string{"01P", "ANA@EXAMPLE.COM", "00u1", "17", "A@example.org"} {
		if !p.Answers(name) {
			t.Errorf("does not answer to %s", name)
		}
	}
	for _, name := range []string{"", "00U1", "ana", "Ana S."} {
		if p.Answers(name) {
			t.Errorf("answers to %q", name)
		}
	}
}

func TestCheck(t *testing.T) {
	ok := person.Person{UserName: "ana", Start: noon, End: noon}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for want, p := range map[string]person.Person{
		"no user name":     {UserName: " "},
		"longer than":      {UserName: "ana", Groups: []string{strings.Repeat("x", person.MaxText+1)}},
		"1001 addresses":   {UserName: "ana", Emails: make([]person.Email, person.MaxList+1)},
		"in 1001 groups":   {UserName: "ana", Groups: make([]string, person.MaxList+1)},
		"before the start": {UserName: "ana", Start: noon, End: noon.Add(-1)},
	} {
		if err := p.Check(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, g := range []person.Group{{}, {Name: strings.Repeat("x", person.MaxText+1)}} {
		if err := g.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v of %.20s", err, g.Name)
		}
	}
}

func TestBetween(t *testing.T) {
	old := person.Person{ID: "01P", UserName: "ana", Active: true, Team: "shop", Groups: []string{"b", "a"}, Version: 1}
	change := func(do func(*person.Person)) person.Person {
		p := old
		p.Version = 2
		do(&p)
		return p
	}
	for name, c := range map[string]struct {
		before *person.Person
		after  person.Person
		kind   person.Kind
		fields []string
	}{
		"new":           {nil, old, person.Joined, []string{"user_name", "active", "team", "groups"}},
		"the same":      {&old, change(func(p *person.Person) { p.Groups = []string{"a", "b"} }), "", nil},
		"title":         {&old, change(func(p *person.Person) { p.Title = "Lead" }), person.Changed, []string{"title"}},
		"only said":     {&old, change(func(p *person.Person) { p.Said = []byte(`{"locale":"de"}`) }), person.Changed, nil},
		"moved":         {&old, change(func(p *person.Person) { p.Team = "bank" }), person.Moved, []string{"team"}},
		"first told of": {&old, change(func(p *person.Person) { p.Department = "bank" }), person.Changed, []string{"department"}},
		"left, and moved": {
			&old, change(func(p *person.Person) { p.Active, p.Team = false, "" }), person.Departed, []string{"active", "team"},
		},
		"deleted": {&old, change(func(p *person.Person) { p.Gone = noon }), person.Departed, []string{"gone"}},
	} {
		e := person.Between(c.before, c.after, "mia", noon)
		var got []string
		for _, f := range e.Changes {
			got = append(got, f.Field)
		}
		if d := cmp.Diff(c.fields, got); d != "" || e.Kind != c.kind || e.Seq != c.after.Version || e.Subject != "01P" || e.Actor != "mia" {
			t.Errorf("%s: %+v, want %s\n%s", name, e, c.kind, d)
		}
	}
	gone := change(func(p *person.Person) { p.Active = false })
	if e := person.Between(&gone, old, "scim", noon); e.Kind != person.Returned || e.Changes[0] != (person.Change{Field: "active", Was: "false", Is: "true"}) {
		t.Errorf("%+v", e)
	}
}
