package freeze_test

import (
	"strings"
	"testing"

	"jobzero/internal/org/freeze"
)

// TestWhatIsBetween: every repetition that overlaps a time, whole days by the clock of the zone that is asked for.
func TestWhatIsBetween(t *testing.T) {
	text := calendar("SUMMARY:Christmas\nDTSTART;VALUE=DATE:20251225\nDTEND;VALUE=DATE:20251227\nRRULE:FREQ=YEARLY", "UID:two\nSUMMARY:Drill\nDTSTART:20261201T100000Z\nDURATION:PT2H")
	for _, tc := range []struct{ zone, from, until, want string }{
		{"UTC", "2026-12-01T00:00:00Z", "2027-12-31T00:00:00Z", "Drill 12-01T10 12-01T12, Christmas 12-25T00 12-27T00, Christmas 12-25T00 12-27T00"},
		{"Australia/Sydney", "2026-12-24T13:00:00Z", "2026-12-24T14:00:00Z", "Christmas 12-24T13 12-26T13"},
		{"Australia/Sydney", "2026-12-24T12:00:00Z", "2026-12-24T13:00:00Z", ""},
		{"UTC", "2026-12-01T11:59:59Z", "2026-12-01T13:00:00Z", "Drill 12-01T10 12-01T12"},
		{"UTC", "2026-12-01T12:00:00Z", "2026-12-01T13:00:00Z", ""},
	} {
		c, err := freeze.ReadIn(tc.zone, "x.ics", text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range c.Between(at(t, tc.from), at(t, tc.until)) {
			got = append(got, f.What+" "+f.From.UTC().Format("01-02T15")+" "+f.Until.UTC().Format("01-02T15"))
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s from %s to %s: %q, want %q", tc.zone, tc.from, tc.until, s, tc.want)
		}
	}
	if got := (*freeze.Calendar)(nil).Between(at(t, "2026-12-01T00:00:00Z"), at(t, "2027-12-01T00:00:00Z")); got != nil {
		t.Errorf("no calendar has %v", got)
	}
}
