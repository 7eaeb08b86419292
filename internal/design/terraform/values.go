package terraform

import (
	"slices"

	"jobzero/internal/fault"
)

// each goes through the resources of all modules.
func (v values) each(visit func(stated) error) error {
	for queue := []*block{v.Root}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == nil {
			continue
		}
		for _, s := range queue[0].Resources {
			if err := visit(s); err != nil {
				return err
			}
		}
		queue = append(queue, queue[0].Children...)
	}
	return nil
}

// stated makes changes of the resources of a state, or of a plan without changes.
func (p *plan) stated() (out []change, err error) {
	from, actions := p.state, []string{"no-op"}
	if from.Root == nil {
		actions = []string{"create"}
		if err := p.decode(p.later, &from); err != nil {
			return nil, err
		}
	}
	err = from.each(func(s stated) error {
		if s.Address == "" || s.Type == "" {
			return fault.New(fault.Invalid, "%s: a resource without an address or type", p.name)
		}
		if len(out) == MaxChanges {
			return fault.New(fault.Invalid, "%s: more than %d resources: split the workspace", p.name, MaxChanges)
		}
		c := change{Address: s.Address, Mode: s.Mode, Type: s.Type, Provider: s.Provider}
		c.Change.Actions, c.Change.After, c.Change.Sensitive = slices.Clone(actions), s.Values, s.Sensitive
		out = append(out, c)
		return nil
	})
	return out, err
}

// plannedOf finds the values of a resource whose change has none.
func (p *plan) plannedOf(address string) ([]byte, error) {
	if p.planned == nil {
		p.planned = map[string]stated{}
		var from values
		if err := p.decode(p.later, &from); err != nil {
			return nil, err
		}
		if err := from.each(func(s stated) error { p.planned[s.Address] = s; return nil }); err != nil {
			return nil, err
		}
	}
	return p.planned[address].Values, nil
}
