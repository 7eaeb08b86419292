package playbook_test

import (
	"encoding/json"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

const head = `id: drill
title: A drill
why: To see it work.
when: {rules: [r], hand: true}
settled: "true"
`

func TestADecisionTakesOneBranch(t *testing.T) {
	h := play(t, head+`steps:
  - id: fork
    decide:
      - {if: resource.properties.Kind == "small", steps: [{id: small, action: cut}]}
      - {if: resource.properties.Kind == "big", steps: [{id: big, action: isolate}, {id: more, action: snapshot, if: steps.fork.state == "inside" && steps.big.state == "done"}]}
      - {steps: [{id: other, action: tell}]}
  - {id: after, action: sweep}
`)
	h.resource["Kind"] = "big"
	h.report("r")
	h.run(time.Second)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "isolate, snapshot, sweep", "fork done, small waiting, big done, more done, other waiting, after done")
	if tk := h.ticket(); tk.State != ticket.Closed {
		t.Errorf("ticket is %s: %s", tk.State, tk.Reason)
	}
}

// What nobody knows is no reason to take any branch.
func TestADecisionOverWhatIsNotKnownFails(t *testing.T) {
	h := play(t, head+`on_failure: stop
steps:
  - id: fork
    decide:
      - {if: finding.arn == "x", steps: [{id: small, action: cut}]}
      - {steps: [{id: other, action: tell}]}
`)
	h.report("r")
	h.run(time.Hour)
	h.wants(playbook.GaveUp, "", "fork failed, small waiting, other waiting")
}

func TestBranchesGoOnAtTheSameTime(t *testing.T) {
	h := play(t, head+`steps:
  - id: both
    parallel:
      - steps: [{id: a, action: cut}, {id: b, action: sweep}]
      - steps: [{id: rest, wait: {for: 10m}}, {id: c, action: isolate}]
  - {id: last, action: tell}
`)
	h.report("r")
	h.run(time.Minute)
	h.wants(playbook.Running, "cut, sweep", "both inside, a done, b done, rest pausing, c waiting, last waiting")
	h.run(10 * time.Minute)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut, sweep, isolate, tell", "")
}

func TestWaitingForSomethingToHappen(t *testing.T) {
	text := head + `steps:
  - {id: reuse, wait: {until: "ticket.findings.exists(f, f.by == 'used-again')", for: 1h}}
  - {id: again, action: isolate, if: steps.reuse.output.came}
`
	h := play(t, text)
	h.report("r")
	h.run(30 * time.Minute)
	h.wants(playbook.Running, "", "reuse pausing, again waiting")
	h.report("used-again")
	h.run(2 * time.Minute)
	if h.did == nil || h.did[0] != "isolate" {
		t.Errorf("did %v", h.did)
	}
	quiet := play(t, text)
	quiet.report("r")
	quiet.run(59 * time.Minute)
	quiet.settled = true
	quiet.run(2 * time.Hour)
	quiet.wants(playbook.Settled, "", "reuse done, again skipped")
}

const asks = head + `steps:
  - {id: cut, action: cut, approve: {persons: 2, within: 1h}}
`

func yes(run, step, person string) playbook.Answer {
	return playbook.Answer{Run: run, Step: step, Yes: true, Order: playbook.Order{Person: person, Reason: "it is fine"}}
}

func (h *theatre) respond(a playbook.Answer) error {
	a.Run = h.lastRun().ID
	return playbook.Respond(h.t.Context(), h.in(), a, h.now)
}

func TestTwoPeopleHaveToAgreeToExactlyWhatIsPlanned(t *testing.T) {
	h := play(t, asks)
	h.report("r")
	h.run(time.Minute)
	h.wants(playbook.Running, "", "cut asking")
	if err := h.respond(yes("", "cut", "mallory")); !fault.Is(err, fault.Denied) {
		t.Errorf("whom it is about: %v", err)
	}
	if err := h.respond(yes("", "cut", "anna")); err != nil {
		t.Fatal(err)
	}
	if err := h.respond(yes("", "cut", "Anna")); !fault.Is(err, fault.Denied) {
		t.Errorf("twice: %v", err)
	}
	h.run(time.Minute)
	h.wants(playbook.Running, "", "cut asking")
	h.version["cut"] = "the world has changed"
	if err := h.respond(yes("", "cut", "bob")); err != nil {
		t.Fatal(err)
	}
	h.run(time.Minute)
	h.wants(playbook.Running, "", "cut asking")
	if r := h.lastRun(); len(r.Steps[0].Ask.Yes) != 0 || !h.said("the world has changed since it was asked") {
		t.Errorf("the old answers count: %+v", r.Steps[0].Ask)
	}
	for _, p := range []string{"anna", "bob"} {
		if err := h.respond(yes("", "cut", p)); err != nil {
			t.Fatal(err)
		}
	}
	h.run(time.Second)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut", "cut done")
}

func TestAnApprovalRunsOut(t *testing.T) {
	h := play(t, asks)
	h.report("r")
	h.run(time.Minute)
	h.now = h.now.Add(time.Hour)
	if err := h.respond(yes("", "cut", "anna")); !fault.Is(err, fault.Conflict) {
		t.Errorf("too late: %v", err)
	}
	h.run(time.Hour)
	h.wants(playbook.GaveUp, "", "cut failed")
	contains := play(t, asks+"contains: true\n")
	contains.report("r")
	contains.run(90 * time.Minute)
	contains.wants(playbook.Running, "", "cut asking")
	if !contains.said("one level up") {
		t.Error("nobody above was asked")
	}
	for _, p := range []string{"anna", "bob"} {
		if err := contains.respond(yes("", "cut", p)); err != nil {
			t.Fatal(err)
		}
	}
	contains.run(time.Minute)
	contains.wants(playbook.Verifying, "cut", "cut done")
}

func TestOneNoIsEnough(t *testing.T) {
	h := play(t, asks)
	h.report("r")
	h.run(time.Minute)
	if err := h.respond(playbook.Answer{Step: "cut", Order: playbook.Order{Person: "anna", Reason: "it is ours"}}); err != nil {
		t.Fatal(err)
	}
	h.run(time.Hour)
	h.wants(playbook.GaveUp, "", "cut failed")
	if tk := h.ticket(); tk.State != ticket.Human {
		t.Errorf("ticket is %s", tk.State)
	}
}

func TestWhoAsksDoesNotAgree(t *testing.T) {
	h := play(t, asks)
	h.find(finding.Finding{
		Fingerprint: finding.Print(finding.Asked, "drill", bucket.Key()), Kind: finding.Asked, By: book.AskedBy + "drill", Title: "Asked by anna", Asker: "anna",
		Severity: finding.Medium, Account: bucket.Account, Resource: &bucket, Occurred: h.now, Detected: h.now, Sighting: "1",
	})
	h.run(time.Minute)
	if err := h.respond(yes("", "cut", "anna")); !fault.Is(err, fault.Denied) {
		t.Errorf("who asked: %v", err)
	}
	for _, p := range []string{"bob", "carla"} {
		if err := h.respond(yes("", "cut", p)); err != nil {
			t.Fatal(err)
		}
	}
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut", "cut done")
}

func TestTriedAgainAfterAPause(t *testing.T) {
	h := play(t, head+`steps:
  - {id: cut, action: cut, retry: {times: 3, pause: 1m}}
`)
	h.fails["cut"] = 2
	h.report("r")
	h.run(59 * time.Second)
	h.wants(playbook.Running, "", "cut waiting")
	h.run(time.Minute)
	h.run(3 * time.Minute)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut", "cut done")
	if all := h.effects(); len(all) != 1 || all[0].Attempts != 3 {
		t.Errorf("effects: %+v", all)
	}
}

func TestAFailureTakesBackWhatWasDone(t *testing.T) {
	h := play(t, head+`on_failure: undo
steps:
  - {id: a, action: cut}
  - {id: b, action: snapshot}
  - {id: c, action: isolate}
  - {id: d, action: rotate}
`)
	h.fails["rotate"] = 1
	h.class["snapshot"] = effect.None
	h.report("r")
	h.run(time.Hour)
	h.wants(playbook.Undone, "cut, snapshot, isolate, undo isolate, undo cut", "")
	if tk := h.ticket(); tk.State != ticket.Human || !h.said("not step b: nothing brings back") {
		t.Errorf("ticket is %s: %s", tk.State, tk.Reason)
	}
}

func TestAnUndoThatDoesNotWorkStopsTheWayBack(t *testing.T) {
	h := play(t, head+`steps: [{id: a, action: cut}, {id: b, action: isolate}]
`)
	h.report("r")
	h.run(time.Second)
	h.settled = true
	h.run(time.Hour)
	h.fails["undo isolate"] = 1
	if _, err := playbook.RequestUndoRun(t.Context(), h.in(), h.lastRun().ID, playbook.Order{Person: "anna", Reason: "a mistake"}, h.now); err != nil {
		t.Fatal(err)
	}
	h.run(time.Minute)
	h.wants(playbook.GaveUp, "cut, isolate", "")
	if _, err := playbook.RequestUndoRun(t.Context(), h.in(), h.lastRun().ID, playbook.Order{Person: "anna", Reason: "again"}, h.now); err != nil {
		t.Fatal(err)
	}
	h.run(time.Minute)
	h.wants(playbook.Undone, "cut, isolate, undo isolate, undo cut", "")
}

func TestUndoingWhatAnAttackerWantsTakesTwo(t *testing.T) {
	h := play(t, head+`steps: [{id: a, action: cut}]
`)
	h.two["cut"] = true
	h.report("r")
	h.run(time.Second)
	h.settled = true
	h.run(time.Hour)
	undo := func(person string) (bool, error) {
		return playbook.RequestUndoRun(t.Context(), h.in(), h.lastRun().ID, playbook.Order{Person: person, Reason: "a mistake"}, h.now)
	}
	if another, err := undo("anna"); err != nil || !another {
		t.Errorf("first: %t, %v", another, err)
	}
	h.run(time.Minute)
	if _, err := undo("anna"); !fault.Is(err, fault.Denied) {
		t.Errorf("the same again: %v", err)
	}
	h.wants(playbook.Settled, "cut", "")
	if another, err := undo("bob"); err != nil || another {
		t.Errorf("second: %t, %v", another, err)
	}
	h.run(time.Minute)
	h.wants(playbook.Undone, "cut, undo cut", "")
}

func TestPausedCancelledAndByHand(t *testing.T) {
	h := play(t, head+`steps:
  - {id: call, manual: {do: Call the owner., within: 2h}}
  - {id: cut, action: cut}
  - {id: more, action: isolate}
`)
	o := playbook.Order{Person: "anna", Reason: "wait for the owner"}
	h.report("r")
	h.run(time.Minute)
	h.wants(playbook.Running, "", "call tasked, cut waiting, more waiting")
	if err := playbook.Finish(t.Context(), h.in(), playbook.Answer{Run: h.lastRun().ID, Step: "call", Yes: true, Order: o}, h.now); err != nil {
		t.Fatal(err)
	}
	if err := playbook.Pause(t.Context(), h.in(), h.lastRun().ID, o, h.now); err != nil {
		t.Fatal(err)
	}
	h.run(time.Hour)
	h.wants(playbook.Running, "", "call done, cut waiting, more waiting")
	if err := playbook.Resume(t.Context(), h.in(), h.lastRun().ID, o, h.now); err != nil {
		t.Fatal(err)
	}
	h.advance()
	if err := playbook.Pause(t.Context(), h.in(), h.lastRun().ID, o, h.now); err != nil {
		t.Fatal(err)
	}
	h.act() // what has begun and was not called yet is held
	h.wants(playbook.Running, "", "call done, cut doing, more waiting")
	if err := playbook.Cancel(t.Context(), h.in(), h.lastRun().ID, o, h.now); err != nil {
		t.Fatal(err)
	}
	h.run(time.Hour)
	h.wants(playbook.Cancelled, "", "call done, cut failed, more waiting")
	if tk := h.ticket(); tk.State != ticket.Human {
		t.Errorf("ticket is %s", tk.State)
	}
}

func TestGuards(t *testing.T) {
	for way, want := range map[string]struct {
		state playbook.RunState
		did   string
	}{"plan": {playbook.Planned, ""}, "person": {"", ""}, "wait": {playbook.Settled, "cut"}} {
		h := play(t, head+`guards: [{if: freeze == false, why: changes are frozen, else: `+way+`}]
steps: [{id: cut, action: cut}]
`)
		h.freeze = true
		h.report("r")
		h.run(time.Minute)
		if len(h.did) > 0 {
			t.Errorf("%s: did %v in a freeze", way, h.did)
		}
		h.freeze = false
		h.run(2 * time.Minute)
		h.settled = way == "wait"
		h.run(time.Hour)
		h.wants(want.state, want.did, "")
	}
}

func TestOtherTargetsAndWhatIsAlwaysDone(t *testing.T) {
	h := play(t, head+`steps:
  - {id: look, gather: [who]}
  - {id: key, action: cut}
  - id: user
    action: isolate
    on: {type: "AWS::IAM::User", id: steps.look.output.who.user, account: "'444455556666'"}
    with: {before: "string(now)"}
    always: true
  - {id: same, action: sweep}
`)
	h.gathered["who"] = playbook.Gathered{Text: "user mallory", Data: []byte(`{"user":"mallory"}`)}
	var last effect.Target
	h.seen = func(t effect.Target) {
		if len(t.Params) > 0 {
			last = t
		}
	}
	h.report("r")
	h.advance()
	h.act()
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut, isolate", "look done, key done, user done, same skipped")
	want := resource.Ref{Type: "AWS::IAM::User", Account: "444455556666", ID: "mallory"}
	if last.Ref != want || last.Params["before"] == "" {
		t.Errorf("planned for %+v", last)
	}
	if !h.said("who: user mallory") {
		t.Error("what was gathered is not on the timeline")
	}
}

func TestAPlaybookRunsAnotherAsItWasWhenItBegan(t *testing.T) {
	inner := "id: inner\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: [{id: a, action: cut}, {id: pause, wait: {for: 1m}}, {id: b, action: sweep}]\n"
	h := play(t, head+"steps: [{id: first, playbook: inner}, {id: last, action: tell}]\n", inner)
	h.report("r")
	h.run(time.Second)
	h.wants(playbook.Running, "cut", "first inside, first.a done, first.pause pausing, first.b waiting, last waiting")
	h.books = nil
	h.run(2 * time.Minute)
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "cut, sweep, tell", "first done, first.a done, first.pause done, first.b done, last done")
}

func TestPlanModeOnlySays(t *testing.T) {
	h := play(t, head+`steps:
  - {id: ask, approval: {}}
  - {id: rest, wait: {for: 10h}}
  - {id: call, manual: {do: Call the owner.}}
  - {id: cut, action: cut, approve: {}}
  - {id: say, notify: {to: owner, say: "about {{ finding.title }}"}}
`)
	h.config.Mode = playbook.PlanOnly
	h.report("r")
	h.run(time.Minute)
	h.wants(playbook.Planned, "", "ask planned, rest skipped, call planned, cut planned, say planned")
}

func TestAStepThatTakesTooLong(t *testing.T) {
	h := play(t, head+`steps:
  - {id: cut, action: cut, timeout: 1m}
  - {id: next, action: isolate}
`)
	h.report("r")
	h.advance()
	h.now = h.now.Add(2 * time.Minute) // nobody made the call
	h.run(time.Second)
	h.wants(playbook.Verifying, "isolate", "cut failed, next done")
	h.settled = true
	h.run(time.Hour)
	h.wants(playbook.Settled, "isolate", "cut failed, next done")
}

const watches = head + `on_failure: undo
steps:
  - {id: cut, action: cut}
  - id: watch
    wait: {for: 2h, unless: steps.watch.output.denied.calls > 0, gather: [denied]}
  - {id: after, action: sweep}
`

// A step that waits unless something comes about reads that anew each time: it fails with the first sign of it, and lets go when there was none.
func TestWaitingUnlessSomethingHappens(t *testing.T) {
	denied := func(n string) playbook.Gathered {
		return playbook.Gathered{Text: n + " calls", Data: json.RawMessage(`{"calls":` + n + `}`)}
	}
	h := play(t, watches)
	h.gathered["denied"] = denied("0")
	h.report("r")
	h.run(100 * time.Minute)
	h.wants(playbook.Running, "cut", "cut done, watch pausing, after waiting")
	h.gathered["denied"] = denied("2")
	h.run(30 * time.Minute)
	if r := h.lastRun(); r.State != playbook.Undone && r.State != playbook.Undoing || r.Steps[1].State != playbook.StepFailed {
		t.Errorf("after a sign of it: %s, %+v", r.State, r.Steps[1])
	}

	quiet := play(t, watches)
	quiet.gathered["denied"] = denied("0")
	quiet.report("r")
	quiet.run(100 * time.Minute)
	quiet.settled = true
	quiet.run(time.Hour)
	quiet.wants(playbook.Settled, "cut", "cut done, watch done, after skipped")
}

// What nobody knew until the end is no reason to go on.
func TestWaitingUnlessNobodyKnowsWhat(t *testing.T) {
	h := play(t, watches)
	h.gathered["denied"] = playbook.Gathered{Text: "not known"}
	h.report("r")
	h.run(3 * time.Hour)
	if r := h.lastRun(); r.Steps[1].State != playbook.StepFailed {
		t.Errorf("it went on: %+v", r.Steps[1])
	}
}
