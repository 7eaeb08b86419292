package api

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// onDuty is a town with a rota of the shop's people: four sites, so that nobody is up at night.
func onDuty(t *testing.T) *town {
	t.Helper()
	return settleWith(t, func(c *config.Config) {
		all := people
		text := strings.Replace(string(oncall.SampleText()), "  - name: security\n", "  - name: security\n    team: shop\n", 1)
		for line := range strings.SplitSeq(text, "\n") {
			_, list, ok := strings.Cut(line, "members: [")
			if !ok {
				continue
			}
			for name := range strings.SplitSeq(strings.TrimRight(list, "]}"), ", ") {
				all = strings.Replace(all, "teams:", "  - {id: "+name+", name: Somebody}\nteams:", 1)
			}
		}
		c.OnCall.Rota = filepath.Join(c.DataDir, "rota.yaml")
		for file, text := range map[string]string{c.OnCall.Rota: text, c.Org: all} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestAPageIsAnsweredOverTheAPI: by whom it has asked, whatever the role, as it was read, and once.
func TestAPageIsAnsweredOverTheAPI(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/pages/01PAGE-shop"
	if got := w.ask("vic", "POST", at+"/ack", `{}`); got.status != http.StatusForbidden {
		t.Errorf("not asked: %d %s", got.status, got.body)
	}
	w.do(func(tx *store.Tx) error {
		_, err := tx.AddCall(t.Context(), escalate.Call{Page: "01PAGE-shop", Chain: escalate.ToAnswer, Person: "vic", Seat: "primary", At: time.Now(), State: escalate.Queued})
		return err
	})
	tag := w.ask("vic", "GET", at, "").header.Get("ETag")
	got := w.ask("vic", "POST", at+"/ack", `{"reason":"I look"}`, "If-Match", tag, "Idempotency-Key", "a")
	if got.status != http.StatusOK || !strings.Contains(string(got.body), `"by":"vic"`) || !strings.Contains(string(got.body), `"snooze":"`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if again := w.ask("vic", "POST", at+"/ack", `{"reason":"I look"}`, "If-Match", tag, "Idempotency-Key", "a"); string(again.body) != string(got.body) || again.status != got.status {
		t.Errorf("again under its key: %d %s", again.status, again.body)
	}
	if got := w.ask("rex", "POST", at+"/snooze", `{"for":"1m"}`, "If-Match", tag); got.status != http.StatusPreconditionFailed {
		t.Errorf("as it was read before: %d %s", got.status, got.body)
	}
	if got := w.ask("vic", "POST", at+"/snooze", `{"for":"90h"}`); got.status != http.StatusForbidden || !strings.Contains(string(got.body), "can be snoozed until") {
		t.Errorf("for too long: %d %s", got.status, got.body)
	}
	if got := w.ask("ada", "POST", at+"/escalate", `{"reason":"above vic"}`); got.status != http.StatusOK || !strings.Contains(string(got.body), `"state":"asking"`) {
		t.Errorf("anybody may escalate: %d %s", got.status, got.body)
	}
	var shown struct {
		Calls []escalate.Call `json:"calls"`
		Of    []string        `json:"ticket_list"`
	}
	w.ask("rex", "GET", at, "").into(t, &shown)
	if len(shown.Calls) != 1 || shown.Calls[0].State != escalate.Answered || len(shown.Of) != 1 {
		t.Errorf("%+v", shown)
	}
}

// TestARotaIsChangedOverTheAPI: the same verbs as the command line; what would leave a seat empty is refused with the gap, and a change is taken back.
func TestARotaIsChangedOverTheAPI(t *testing.T) {
	w := onDuty(t)
	const at = "/api/v1/oncall/"
	day := time.Now().UTC().AddDate(0, 0, 30).Format(time.DateOnly)
	seat := `{"reason":"a swap","person":"rosa","from":"` + day + `T09:00:00Z","until":"` + day + `T10:00:00Z","accept":["rest"]}`
	if got := w.ask("olga", "POST", at+"override", strings.Replace(seat, "rosa", "zoe", 1)); got.status != http.StatusConflict || !strings.Contains(string(got.body), "stranger: rota security: "+day+"T09:00Z to "+day+"T10:00Z") {
		t.Errorf("a stranger: %d %s", got.status, got.body)
	}
	if got := w.ask("vic", "POST", at+"override", seat); got.status != http.StatusForbidden {
		t.Errorf("a viewer: %d %s", got.status, got.body)
	}
	if got := w.ask("olga", "POST", at+"override", strings.Replace(strings.Replace(seat, "rosa", "ana", 1), `"rest"`, `"rest","leave"`, 1)); got.status != http.StatusConflict || !strings.Contains(string(got.body), "night: ") {
		t.Errorf("at night: %d %s", got.status, got.body)
	}
	soon, who := "/api/v1/oncall?at="+time.Now().UTC().Add(time.Minute).Format(time.RFC3339), "ana"
	var before, duty oncall.Duty
	w.ask("vic", "GET", soon, "").into(t, &before)
	w.ask("vic", "GET", "/api/v1/oncall", "").into(t, &duty)
	if duty.Primary.Person == who {
		who = "bo"
	}
	take := `{"reason":"now","person":"` + who + `"}`
	got := w.ask("olga", "POST", at+"take", take, "Idempotency-Key", "t")
	if got.status != http.StatusOK {
		t.Fatalf("take: %d %s", got.status, got.body)
	}
	var c oncall.Change
	got.into(t, &c)
	if again := w.ask("olga", "POST", at+"take", take, "Idempotency-Key", "t"); string(again.body) != string(got.body) {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	w.ask("vic", "GET", "/api/v1/oncall", "").into(t, &duty)
	if duty.Primary.Person != who || c.By != "olga" {
		t.Errorf("%+v, %+v", duty, c)
	}
	tag := w.ask("vic", "GET", at+"changes/"+c.ID, "").header.Get("ETag")
	if got := w.ask("olga", "POST", at+"changes/"+c.ID+"/withdraw", `{"reason":"ana has gone"}`, "If-Match", `"other"`); got.status != http.StatusPreconditionFailed {
		t.Errorf("not as it was read: %d %s", got.status, got.body)
	}
	if got := w.ask("olga", "POST", at+"changes/"+c.ID+"/withdraw", `{"reason":"ana has gone"}`, "If-Match", tag); got.status != http.StatusOK {
		t.Errorf("withdraw: %d %s", got.status, got.body)
	}
	w.ask("vic", "GET", soon, "").into(t, &duty)
	if duty.Primary.Person != before.Primary.Person || duty.Secondary.Person != before.Secondary.Person {
		t.Errorf("taken back, it is not as before: %+v, %+v", duty, before)
	}
	if got := w.ask("olga", "POST", at+"changes/"+c.ID+"/withdraw", `{"reason":"again"}`); got.status != http.StatusConflict {
		t.Errorf("withdrawn twice: %d %s", got.status, got.body)
	}
	if got := w.ask("olga", "POST", at+"leave", `{"reason":"a day off","person":"rosa","first":"`+day+`","last":"`+day+`"}`); got.status != http.StatusOK || !strings.Contains(string(got.body), `"kind":"leave"`) {
		t.Errorf("leave: %d %s", got.status, got.body)
	}
	var list struct {
		Changes []oncall.Change `json:"changes"`
	}
	w.ask("vic", "GET", at+"changes", "").into(t, &list)
	if len(list.Changes) != 3 {
		t.Errorf("%d changes", len(list.Changes))
	}
}

// TestAHandoffIsAnsweredOverTheAPI: notes are of whom it concerns, and acceptance of whom it asks, as it was read.
func TestAHandoffIsAnsweredOverTheAPI(t *testing.T) {
	w := onDuty(t)
	now := time.Now().UTC()
	h := handoff.Write(handoff.Planned{Shift: oncall.Shift{Rota: "security", Site: "Dublin", Start: now.Add(-time.Minute), End: now.Add(time.Hour)}, From: oncall.Holder{Person: "ada"}, To: "vic"}, handoff.Document{Written: now})
	h.Asked = []handoff.Asked{{Person: "vic", As: handoff.AsNext, At: now}}
	w.do(func(tx *store.Tx) error { return tx.SaveHandoff(t.Context(), h) })
	at := "/api/v1/oncall/handoffs/" + string(h.ID)
	tag := w.ask("vic", "GET", at, "").header.Get("ETag")
	if got := w.ask("rita", "POST", at+"/note", `{"text":"x"}`); got.status != http.StatusForbidden {
		t.Errorf("whom it does not concern: %d %s", got.status, got.body)
	}
	if got := w.ask("ada", "POST", at+"/note", `{"text":"the vendor\ncalls at ten"}`); got.status != http.StatusOK {
		t.Errorf("the outgoing one: %d %s", got.status, got.body)
	}
	if got := w.ask("vic", "POST", at+"/accept", "", "If-Match", tag); got.status != http.StatusPreconditionFailed {
		t.Errorf("as it was before the note: %d %s", got.status, got.body)
	}
	if got := w.ask("rex", "POST", at+"/accept", ""); got.status != http.StatusForbidden {
		t.Errorf("who is not asked: %d %s", got.status, got.body)
	}
	tag = w.ask("vic", "GET", at, "").header.Get("ETag")
	if got := w.ask("vic", "POST", at+"/accept", "", "If-Match", tag); got.status != http.StatusOK || !strings.Contains(string(got.body), `"accepted_via":"API"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}
