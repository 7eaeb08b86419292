package notify_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

func TestTheExampleIsTaken(t *testing.T) {
	p, err := notify.ParsePreferences("people.yaml", []byte(notify.ExamplePreferences()))
	if err != nil {
		t.Fatal(err)
	}
	if id, ok := p.BySlack("u0123abcd"); !ok || id != "kim" {
		t.Errorf("%q, %v", id, ok)
	}
}

func TestWhatIsWrongWithPreferences(t *testing.T) {
	for text, want := range map[string]string{
		"- {slack: U012345}":                                                   "people.yaml:1:4: person is missing",
		"- {person: kim, slack: kim}":                                          `people.yaml:1:24: slack "kim": want a member ID`,
		"- {person: kim, phone: \"030\"}":                                      "people.yaml:1:24: phone: want it with +",
		"- {person: kim, least: {sms: bad}}":                                   `sms: severity "bad"`,
		"- {person: kim, channels: [a, a]}":                                    "channel a is there twice",
		"- {person: kim}\n- {person: kim}":                                     "people.yaml:2:4: person kim is there twice",
		"- {person: kim, pager: x}":                                            "pager",
		"- {person: kim, quiet: {from: \"7\"}}":                                "zone is missing",
		"- {person: kim, quiet: {from: \"7\", to: \"08:00\", zone: UTC}}":      `from "7": want hours and minutes`,
		"- {person: kim, quiet: {from: \"07:00\", to: \"07:00\", zone: UTC}}":  "from and to are both",
		"- {person: kim, quiet: {from: \"07:00\", to: \"08:00\", zone: Mars}}": `zone "Mars"`,
	} {
		_, err := notify.ParsePreferences("people.yaml", []byte(text))
		if !fault.Is(err, fault.Invalid) && err == nil || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestPeopleAndChannelsThereAreNot(t *testing.T) {
	p, err := notify.ParsePreferences("people.yaml", []byte("- {person: nobody}\n- {person: kim, channels: [pigeon]}\n- {person: lee, least: {dove: high}}"))
	if err != nil {
		t.Fatal(err)
	}
	err = p.Check(people(t), []string{"email"})
	for _, want := range []string{`nobody is called "nobody"`, `there is no channel "pigeon"`, `there is no channel "dove"`, "there are email"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

// TestQuietHours are by the clock on the wall: over midnight, and on days of 23 and 25 hours.
func TestQuietHours(t *testing.T) {
	for name, c := range map[string]struct{ from, to, zone, now, want string }{
		"before":               {"22:00", "07:00", "Europe/Berlin", "2026-11-23T20:59:00Z", ""},
		"evening":              {"22:00", "07:00", "Europe/Berlin", "2026-11-23T21:00:00Z", "2026-11-24T06:00:00Z"},
		"after midnight":       {"22:00", "07:00", "Europe/Berlin", "2026-11-24T02:00:00Z", "2026-11-24T06:00:00Z"},
		"the end is free":      {"22:00", "07:00", "Europe/Berlin", "2026-11-24T06:00:00Z", ""},
		"by day":               {"12:00", "13:00", "Asia/Kathmandu", "2026-11-24T06:20:00Z", "2026-11-24T07:15:00Z"},
		"clocks go forward":    {"22:00", "07:00", "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"},
		"clocks go back":       {"22:00", "07:00", "Europe/Berlin", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z"},
		"half an hour, Lord H": {"01:00", "05:00", "Australia/Lord_Howe", "2026-04-04T16:00:00Z", "2026-04-04T18:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "- {person: kim, quiet: {from: \"" + c.from + "\", to: \"" + c.to + "\", zone: " + c.zone + "}}"
			p, err := notify.ParsePreferences("p", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339, c.now)
			if err != nil {
				t.Fatal(err)
			}
			w := notify.Ways{Preferences: p}
			until, held := w.Held(notice.To{Person: "kim"}, notice.Message{Kind: notice.Digest}, now)
			got := ""
			if held {
				got = until.Format(time.RFC3339)
			}
			if got != c.want {
				t.Errorf("until %q, want %q", got, c.want)
			}
			if _, held := w.Held(notice.To{Person: "kim"}, notice.Message{Kind: notice.Page}, now); held {
				t.Error("a page waits")
			}
		})
	}
}

func FuzzPreferences(f *testing.F) {
	f.Add(notify.ExamplePreferences())
	f.Fuzz(func(t *testing.T, text string) {
		p, err := notify.ParsePreferences("p", []byte(text))
		if err != nil {
			return
		}
		w := notify.Ways{Preferences: p}
		now := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)
		if until, held := w.Held(notice.To{Person: "kim"}, notice.Message{Kind: notice.Digest}, now); held && !until.After(now) {
			t.Errorf("it waits until %s, which was before", until)
		}
	})
}
