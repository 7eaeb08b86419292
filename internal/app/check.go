package app

import (
	"slices"
	"strings"

	"jobzero/internal/action/builtin"
	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// ActionIDs lists what playbooks may do.
func ActionIDs() []string {
	var all []string
	for _, a := range builtin.All() {
		all = append(all, a.Info().ID)
	}
	slices.Sort(all)
	return all
}

// Check says what names something that is not there: playbooks their rules, expectations and actions, the intent its owners
// and approvers. A condition that is none is among it.
func (k *Knowledge) Check(actions []string) []error {
	rules := map[string]bool{}
	for _, r := range k.Rules {
		rules[r.Rule.ID] = true
	}
	var all []error
	for _, d := range k.Playbooks {
		bad := func(what, id string) {
			all = append(all, fault.New(fault.Invalid, "%s: %s %q is not loaded: mend the id, or load it", d.File, what, id))
		}
		for _, id := range d.When.Rules {
			if !rules[id] {
				bad("rule", id)
			}
		}
		for _, id := range append(slices.Clone(d.When.Expectations), d.SettledBy) {
			if _, ok := k.Expectations.One(id); !ok && id != "" {
				bad("expectation", id)
			}
		}
		for _, what := range d.When.Leavers {
			if !slices.Contains(leaverWords(), what) {
				all = append(all, fault.New(fault.Invalid, "%s: when.leavers: nobody holds a %q; there are %s", d.File, what, strings.Join(leaverWords(), ", ")))
			}
		}
		for _, s := range d.All() {
			if s.Action != "" && !slices.Contains(actions, s.Action) {
				bad("action", s.Action)
			}
		}
		if err := condition(d); err != nil {
			all = append(all, err)
		}
	}
	if err := k.Org.CheckWaivers(k.Waivers, k.Expectations.IDs()); err != nil {
		all = append(all, err)
	}
	if k.Org == nil {
		return all
	}
	if err := k.Org.CheckIntent(k.Intent); err != nil {
		all = append(all, err)
	}
	return all
}

func condition(d book.Definition) error {
	if d.Settled == "" {
		return nil
	}
	_, err := expect.Compile(expr.Place{File: d.File, Line: 1, Col: 1}, d.Settled)
	return err
}
