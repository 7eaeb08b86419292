package oncall_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

// TestATextThatCannotBeUsed: each mistake has its place and says what to do.
func TestATextThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	site := "      - {name: Seattle, zone: America/Los_Angeles, starts: \"15:00\", members: [ana, bo]}\n"
	head := "rotas:\n  - name: r\n    sites:\n"
	for text, want := range map[string]string{
		"":                           "r.yaml:1:1: 0 rotas",
		"rota: []\n":                 `r.yaml:1:1: unknown field "rota"`,
		"rotas:\n  - {name: r}\n":    "r.yaml:2:6: rota \"r\" has 0 sites",
		"rotas:\n  - {name: ' x'}\n": "rota \" x\": want a name",
		head + strings.Replace(site, "America/Los_Angeles", "Atlantis/Capital", 1): "r.yaml:4:31: zone \"Atlantis/Capital\" is not known",
		head + strings.Replace(site, `"15:00"`, "3pm", 1):                          "is no time of the day",
		head + strings.Replace(site, `starts: "15:00", `, "", 1):                   "does not say when its shift starts",
		head + strings.Replace(site, `starts`, "lasts: 13h, starts", 1):            "a shift of 13h0m0s: want whole minutes from 1h0m0s to 12h0m0s",
		head + strings.Replace(site, `ana, bo`, "ana", 1):                          "Seattle has 1 members",
		head + strings.Replace(site, `ana, bo`, "ana, ana", 1):                     "ana is there already",
		head + strings.Replace(site, `members`, "holidays: [no.ics], members", 1):  "file does not exist",
		head + site + site: "r.yaml:5:16: site \"Seattle\" is there already",
		head + site + strings.Replace(site, "Seattle", "Herndon", 1):                               "ana is a member of Seattle already",
		head + site + "leave: [{person: zoe, from: 2026-12-24, until: 2026-12-25}]\n":              "r.yaml:5:18: \"zoe\" is no member",
		head + site + "leave: [{person: ana, from: 2026-12-24}]\n":                                 "want from and until, or calendar",
		head + site + "leave: [{person: ana, from: 2026-12-24, until: 2026-12-23}]\n":              "before it begins",
		head + strings.Replace(site, `members`, "later: [{members: [ana, bo]}], members", 1):       "want the day from which",
		strings.Replace(head, "name: r", "name: r\n    team: blue", 1) + site:                      "no team of the organisation",
		head + site + "  - name: r\n    sites:\n" + site:                                           `rota "r" is there already`,
		head + strings.Replace(site, "members: [ana, bo]", "members: [ana, bo], nights: yes", 1):   `unknown field "nights"`,
		strings.Replace(head, "name: r", "name: r\n    rest: 25h", 1) + site:                       "want at most 24h",
		head + strings.Replace(site, "members: [ana, bo]", "members: [ana, bo], starts: \"1\"", 1): "r.yaml:4:",
	} {
		_, err := oncall.Parse("r.yaml", []byte(text), nil, beside)
		if err == nil || !strings.Contains(err.Error(), want) || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s\n%v, want %q", text, err, want)
		}
	}
}

// TestWhoTheMembersAreLater: another crew has its shifts from its first day on, and those before stay as they were.
func TestWhoTheMembersAreLater(t *testing.T) {
	t.Parallel()
	was := samplePlan(t, oncall.Facts{})
	is := plan(t, sampleWith("members: [pia, quinn, rosa, sam, tess]}", "members: [pia, quinn, rosa, sam, tess], later: [{from: 2027-01-04, members: [pia, quinn, uma, vic, walt]}]}"), oncall.Facts{})
	turn := time.Date(2027, 1, 3, 0, 0, 0, 0, time.UTC) // the last shift before looks at the first one after
	for i, s := range is.Shifts(noon(), turn) {
		if s != was.Shifts(noon(), turn)[i] {
			t.Errorf("%+v", s)
		}
	}
	if f := is.Prove(noon(), oncall.Year(noon())).Faults; len(f) != 0 {
		t.Errorf("%v", f)
	}
	d := is.At(time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC))
	if strings.Contains("rosa sam tess", d.Primary.Person) || d.Primary.Site != "Dublin" {
		t.Errorf("%+v", d)
	}
}

// TestFeed: another program's reader finds the events of a person and a site, each in UTC.
func TestFeed(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{})
	for want, n := range map[oncall.Wanted]int{{}: 2 * 4 * 10, {Site: "Dublin"}: 2 * 10, {Person: "rosa"}: 4, {Person: "rosa", Site: "Sydney"}: 0} {
		from := noon().Add(-12 * time.Hour)
		text := p.Feed(want, from.Add(3*time.Hour), from.Add(3*time.Hour).AddDate(0, 0, 10), noon())
		cal, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, e := range cal.Events() {
			start, err := e.GetStartAt()
			if err != nil || seen[e.Id()] || !strings.HasSuffix(e.GetProperty(ics.ComponentPropertyDtStart).Value, "Z") {
				t.Errorf("%s at %s: %v", e.Id(), start, err)
			}
			seen[e.Id()] = true
			d := p.At(start)
			if s := e.GetProperty(ics.ComponentPropertySummary).Value; !strings.Contains(s, d.Primary.Person) && !strings.Contains(s, d.Secondary.Person) {
				t.Errorf("%s at %s, where %+v is on duty", s, start, d)
			}
		}
		if len(seen) != n {
			t.Errorf("%+v: %d events, want %d", want, len(seen), n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(oncall.SampleText())
	f.Add([]byte("rotas: [{name: r, epoch: 0001-01-01, sites: [{name: s, zone: Asia/Kathmandu, starts: \"23:59\", lasts: 12h, holidays: [h.ics], members: [a, b]}]}]\nleave: [{person: a, calendar: h.ics}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := oncall.Parse("fuzz.yaml", text, nil, beside)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "fuzz.yaml:") {
				t.Errorf("%v", err)
			}
			return
		}
		for _, name := range s.Rotas() {
			p, err := s.Plan(name, oncall.Facts{})
			if err != nil {
				t.Fatal(err)
			}
			d, proof := p.At(noon()), p.Prove(noon(), noon().Add(3*day))
			if d.Primary.Person == "" && proof.Holds() || d.Primary.Person != "" && d.Primary.Person == d.Secondary.Person {
				t.Errorf("%+v, and the proof holds: %t", d, proof.Holds())
			}
		}
	})
}
