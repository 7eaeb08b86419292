package postincident_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/postincident"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func incident() (ticket.Ticket, []ticket.Entry) {
	t := ticket.Ticket{
		ID: "01A", Title: "Bucket | is public", Severity: finding.High, State: ticket.Closed, Owner: ticket.Owner{Team: "shop", Person: "mia"},
		Clocks: ticket.Clocks{
			Occurred: noon, Detected: noon.Add(time.Minute), Opened: noon.Add(time.Minute), Contained: noon.Add(3 * time.Minute),
			Verified: noon.Add(2 * time.Minute), Closed: noon.Add(time.Hour), // proved before contained: somebody else was faster
		},
	}
	return t, []ticket.Entry{
		{Seq: 1, At: noon.Add(time.Minute), Actor: "jobzero/triage", Kind: "opened", Text: "Bucket is public <b>."},
		{Seq: 2, At: noon.Add(2 * time.Minute), Actor: "person/kim", Kind: "order", Text: "Asked by Kim kim, not by kimberly: look"},
		{Seq: 3, At: noon.Add(time.Hour), Actor: "person/alex", Kind: "closed", Text: "Closed by alex for kim"},
	}
}

func known() postincident.Known {
	return postincident.Known{
		Owner: func(w string) bool { return w == "shop" || w == "kim" }, People: []string{"kim", "Kim Example", "alex", ""}, Entries: 3, Now: noon,
	}
}

func TestTheAccountHasNoNames(t *testing.T) {
	tk, entries := incident()
	a := postincident.Tell(tk, entries)
	want := []postincident.Moment{
		{1, noon.Add(time.Minute), "jobzero", "opened", "Bucket is public <b>."},
		{2, noon.Add(2 * time.Minute), "person 1", "order", "Asked by person 1 person 1, not by kimberly: look"},
		{3, noon.Add(time.Hour), "person 2", "closed", "Closed by person 2 for person 1"},
	}
	if d := cmp.Diff(want, a.Moments); d != "" || a.People != 2 || a.Owner.Person != "" {
		t.Errorf("%d people, owner %v\n%s", a.People, a.Owner, d)
	}
	spans := []postincident.Span{
		{"from the first event to its being noticed", time.Minute},
		{"from being noticed to being contained", 2 * time.Minute},
		{"from the opening of the ticket to its closing", time.Hour - time.Minute},
	}
	if d := cmp.Diff(spans, a.Spans); d != "" {
		t.Error(d)
	}
	var out bytes.Buffer
	if err := (postincident.Review{Account: a}).Markdown(&out); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"kim,", "alex", "mia", "<b>", "Bucket | is"} {
		if strings.Contains(out.String(), s) {
			t.Errorf("%q is in it:\n%s", s, out.String())
		}
	}
	if !strings.Contains(out.String(), "Nobody has written the lessons yet.") {
		t.Error(out.String())
	}
}

func TestTheTemplateIsALessonThatHolds(t *testing.T) {
	l, err := postincident.Read("lessons.yaml", []byte(postincident.Template("01A")), known())
	if err != nil || l.Ticket != "01A" || len(l.Factors) != 2 || l.Actions[0].Severity != finding.Medium {
		t.Errorf("%+v %v", l, err)
	}
	tk, entries := incident()
	var out bytes.Buffer
	if err := (postincident.Review{Account: postincident.Tell(tk, entries), Lessons: &l}).Markdown(&out); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"(entries 1)", "| Give the role a policy with the one bucket that it needs. | shop | 2027-01-31 |", "What helped"} {
		if !strings.Contains(out.String(), s) {
			t.Errorf("%q is not in it:\n%s", s, out.String())
		}
	}
}

func TestWhatALessonMayNotSay(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"blame":           {"What happened, and", "It was human error, and", `"human error": say what made the wrong step easy`},
		"hindsight":       {"What happened, and", "Somebody should have known, and", "say what was known at the time"},
		"a name":          {"The role could", "Kim could", "a review names no person"},
		"a whole name":    {"What helped", "What Kim Example did", "a review names no person"},
		"one cause":       {"  - what: The alarm for such changes had been switched off for a migration, and nothing switched it on again.\n", "", "factors has 1 of at least 2"},
		"no such entry":   {"[1]", "[4]", "the timeline has no entry 4: it has 3"},
		"no such owner":   {"owner: shop", "owner: shpo", `no team and no person is called "shpo"`},
		"a day that was":  {"2027-01-31", "2026-11-22", "2026-11-22 is over"},
		"no day":          {"2027-01-31", "soon", `"soon" is no day`},
		"no such severe":  {"severity: medium", "severity: bad", `severity "bad"`},
		"a key":           {"summary:", "summry:", "summry"},
		"no action":       {"actions:", "actions: []\nwent_badly:", "went_badly"},
		"another ticket?": {"ticket: 01A", "ticket: \"\"", "ticket is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			text := postincident.Template("01A")
			if !strings.Contains(text, c.from) {
				t.Fatalf("the template has no %q", c.from)
			}
			_, err := postincident.Read("lessons.yaml", []byte(strings.Replace(text, c.from, c.to, 1)), known())
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "lessons.yaml:") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A name at owner is no blame, and neither is what only looks like it.
func TestWhatALessonMaySay(t *testing.T) {
	text := strings.NewReplacer("owner: shop", "owner: kim", "What happened", "A retry failed after the alexandria job should have been done").Replace(postincident.Template("01A"))
	text = strings.Replace(text, "should have been done", "was due", 1)
	if _, err := postincident.Read("lessons.yaml", []byte(text), known()); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(postincident.Template("01A")))
	f.Add([]byte("ticket: a\nactions: [{what: a, owner: b, due: c}]\n"))
	f.Add([]byte("factors: {}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := postincident.Read("lessons.yaml", text, known())
		if err == nil && (len(l.Factors) < 2 || len(l.Actions) == 0) {
			t.Errorf("%+v", l)
		}
	})
}
