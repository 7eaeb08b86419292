package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
)

func settings(t *testing.T) config.Config {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Listen = t.TempDir(), "127.0.0.1:0"
	return c
}

func quiet() app.Options { return app.Options{Log: slog.New(slog.DiscardHandler)} }

func TestAHouseStartsAnswersAndEndsWithoutLeavingAnythingBehind(t *testing.T) {
	c := settings(t)
	h, err := app.New(t.Context(), c, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		res, err := client.Get("http://" + h.Address().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", path, res.Status)
		}
	}
	if _, err := app.New(t.Context(), c, quiet()); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second house in the same folder: want a conflict that says so, got %v", err)
	}
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	again, err := app.New(t.Context(), c, quiet())
	if err != nil {
		t.Fatalf("the folder is not free after the end: %v", err)
	}
	if err := again.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWhatFailsHalfwayIsEnded(t *testing.T) {
	c := settings(t)
	c.AWS.Region = "nowhere"
	if _, err := app.New(t.Context(), c, quiet()); err == nil {
		t.Error("a region that is none was accepted")
	}
	c = settings(t)
	c.Org = filepath.Join(t.TempDir(), "org.yaml")
	if _, err := app.New(t.Context(), c, quiet()); err == nil || !strings.Contains(err.Error(), "org:") {
		t.Errorf("an organisation that is not there: %v", err)
	}
}

func TestTheRoadLeadsFromTheWorldToTheWorld(t *testing.T) {
	legs := (&app.House{}).Road()
	gives := map[string]bool{"accounts": true}
	gives["rules"] = true // people write them, and a reload brings them
	touched := false
	for _, l := range legs {
		touched = touched || l.To == "touched"
		if l.From != "" && !gives[l.From] && l.From != "touched" {
			t.Errorf("leg %s takes %s, which no leg above it gives", l.Name, l.From)
		}
		for to := range strings.SplitSeq(l.To, ", ") {
			gives[to] = true
		}
	}
	if !touched || legs[0].From != "" || legs[len(legs)-1].To != "" {
		t.Errorf("the road does not begin and end in the world: %+v", legs)
	}
}

func TestUsersContentIsAddedAndReplacesByID(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mine.yml", "id: close-open-admin-port\ntitle: Mine\nwhy: Because.\nwhen: {expectations: [x]}\nsteps: [{id: a, action: b}]\n")
	write("broken.yml", "id: [")
	c := settings(t)
	plain, bad, err := app.Learn(c)
	if err != nil || len(bad) > 0 {
		t.Fatalf("the embedded content does not load: %v %v", bad, err)
	}
	c.Content.Playbooks = []string{dir}
	k, bad, err := app.Learn(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(bad) != 4 {
		t.Errorf("want one broken, one replaced, and two names that are not there, got %v", bad)
	}
	if len(k.Playbooks) != len(plain.Playbooks) {
		t.Errorf("%d playbooks, want %d", len(k.Playbooks), len(plain.Playbooks))
	}
	for _, d := range k.Playbooks {
		if d.ID == "close-open-admin-port" && d.Title != "Mine" {
			t.Error("the user's playbook does not replace the embedded one")
		}
	}
}

// A playbook that names what does not exist would be a ticket that nobody settles.
func TestPlaybooksThatNameWhatIsNotThereAreTold(t *testing.T) {
	k, bad, err := app.Learn(settings(t))
	if err != nil || len(bad) > 0 {
		t.Fatalf("the embedded content: %v %v", bad, err)
	}
	k.Playbooks[0].Steps[0].Action = "s3.publish"
	k.Playbooks[1].When.Expectations = []string{"nothing-like-it"}
	k.Playbooks[2].When.Rules, k.Playbooks[2].Settled = []string{"no-rule"}, "resource.nonsense("
	bad = k.Check(app.Actions())
	text := fmt.Sprint(bad)
	for _, want := range []string{`action "s3.publish"`, `expectation "nothing-like-it"`, `rule "no-rule"`, "Syntax error"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told: %s", want, text)
		}
	}
}
