package playbook_test

import (
	"encoding/json"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

// Nobody to tell is no reason to leave open what is to be closed.
func TestThatNobodyCouldBeToldHoldsUpNothing(t *testing.T) {
	h := play(t, head+`steps:
  - {id: tell, notify: {to: nobody, say: hello}}
  - {id: cut, action: cut}
`)
	h.unheard = map[string]string{"notify.send": `nobody is called "nobody"`}
	h.report("r")
	h.run(time.Second)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut", "tell failed, cut done")
	if !h.said(`nobody is called "nobody"`) {
		t.Error("the timeline does not say why")
	}
}

// What was said contains nothing, and said three times it is no tug of war.
func TestATellingIsNoRepair(t *testing.T) {
	h := play(t, head+`steps:
  - {id: tell, notify: {to: owner, say: "about {{ finding.title }}"}}
  - {id: wait, wait: {for: 1m}}
  - {id: cut, action: cut}
`)
	var about effect.About
	h.seen = func(to effect.Target) {
		if text := to.Known[effect.AboutParam]; text != "" {
			if err := json.Unmarshal([]byte(text), &about); err != nil {
				t.Error(err)
			}
		}
	}
	for i := range 4 {
		h.settled, h.now = false, h.now.Add(time.Minute)
		h.report("r")
		h.run(time.Second)
		if tk := h.ticket(); i == 0 && !tk.Clocks.Contained.IsZero() {
			t.Errorf("contained by a message at %s", tk.Clocks.Contained)
		}
		delete(h.done, "cut "+bucket.ID)
		h.run(2 * time.Minute)
		h.settled = true
		h.run(time.Hour)
	}
	if tk := h.ticket(); string(tk.ID) != about.Ticket || about.Playbook != "drill" || about.Step != "cut" || about.Title != "Bucket is public" || about.Account != bucket.Account {
		t.Errorf("ticket %s, about %+v", tk.ID, about)
	}
	for _, e := range h.effects() {
		if e.Step == "tell" && (e.Plan.Target.Effect != e.Key || e.Plan.Undo != effect.Exact && e.Plan.Undo != effect.None) {
			t.Errorf("%+v", e.Plan)
		}
	}
	if n := len(h.did); n != 8 {
		t.Errorf("did %v", h.did)
	}
}

const runbook = head + `on_failure: stop
steps:
  - {id: book, document: {name: Example, params: {Bucket: resource.id}}}
  - {id: cut, action: cut}
`

func TestADocumentIsFollowedToItsEnd(t *testing.T) {
	h := play(t, runbook)
	h.going = map[string]effect.Check{"ssm.run-automation": {Going: true, Text: "it is under way"}}
	h.report("r")
	h.run(time.Hour - time.Minute)
	h.wants(playbook.Running, "ssm.run-automation", "book going, cut waiting")
	h.going["ssm.run-automation"] = effect.Check{Unknown: true, Text: "AWS does not answer"}
	h.run(10 * time.Minute)
	h.wants(playbook.Running, "ssm.run-automation", "book going, cut waiting")
	h.going["ssm.run-automation"] = effect.Check{Holds: true, Text: "it is over", Output: json.RawMessage(`{"status":"Success"}`)}
	h.run(time.Minute)
	h.wants(playbook.Verifying, "ssm.run-automation, cut", "book done, cut done")
	if out := string(h.lastRun().Steps[0].Output); out != `{"status":"Success"}` {
		t.Errorf("the step gave %s", out)
	}
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "ssm.run-automation, cut", "")
}

func TestADocumentThatFails(t *testing.T) {
	h := play(t, runbook)
	h.going = map[string]effect.Check{"ssm.run-automation": {Going: true, Text: "it is under way"}}
	h.report("r")
	h.run(time.Minute)
	h.going["ssm.run-automation"] = effect.Check{Text: "execution e-1 is Failed: no such machine"}
	h.run(time.Minute)
	h.wants(playbook.GaveUp, "ssm.run-automation", "book failed, cut waiting")
	if tk := h.ticket(); tk.State != ticket.Human || !h.said("no such machine") {
		t.Errorf("%+v", tk)
	}
	slow := play(t, runbook)
	slow.going = map[string]effect.Check{"ssm.run-automation": {Going: true, Text: "it is under way"}}
	slow.report("r")
	for range 30 {
		slow.run(time.Hour - time.Minute)
	}
	slow.wants(playbook.GaveUp, "ssm.run-automation", "book failed, cut waiting")
}

// A step that did not work and is tried again is another occasion: whoever refused the first would take the second for a repetition.
func TestAnotherTryIsAnotherOccasion(t *testing.T) {
	h := play(t, head+`steps:
  - {id: tell, webhook: {name: chat, body: {text: finding.title}}, retry: {times: 1, pause: 1m}}
  - {id: cut, action: cut}
`)
	h.fails["webhook.post"] = 1
	h.report("r")
	h.run(10 * time.Minute)
	if out := string(h.lastRun().Steps[0].Output); out != `{"id":"run-2/tell#2"}` {
		t.Errorf("the step gave %s", out)
	}
}
