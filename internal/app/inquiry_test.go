package app

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// TestWhatIsGathered: what the house knows is told with its numbers, and what nobody knows is said to be so.
func TestWhatIsGathered(t *testing.T) {
	h, _ := folder(t, t.TempDir())
	events := twoDays(t, rand.New(rand.NewPCG(1, 2)))
	if err := h.detect(t.Context(), "q", events); err != nil {
		t.Fatal(err)
	}
	folds(t, h)
	const anna = "arn:aws:iam::111122223333:user/anna"
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders"}
	about := func(by string) finding.Finding {
		return finding.Finding{
			Fingerprint: finding.Print(finding.Rule, by, ref.Key(), by), Kind: finding.Rule, By: by, Title: by, Severity: finding.High, Account: ref.Account,
			Resource: &ref, Principal: anna, Occurred: monday.Add(47 * time.Hour), Detected: monday.Add(47 * time.Hour), Sighting: "1",
			Evidence: []finding.Evidence{{Kind: "lineage", Text: "anna, by her key", Data: json.RawMessage(`{"root":"anna"}`)}},
		}
	}
	other := about("other")
	other.Resource, other.About = &resource.Ref{Type: resource.Bucket, Account: ref.Account, ID: "letters"}, nil
	if err := h.triager.Report(t.Context(), []finding.Finding{about("one"), other}, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []finding.Finding{about("one"), other} {
		if _, err := h.triager.Triage(t.Context(), string(f.Fingerprint)); err != nil {
			t.Fatal(err)
		}
	}
	var f finding.Finding
	if err := h.store.View(t.Context(), func(tx storeTx) (err error) {
		f, _, err = tx.Finding(t.Context(), about("one").Fingerprint)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	mine := 0
	for _, e := range events {
		if e.Actor.ARN == anna && !e.Time.Before(f.Occurred.Add(-24*time.Hour)) {
			mine++
		}
	}
	for what, want := range map[string]string{
		"who": "anna, by her key", "related": "no other open ticket within a day", "history": "nothing before",
		"waivers": "nobody has waived it", "first-seen": " are new since a day before", "activity": " refused: s3:",
	} {
		g, err := h.gather(t.Context(), what, f)
		if err != nil || !strings.Contains(g.Text, want) || !json.Valid(g.Data) {
			t.Errorf("%s: %q, %s, %v; want %q", what, g.Text, g.Data, err, want)
		}
		var data struct{ Calls, New int }
		if err := json.Unmarshal(g.Data, &data); err != nil {
			t.Fatal(err)
		}
		if what == "activity" && (data.Calls < mine || data.Calls > 2*mine) || what == "first-seen" && data.New < 5 {
			t.Errorf("%s: %+v, of %d", what, data, mine)
		}
	}
	for _, what := range []string{"owner", "exposure", "reach"} { // of an organisation that nobody has described or read
		if g, err := h.gather(t.Context(), what, f); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %+v, %v", what, g, err)
		}
	}
	for _, what := range book.Gatherers {
		if _, err := h.gather(t.Context(), what, finding.Finding{}); what != "waivers" && what != "related" && err == nil {
			t.Errorf("%s of nothing is known", what)
		}
	}
	if !slices.Contains(book.Gatherers, "who") {
		t.Error("nobody gathers who")
	}
}
