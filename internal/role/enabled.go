package role

import (
	"slices"

	"jobzero/internal/action"
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/grant"
)

// Switches are what people have switched on.
type Switches struct {
	Playbooks []book.Definition
	Config    playbook.Config
	Glass     glass.Policy
	Account   string // in which; empty: in any
}

// actionsOf are the actions of a playbook, and of those that it runs as steps.
func actionsOf(p book.Definition, all []book.Definition) (ids []string) {
	parts, err := p.Whole(all)
	if err != nil { // it is not carried out then
		return nil
	}
	for _, part := range parts {
		for _, step := range part.All() {
			if id := step.ActionID(); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Enabled are the actions that may be done.
func (s Switches) Enabled(all []action.Info) []action.Info {
	var ids []string
	for _, p := range s.Playbooks {
		if s.enforced(p.ID) {
			ids = append(ids, actionsOf(p, s.Playbooks)...)
		}
	}
	var out []action.Info
	for _, i := range all {
		switch {
		case slices.Contains(ids, i.ID):
			out = append(out, i)
		case s.glass() && slices.Contains(grant.Actions(), i.ID): // only for break-glass: only on its roles
			i.Within = map[string]string{}
			for _, w := range i.Writes {
				i.Within[w] = grant.Within
			}
			out = append(out, i)
		}
	}
	return out
}

func (s Switches) enforced(playbookID string) bool {
	if s.Account != "" {
		return s.Config.ModeFor(playbookID, s.Account) == playbook.Enforce
	}
	return s.Config.Mode == playbook.Enforce || slices.ContainsFunc(s.Config.Enforce, func(w playbook.Switch) bool {
		return w.Playbook == "*" || w.Playbook == playbookID
	})
}

// glass reports whether break-glass is granted.
func (s Switches) glass() bool {
	if s.Account != "" {
		return s.Glass.ModeFor(s.Account) == glass.Enforce
	}
	return s.Glass.Mode == glass.Enforce || len(s.Glass.Enforce) > 0
}
