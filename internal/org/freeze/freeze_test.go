package freeze_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/org/freeze"
)

func calendar(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\nUID:one@example.com\r\nDTSTAMP:20260101T000000Z\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhenChangesAreFrozen(t *testing.T) {
	for name, tc := range map[string]struct {
		events      []string
		when, until string // until is empty where it is not frozen
	}{
		"within":              {[]string{"SUMMARY:Year's end\nDTSTART:20261220T180000Z\nDTEND:20270104T060000Z"}, "2026-12-24T12:00:00Z", "2027-01-04T06:00:00Z"},
		"at its first moment": {[]string{"DTSTART:20261220T180000Z\nDTEND:20261221T060000Z"}, "2026-12-20T18:00:00Z", "2026-12-21T06:00:00Z"},
		"at its end":          {[]string{"DTSTART:20261220T180000Z\nDTEND:20261221T060000Z"}, "2026-12-21T06:00:00Z", ""},
		"a whole day":         {[]string{"DTSTART;VALUE=DATE:20261225"}, "2026-12-25T23:59:59Z", "2026-12-26T00:00:00Z"},
		"whole days":          {[]string{"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261228"}, "2026-12-27T23:00:00Z", "2026-12-28T00:00:00Z"},
		"a duration":          {[]string{"DTSTART:20261225T000000Z\nDURATION:P1DT12H"}, "2026-12-26T11:00:00Z", "2026-12-26T12:00:00Z"},
		"every Friday":        {[]string{"DTSTART:20260102T160000Z\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=FR"}, "2026-11-20T17:00:00Z", "2026-11-21T00:00:00Z"},
		"no Friday":           {[]string{"DTSTART:20260102T160000Z\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=FR"}, "2026-11-19T17:00:00Z", ""},
		"left out":            {[]string{"DTSTART:20260102T160000Z\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=FR\nEXDATE:20261120T160000Z"}, "2026-11-20T17:00:00Z", ""},
		"moved": {[]string{
			"DTSTART:20260102T160000Z\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=FR", "RECURRENCE-ID:20261120T160000Z\nDTSTART:20261121T160000Z\nDURATION:PT8H",
		}, "2026-11-20T17:00:00Z", ""},
		"moved to": {[]string{
			"DTSTART:20260102T160000Z\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=FR", "RECURRENCE-ID:20261120T160000Z\nDTSTART:20261121T160000Z\nDURATION:PT8H",
		}, "2026-11-21T17:00:00Z", "2026-11-22T00:00:00Z"},
		// Sixteen o'clock in Dublin is 15:00 UTC in summer and 16:00 UTC in winter.
		"summer time": {[]string{"DTSTART;TZID=Europe/Dublin:20260102T160000\nDURATION:PT1H\nRRULE:FREQ=DAILY"}, "2026-07-01T15:30:00Z", "2026-07-01T16:00:00Z"},
		"winter time": {[]string{"DTSTART;TZID=Europe/Dublin:20260102T160000\nDURATION:PT1H\nRRULE:FREQ=DAILY"}, "2026-12-01T15:30:00Z", ""},
		"the longest": {[]string{"DTSTART:20261220T000000Z\nDTEND:20261222T000000Z", "UID:two\nDTSTART:20261221T000000Z\nDTEND:20261225T000000Z"}, "2026-12-21T12:00:00Z", "2026-12-25T00:00:00Z"},
		"cancelled":   {[]string{"STATUS:CANCELLED\nDTSTART:20261220T180000Z\nDTEND:20270104T060000Z"}, "2026-12-24T12:00:00Z", ""},
	} {
		c, err := freeze.Read("freeze.ics", calendar(tc.events...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f, is := freeze.Join(c).At(at(t, tc.when))
		if is != (tc.until != "") || is && !f.Until.Equal(at(t, tc.until)) {
			t.Errorf("%s: %t until %s, want %q", name, is, f.Until, tc.until)
		}
	}
	if _, is := (*freeze.Calendar)(nil).At(time.Now()); is {
		t.Error("no calendar freezes")
	}
}

func TestACalendarThatCannotBeRead(t *testing.T) {
	for event, want := range map[string]string{
		"DTSTART:20261220T180000Z":                                      "neither an end nor a duration",
		"DTSTART:20261220T180000Z\nDTEND:20261220T170000Z":              "before it begins",
		"DTSTART:tomorrow\nDURATION:PT1H":                               "is no date and no time",
		"DTSTART;TZID=Atlantis/Capital:20261220T180000\nDURATION:PT1H":  `zone "Atlantis/Capital" is not known`,
		"DTSTART:20261220T180000Z\nDURATION:soon":                       `DURATION "soon"`,
		"DTSTART:20261220T180000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY":  "repeats within a day",
		"DTSTART:20261220T180000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES": "RRULE",
		"DTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY":     "want a year after 1969",
		"DTSTART:20261220T180000Z\nDURATION:PT1H\nEXDATE:never":         "is no date and no time",
		"DTSTART:20261220T180000Z\nDURATION:P900D":                      "at most",
	} {
		_, err := freeze.Read("freeze.ics", calendar(event))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "freeze.ics: event ") {
			t.Errorf("%q: %v, want %q", event, err, want)
		}
	}
	if _, err := freeze.Read("freeze.ics", []byte("hello")); err == nil || !strings.Contains(err.Error(), "no iCalendar file") {
		t.Errorf("no calendar: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(calendar("DTSTART;TZID=Europe/Dublin:20260102T160000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"))
	f.Add(calendar("DTSTART;VALUE=DATE:20261225\nEXDATE:20261225"))
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := freeze.Read("fuzz.ics", text)
		if err != nil {
			return
		}
		if x, is := c.At(now); is && !x.Until.After(now) {
			t.Errorf("frozen until %s, which is over", x.Until)
		}
	})
}
