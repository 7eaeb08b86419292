package escalate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/oncall/escalate"
)

// TestMornings: in any zone and across its changes, a morning comes within a day and a bit, is not in the quiet hours, and everything
// before it is.
func TestMornings(t *testing.T) {
	zones := []string{"UTC", "Europe/Dublin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca", "America/St_Johns"}
	rapid.Check(t, func(r *rapid.T) {
		at, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		q := escalate.Quiet{From: escalate.Hour(rapid.IntRange(0, 1439).Draw(r, "from")), Zone: "UTC"}
		q.Until = escalate.Hour((int(q.From) + rapid.IntRange(1, 1439).Draw(r, "length")) % 1440)
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 10*365*24*3600).Draw(r, "now")) * time.Second)
		m := q.Morning(now, at)
		if m.IsZero() {
			return
		}
		if !m.After(now) || m.Sub(now) > 26*time.Hour {
			r.Fatalf("%s-%s in %s at %s: the morning is %s", q.From, q.Until, at, now, m)
		}
		if again := q.Morning(m, at); !again.IsZero() {
			r.Fatalf("%s-%s in %s: it is quiet in the morning, %s", q.From, q.Until, at, m)
		}
	})
}

func TestMorningOfWhomItIsFor(t *testing.T) {
	q := escalate.Quiet{From: 22 * 60, Until: 7 * 60, Zone: "Australia/Sydney"}
	dublin, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)
	if got, want := q.Morning(now, dublin), time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("in Dublin: %s, want %s", got, want)
	}
	if got := q.Morning(now, nil); !got.IsZero() { // half past ten in the morning in Sydney
		t.Errorf("where the zone is not known: %s", got)
	}
}
