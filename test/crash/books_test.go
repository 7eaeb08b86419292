package crash

import (
	"strings"
	"testing"

	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/ticket"
)

// drill is a playbook of the load with what has to come of it.
type drill struct {
	id      string
	text    string
	last    string // the action after which nothing is wrong any more; empty: never
	state   playbook.RunState
	ticket  ticket.State
	changes []string    // that the witness must see, in any order
	after   [][2]string // the second only after the first
	undone  bool        // the effects are
	failed  []string    // actions whose effects fail for good
}

// row has its actions done one after the other.
func row(actions ...string) (out [][2]string) {
	for i := 1; i < len(actions); i++ {
		out = append(out, [2]string{actions[i-1], actions[i]})
	}
	return out
}

func drills() []drill {
	settled := func(id, steps string, after [][2]string, changes ...string) drill {
		return drill{
			id: id, text: "steps:\n" + steps, last: changes[len(changes)-1], state: playbook.Settled, ticket: ticket.Closed,
			changes: changes, after: after,
		}
	}
	back := []string{"one", "two", "undo two", "undo one"}
	return []drill{
		settled("actions", `
  - {id: a, action: one}
  - {id: b, action: two}
  - {id: c, action: three}
`, row("one", "two", "three"), "one", "two", "three"),
		settled("branches", `
  - id: fork
    parallel:
      - steps: [{id: a, action: left-one}, {id: b, action: left-two}]
      - steps: [{id: c, action: right-one}, {id: d, action: right-two}]
  - {id: e, action: last}
`, append(row("left-one", "left-two", "last"), row("right-one", "right-two", "last")...), "left-one", "left-two", "right-one", "right-two", "last"),
		settled("waits", `
  - {id: a, action: one}
  - {id: b, wait: {for: 2s}}
  - {id: c, action: two}
`, row("one", "two"), "one", "two"),
		settled("asks", `
  - {id: a, action: one}
  - {id: b, action: two, approve: {persons: 2, within: 1h}}
`, row("one", "two"), "one", "two"),
		settled("tries", `
  - {id: a, action: flaky, retry: {times: 5, pause: 1s}}
  - {id: b, action: two}
`, row("flaky", "two"), "flaky", "two"),
		settled("outer", `
  - {id: a, playbook: inner}
  - {id: b, action: last}
`, row("one", "two", "last"), "one", "two", "last"),
		{
			id: "back", text: "on_failure: undo\nsteps:\n  - {id: a, action: one}\n  - {id: b, action: two}\n  - {id: c, action: broken}\n",
			state: playbook.Undone, ticket: ticket.Human, changes: back, after: row(back...), undone: true, failed: []string{"broken"},
		},
	}
}

// read gives the playbooks that the director has to know.
func read() (out []book.Definition, err error) {
	all := append(drills(), drill{id: "inner", text: "steps:\n  - {id: x, action: one}\n  - {id: y, action: two}\n"})
	for _, d := range all {
		head := "id: " + d.id + "\ntitle: A drill\nwhy: To be killed in it.\nwhen: {rules: [" + d.id + "], hand: true}\nsettled: \"true\"\n"
		def, err := book.Parse(d.id+".yml", []byte(head+d.text))
		if err != nil {
			return nil, err
		}
		out = append(out, def)
	}
	return out, nil
}

// drillOf finds a drill by its ID.
func drillOf(id string) (drill, bool) {
	for _, d := range drills() {
		if d.id == id {
			return d, true
		}
	}
	return drill{}, false
}

// checkOrder holds what the witness saw of one thing against what has to come of it.
func (d drill) checkOrder(t *testing.T, ref string, saw []string) {
	t.Helper()
	at := map[string]int{}
	for i, action := range saw {
		if _, twice := at[action]; twice {
			t.Errorf("%s: %s changed something twice: %v", ref, action, saw)
		}
		at[action] = i
	}
	for _, want := range d.changes {
		if _, ok := at[want]; !ok {
			t.Errorf("%s: the witness has not seen %s: %v", ref, want, saw)
		}
	}
	if len(saw) != len(d.changes) {
		t.Errorf("%s: the witness saw %s; want %s", ref, strings.Join(saw, ", "), strings.Join(d.changes, ", "))
	}
	for _, pair := range d.after {
		if at[pair[0]] > at[pair[1]] {
			t.Errorf("%s: %s before %s: %v", ref, pair[1], pair[0], saw)
		}
	}
}
