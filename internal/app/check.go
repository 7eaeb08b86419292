package app

import (
	"slices"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
)

// Actions is how all that playbooks may do describes itself, in the order of their IDs.
func Actions() []action.Info {
	var all []action.Info
	for _, a := range builtin.All(builtin.Options{}) {
		all = append(all, a.Info())
	}
	slices.SortFunc(all, func(a, b action.Info) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Check says what names something that is not there: playbooks their rules, expectations, actions and one another, the intent its owners
// and approvers. A condition that is none is among it.
func (k *Knowledge) Check(actions []action.Info) []error {
	all := append(k.CheckPlaybooks(k.Playbooks, actions), k.checkVerdicts()...)
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

// CheckPlaybooks says what some playbooks name that is not loaded, or what an action does not take. Each error has its place.
func (k *Knowledge) CheckPlaybooks(some []book.Definition, actions []action.Info) (all []error) {
	rules := map[string]bool{}
	for _, r := range k.Rules {
		rules[r.Rule.ID] = true
	}
	for _, c := range k.set.Correlations {
		rules[c.ID] = true
	}
	for _, d := range some {
		c := bookChecker{k: k, d: d, rules: rules, actions: actions}
		c.triggers()
		c.proof()
		for _, s := range d.All() {
			c.step(s)
		}
		all = append(all, c.bad...)
	}
	return all
}

// checkVerdicts says which verdicts are for nothing that is loaded. What names findings of baselines is not looked for.
func (k *Knowledge) checkVerdicts() (all []error) {
	var rules []string
	for _, r := range k.Rules {
		rules = append(rules, r.Rule.ID)
	}
	for _, c := range k.set.Correlations {
		rules = append(rules, c.ID)
	}
	for _, d := range k.Verdicts {
		for _, l := range []struct {
			what            string
			patterns, there []string
		}{{"rule", d.When.Rules, rules}, {"expectation", d.When.Expectations, k.Expectations.IDs()}} {
			if l.what == "rule" && slices.Contains(d.When.Kinds, finding.Baseline) {
				continue
			}
			for _, p := range l.patterns {
				if !slices.ContainsFunc(l.there, func(id string) bool { return verdict.Fits(p, id) }) {
					all = append(all, fault.Wrap(fault.Invalid, unloaded(l.what, p, l.there), "%s:1:1: verdict %s", d.File, d.ID))
				}
			}
		}
	}
	return all
}

// unloaded says that there is nothing of an ID, and which one may be meant.
func unloaded(what, id string, there []string) error {
	return fault.New(fault.Invalid, "%s %q is not loaded: mend the id, or load it%s", what, id, meant(id, there))
}
