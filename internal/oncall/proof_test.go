package oncall_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/oncall"
	"jobzero/internal/org"
)

func plan(t *testing.T, text string, f oncall.Facts) *oncall.Plan {
	t.Helper()
	s, err := oncall.Parse("r.yaml", []byte(text), nil, beside)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Plan("", f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sampleWith(old, put string) string {
	return strings.Replace(string(oncall.SampleText()), old, put, 1)
}

// TestTheProofFindsWhatIsPlanted: each kind of fault, with the time and the name.
func TestTheProofFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		kind oncall.FaultKind
		n    int    // in the seven days
		want string // of the first one
	}{
		"a gap":            {sampleWith(`starts: "21:00"`, `starts: "21:30"`), oncall.Gap, 14, "gap: rota security: 2026-11-23T21:00Z to 2026-11-23T21:30Z"},
		"a short shift":    {sampleWith(`zone: Europe/Dublin,`, `zone: Europe/Dublin, lasts: 5h,`), oncall.Gap, 14, "2026-11-23T14:00Z to 2026-11-23T15:00Z"},
		"an overlap":       {sampleWith(`zone: Europe/Dublin,`, `zone: Europe/Dublin, lasts: 7h,`), oncall.Overlap, 7, "Dublin and Seattle both have it"},
		"a night":          {sampleWith(`zone: Europe/Dublin,`, `zone: Asia/Kathmandu,`), oncall.Night, 0, ""}, // 14:45 to 20:45: all is well
		"a real night":     {sampleWith(`zone: Europe/Dublin,`, `zone: Pacific/Chatham,`), oncall.Night, 14, "it is 23:00 to 04:45 in Dublin"},
		"an accepted one":  {sampleWith(`zone: Europe/Dublin,`, `zone: Pacific/Chatham, accept_nights: "they asked for it",`), oncall.Night, 0, ""},
		"a hole by leave":  {sampleWith("members: [pia, quinn, rosa, sam, tess]}", "members: [pia, quinn]}\nleave: [{person: pia, from: 2026-11-25, until: 2026-11-25}]"), oncall.Gap, 1, "Dublin secondary: nobody is left: pia is on leave"},
		"too little rest":  {sampleWith("  - name: security\n", "  - name: security\n    rest: 20h\n") + "", oncall.Rest, 0, ""},
		"no rest with two": {sampleWith("members: [pia, quinn, rosa, sam, tess]}", "members: [pia, quinn]}") + "", oncall.Rest, 0, ""},
		"rest of a day":    {strings.Replace(sampleWith("members: [pia, quinn, rosa, sam, tess]}", "members: [pia, quinn]}"), "  - name: security\n", "  - name: security\n    rest: 19h\n", 1), oncall.Rest, 12, "has two shifts with 18h0m0s between them: want 19h0m0s"},
	} {
		var found []oncall.Fault
		for _, f := range plan(t, tc.text, oncall.Facts{}).Prove(noon().Add(-12*time.Hour), noon().Add(13*day/2)).Faults {
			if f.Kind == tc.kind {
				found = append(found, f)
			}
		}
		if len(found) != tc.n || tc.n > 0 && !strings.Contains(found[0].String(), tc.want) {
			t.Errorf("%s: %d faults, want %d with %q: %v", name, len(found), tc.n, tc.want, found)
		}
	}
}

// TestLeaversAndStrangers: whoever has left has no shift any more, and the proof names him; an organisation may forget somebody.
func TestLeaversAndStrangers(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{Gone: map[string]time.Time{"rosa": noon().Add(-time.Hour)}})
	proof := p.Prove(noon(), noon().Add(30*day))
	if len(proof.Faults) != 1 || proof.Faults[0].Kind != oncall.Left || proof.Faults[0].Person != "rosa" || !strings.Contains(fmt.Sprint(proof.Err()), "take the name out") {
		t.Errorf("%v", proof.Faults)
	}
	for _, s := range p.Shifts(noon().Add(6*time.Hour), noon().Add(30*day)) {
		if s.Primary == "rosa" || s.Secondary == "rosa" {
			t.Errorf("%+v", s)
		}
	}
	people, err := org.Parse("org.yaml", []byte("people: [{id: ana}, {id: bo}]"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := oncall.Parse("r.yaml", oncall.SampleText(), people, beside); err == nil || !strings.Contains(err.Error(), `no person of the organisation is called "cleo"`) {
		t.Errorf("%v", err)
	}
}

// TestTheSampleHolds: for ten years, with nobody awake at night and everybody with as much as the others.
func TestTheSampleHolds(t *testing.T) {
	t.Parallel()
	from, until := tenYears()
	proof := samplePlan(t, oncall.Facts{}).Prove(from, until)
	if !proof.Holds() || proof.Shifts < 14_608 {
		t.Errorf("%d shifts: %v", proof.Shifts, proof.Err())
	}
}

// TestEverybodyHasAsMuch: shifts, primaries, weekends and holidays are spread over the members of sites of every size, with leave and without.
func TestEverybodyHasAsMuch(t *testing.T) {
	t.Parallel()
	for m := 4; m <= 15; m++ {
		var crew []string
		for i := range m {
			crew = append(crew, fmt.Sprintf("p%02d", i))
		}
		text := sampleWith("members: [pia, quinn, rosa, sam, tess]}", "holidays: [h.ics], members: ["+strings.Join(crew, ", ")+"]}")
		from := noon()
		years := 3.0
		proof := plan(t, text, oncall.Facts{}).Prove(from, from.AddDate(3, 0, 0))
		spread := map[string][2]float64{}
		for _, l := range proof.Load {
			if l.Site != "Dublin" {
				continue
			}
			for what, n := range map[string]int{"shifts": l.Shifts, "primary": l.Primary, "weekends": l.Weekends, "holidays": l.Holidays} {
				s, ok := spread[what]
				if !ok {
					s = [2]float64{math.Inf(1), 0}
				}
				spread[what] = [2]float64{min(s[0], float64(n)), max(s[1], float64(n))}
			}
		}
		for what, most := range map[string]float64{"shifts": 5, "primary": 5, "weekends": 4, "holidays": 2.5} {
			if s := spread[what]; (s[1]-s[0])/years > most || s[1] == 0 {
				t.Errorf("%d members: %s from %.0f to %.0f in three years", m, what, s[0], s[1])
			}
		}
		if !proof.Holds() {
			t.Errorf("%d members: %v", m, proof.Err())
		}
	}
}

// TestNobodyTwiceRunning: with four people or more nobody has a seat on two days running at a site; with six or more beside holidays too.
func TestNobodyTwiceRunning(t *testing.T) {
	t.Parallel()
	for m := 4; m <= 15; m++ {
		var crew []string
		for i := range m {
			crew = append(crew, fmt.Sprintf("p%02d", i))
		}
		p := plan(t, sampleWith("members: [pia, quinn, rosa, sam, tess]}", "holidays: [h.ics], members: ["+strings.Join(crew, ", ")+"]}"), oncall.Facts{})
		shifts := slices.DeleteFunc(p.Shifts(noon(), noon().Add(3*365*day)), func(s oncall.Shift) bool { return s.Site != "Dublin" })
		for i := 3; i < len(shifts)-3; i++ {
			feast := slices.ContainsFunc(shifts[i-3:i+3], func(s oncall.Shift) bool { return s.Holiday != "" })
			for _, who := range []string{shifts[i].Primary, shifts[i].Secondary} {
				if (who == shifts[i-1].Primary || who == shifts[i-1].Secondary) && (m >= 6 || !feast) {
					t.Errorf("%d members: %s has %+v and %+v", m, who, shifts[i-1], shifts[i])
				}
			}
		}
	}
}
