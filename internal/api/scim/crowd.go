package scim

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// crowd is the members of a group while they are changed, and what came of it.
type crowd struct {
	k              *call
	tx             Tx
	group          person.ID
	added, dropped []string
}

// operate makes one change of the members.
func (c *crowd) operate(at path, o operation) error {
	if at.where != nil || at.sub != nil {
		return c.pick(at, o)
	}
	v, err := coerceMembers(at.attr, o.Value)
	switch {
	case err != nil:
		return err
	case o.Op == "add":
		return c.add(v)
	case o.Op == "replace":
		return c.set(v)
	case o.Value == nil:
		return c.set(nil)
	}
	for _, m := range v { // Entra ID names those who go in the value
		if err := c.drop(person.ID(valueOf(m))); err != nil {
			return err
		}
	}
	return nil
}

// coerceMembers reads a list of members. Only the size of the request bounds it, and the store keeps each of them once.
func coerceMembers(a *attribute, v any) ([]any, error) {
	list, is := v.([]any)
	if !is && v != nil {
		list = []any{v}
	}
	out := make([]any, 0, len(list))
	for _, x := range list {
		m, err := coerceOne(a, x)
		if err != nil {
			return nil, err
		}
		if valueOf(m) == "" {
			return nil, bad(invalidValue, "a member has no value: want the id of a user or group, not %s", shown(x))
		}
		out = append(out, m)
	}
	return out, nil
}

// pick changes those whom a filter picks: they can only be removed, for a member has nothing that could be changed.
func (c *crowd) pick(at path, o operation) error {
	if o.Op != "remove" || at.where == nil || at.sub != nil {
		return bad(mutability, "%s: a member can be added or removed, not changed", at)
	}
	if ids, ok := at.where.values(); ok {
		for _, id := range ids {
			if err := c.drop(person.ID(id)); err != nil {
				return err
			}
		}
		return nil
	}
	var out []person.ID
	err := everybody(c.k, c.tx, c.group, func(m person.Member) error {
		kind := "User"
		if m.Group {
			kind = "Group"
		}
		if at.where.matches(map[string]any{"value": string(m.ID), "display": m.Name, "type": kind}) {
			out = append(out, m.ID)
		}
		return nil
	})
	for _, id := range out {
		if err != nil {
			break
		}
		err = c.drop(id)
	}
	return err
}

// values are the IDs that a filter names: value eq "x", or several of them with or.
func (n *node) values() (out []string, ok bool) {
	if n.op == "or" {
		for _, k := range n.kids {
			more, ok := k.values()
			if !ok {
				return nil, false
			}
			out = append(out, more...)
		}
		return out, true
	}
	s, isText := n.value.(string)
	if n.op == "eq" && n.path.is("value") && isText {
		return []string{s}, true
	}
	return nil, false
}

func (c *crowd) add(list []any) error {
	for _, v := range list {
		if err := c.enter(person.ID(valueOf(v))); err != nil {
			return err
		}
	}
	return nil
}

// enter puts somebody in who is there.
func (c *crowd) enter(id person.ID) error {
	m := person.Member{ID: id}
	p, err := c.tx.Person(c.k.ctx, id)
	if fault.Is(err, fault.NotFound) {
		_, err = c.tx.Group(c.k.ctx, id)
		m.Group = true
	}
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !p.Gone.IsZero(), id == c.group:
		return bad(invalidValue, "member %.100q: there is no such user or other group", id)
	case err != nil:
		return err
	}
	fresh, err := c.tx.AddMember(c.k.ctx, c.group, m)
	if fresh {
		c.added = append(c.added, string(id))
	}
	return err
}

func (c *crowd) drop(id person.ID) error {
	was, err := c.tx.DropMember(c.k.ctx, c.group, id)
	if was {
		c.dropped = append(c.dropped, string(id))
	}
	return err
}

// set leaves those of a list and nobody else.
func (c *crowd) set(list []any) error {
	want := map[person.ID]bool{}
	for _, v := range list {
		want[person.ID(valueOf(v))] = true
	}
	var out []person.ID
	err := everybody(c.k, c.tx, c.group, func(m person.Member) error {
		if !want[m.ID] {
			out = append(out, m.ID)
		}
		delete(want, m.ID)
		return nil
	})
	for _, id := range out {
		if err != nil {
			return err
		}
		err = c.drop(id)
	}
	if err != nil {
		return err
	}
	for _, v := range list {
		if id := person.ID(valueOf(v)); want[id] {
			if err := c.enter(id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *crowd) changes() []person.Change {
	if len(c.added)+len(c.dropped) == 0 {
		return nil
	}
	slices.Sort(c.added)
	slices.Sort(c.dropped)
	return []person.Change{{Field: "members", Was: strings.Join(c.dropped, ", "), Is: strings.Join(c.added, ", ")}}
}
