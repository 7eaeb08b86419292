package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/cli"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// handoffs puts the handoff of the shift that is under way into a database, as serve writes it, with pia as the one who is asked: handoffs data/jobzero.db.
func handoffs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: handoffs DATABASE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	set, err := oncall.Sample()
	ts.Check(err)
	p, err := set.Plan("", oncall.Facts{})
	ts.Check(err)
	now := p.At(time.Now())
	h := handoff.Write(handoff.Planned{
		Shift: oncall.Shift{Rota: now.Rota, Site: "Dublin", Start: now.Primary.Since, End: now.Primary.Until},
		From:  oncall.Holder{Person: "omar", Since: now.Primary.Since.Add(-6 * time.Hour)}, To: "pia", Other: "tess",
	}, handoff.Document{
		Written: now.Primary.Since.Add(-handoff.Before), Unread: []string{"pages: nothing tells of them here yet"},
		Parts: []handoff.Part{handoff.NewPart(handoff.Tickets, []handoff.Item{{ID: "01A", Title: "A bucket is public", Level: "high", State: "open"}}, false)},
	})
	ts.Check(st.Update(ctx, func(tx *store.Tx) error { return tx.SaveHandoff(ctx, h) }))
}

// changeID sets CHANGE to the name of the change that a command has shown as JSON: changeid stdout.
func changeID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: changeid FILE")
	}
	m := regexp.MustCompile(`"id":"([0-9A-Z]+)"`).FindStringSubmatch(ts.ReadFile(args[0]))
	if m == nil {
		ts.Fatalf("%s shows no change", args[0])
	}
	ts.Setenv("CHANGE", m[1])
}

// TestTheRotaOfTheHowToHolds proves the rota that docs/how-to/on-call.md shows, with calendars beside it.
func TestTheRotaOfTheHowToHolds(t *testing.T) {
	page, err := os.ReadFile("../../docs/how-to/on-call.md")
	if err != nil {
		t.Fatal(err)
	}
	rota := regexp.MustCompile("(?s)   ```yaml\n(   rotas:.*?)```").FindSubmatch(page)
	if rota == nil {
		t.Fatal("the page shows no rota")
	}
	calendar := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" +
		"DTSTART;VALUE=DATE:20270215\r\nDTEND;VALUE=DATE:20270218\r\nSUMMARY:Away\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	people := []string{}
	for _, name := range strings.Fields("ana bo cleo dev eli fay gus hana ivo kim leo mia nora pia quinn rosa sam") {
		people = append(people, "{id: "+name+"}")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"rota.yaml": strings.ReplaceAll(string(rota[1]), "\n   ", "\n")[3:], "us.ics": calendar, "bo.ics": calendar,
		"org.yaml": "people: [" + strings.Join(people, ", ") + "]\nteams: [{name: security, lead: ana}]\n", "jobzero.yaml": "data_dir: data\norg: org.yaml\noncall: {rota: rota.yaml}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if code := cli.Main(t.Context(), []string{"oncall", "check", "--config", filepath.Join(dir, "jobzero.yaml"), "--from", "2026-11-23"}, &bytes.Buffer{}, &out, &out); code != 0 {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
	if n := strings.Count(out.String(), "Seattle"); n != 5 { // ana, bo, cleo, dev and, from January, eli
		t.Errorf("%d members of Seattle\n%s", n, out.String())
	}
}
