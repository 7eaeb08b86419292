package oncall_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/oncall"
)

// tenYears is what the properties are looked at over.
func tenYears() (from, until time.Time) {
	from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return from, from.AddDate(10, 0, 0)
}

// zones gives the zones whose clock changes within the ten years, and three whose clocks stand apart from others by parts of an hour.
func zones(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{"Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"}
	from, until := tenYears()
	for _, name := range strings.Fields(text2lines(text)) {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatalf("zone %s: %v", name, err)
		}
		_, was := from.In(zone).Zone()
		for at := from; at.Before(until); at = at.AddDate(0, 0, 5) {
			if _, is := at.In(zone).Zone(); is != was && !slices.Contains(out, name) {
				out = append(out, name)
				break
			}
		}
	}
	return out
}

func text2lines(text []byte) string {
	var keep []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			keep = append(keep, line)
		}
	}
	return strings.Join(keep, "")
}

// drawn is a rota that was made up, with what its text says of leave, to hold the answers against.
type drawn struct {
	text  string
	zones []string
	crews [][]string
	leave map[string][][2]time.Time // local days, from the first midnight to the last
}

// draw makes a rota of four sites up. Everybody may be on leave, but never two of a site at once, so that two are always left.
func draw(t *rapid.T, zones []string) drawn {
	d := drawn{zones: zones, leave: map[string][][2]time.Time{}}
	var b, leave strings.Builder
	b.WriteString("rotas:\n  - name: r\n    sites:\n")
	start := rapid.IntRange(0, 6*60-1).Draw(t, "start")
	for i, zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		var crew []string
		for j := range rapid.IntRange(3, 9).Draw(t, "members") {
			crew = append(crew, fmt.Sprintf("p%d%d", i, j))
		}
		d.crews = append(d.crews, crew)
		at := (start + i*6*60) % (24 * 60)
		fmt.Fprintf(&b, "      - {name: s%d, zone: %s, starts: \"%02d:%02d\", members: [%s], accept_nights: drawn, holidays: [h.ics]}\n", i, zone, at/60, at%60, strings.Join(crew, ", "))
		day := 0
		for range rapid.IntRange(0, 12).Draw(t, "leaves") {
			day += rapid.IntRange(3, 300).Draw(t, "after")
			long := rapid.IntRange(0, 30).Draw(t, "long")
			who := rapid.SampledFrom(crew).Draw(t, "who")
			from := time.Date(2026, 1, 1+day, 0, 0, 0, 0, loc)
			until := time.Date(2026, 1, 1+day+long+1, 0, 0, 0, 0, loc)
			d.leave[who] = append(d.leave[who], [2]time.Time{from, until})
			fmt.Fprintf(&leave, "  - {person: %s, from: %s, until: %s}\n", who, from.Format(time.DateOnly), time.Date(2026, 1, 1+day+long, 12, 0, 0, 0, loc).Format(time.DateOnly))
			day += long + 2 // the local days of two leaves never touch one shift
		}
	}
	d.text = b.String()
	if leave.Len() > 0 {
		d.text += "leave:\n" + leave.String()
	}
	return d
}

const holidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:New year\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20251225\r\nDTEND;VALUE=DATE:20251227\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:3\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260504\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO;INTERVAL=3\r\nSUMMARY:Bank holiday\r\nEND:VEVENT\r\n" +
	"END:VCALENDAR\r\n"

func beside(path string) ([]byte, error) {
	if path == "h.ics" {
		return []byte(holidays), nil
	}
	return nil, os.ErrNotExist
}

// TestOneOfEachInEverySecond draws rotas until every zone was a site: in every second of ten years there is exactly one primary and one
// secondary, of the same site, of those who are there.
func TestOneOfEachInEverySecond(t *testing.T) {
	t.Parallel()
	all := zones(t)
	if len(all) < 100 {
		t.Fatalf("only %d zones change their clock: the zone data is not what it should be", len(all))
	}
	t.Logf("%d zones change their clock within ten years", len(all))
	for i := 0; i < len(all); i += 4 {
		four := make([]string, 4)
		for j := range four {
			four[j] = all[(i+j)%len(all)]
		}
		seed := i
		d := rapid.Custom(func(t *rapid.T) drawn { return draw(t, four) }).Example(seed)
		s, err := oncall.Parse("r.yaml", []byte(d.text), nil, beside)
		if err != nil {
			t.Fatalf("%v\n%s", err, d.text)
		}
		p, err := s.Plan("r", oncall.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		everySecond(t, d, p)
	}
}

// everySecond looks at all shifts of ten years: they follow one another to the second, and each has two people who are there.
func everySecond(t *testing.T, d drawn, p *oncall.Plan) {
	t.Helper()
	from, until := tenYears()
	shifts := p.Shifts(from, until)
	if len(shifts) < 4*3652 || shifts[0].Start.After(from) || shifts[len(shifts)-1].End.Before(until) {
		t.Fatalf("%d shifts, from %s to %s\n%s", len(shifts), shifts[0].Start, shifts[len(shifts)-1].End, d.text)
	}
	for i, s := range shifts {
		if i > 0 && !shifts[i-1].End.Equal(s.Start) {
			t.Fatalf("a shift ends at %s, the next begins at %s\n%s", shifts[i-1].End, s.Start, d.text)
		}
		crew := d.crews[s.Site[1]-'0']
		if s.Primary == s.Secondary || !slices.Contains(crew, s.Primary) || !slices.Contains(crew, s.Secondary) || s.End.Sub(s.Start) != 6*time.Hour {
			t.Fatalf("%+v\n%s", s, d.text)
		}
		for _, who := range []string{s.Primary, s.Secondary} {
			for _, l := range d.leave[who] {
				if s.Start.Before(l[1]) && l[0].Before(s.End) {
					t.Fatalf("%s is on leave from %s to %s, and has %+v\n%s", who, l[0], l[1], s, d.text)
				}
			}
		}
		if i >= 4 && len(crew) > 3 && shifts[i-4].Primary == s.Primary && s.Holiday == "" && len(d.leave) == 0 {
			t.Fatalf("%s is primary on two days running: %+v\n%s", s.Primary, s, d.text)
		}
	}
	for i := 0; i < len(shifts); i += 97 { // one instant asked by itself has the same answer as all of them together
		for _, at := range []time.Time{shifts[i].Start, shifts[i].Start.Add(time.Second), shifts[i].End.Add(-time.Second)} {
			if g := p.At(at); g.Primary.Person != shifts[i].Primary || g.Secondary.Person != shifts[i].Secondary || !g.Primary.Since.Equal(shifts[i].Start) || !g.Primary.Until.Equal(shifts[i].End) {
				t.Fatalf("at %s: %+v, want %+v", at, g, shifts[i])
			}
		}
	}
}
