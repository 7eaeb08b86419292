package scim

import (
	"net/http"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// groups are groups of people.
type groups struct{}

func (groups) shape() *shape   { return groupShape() }
func (groups) related() string { return "members" }
func (groups) patched() int    { return http.StatusNoContent } // the members may be everybody

func (g groups) item(k *call, x *person.Group) item {
	res := map[string]any{
		"schemas": []any{groupSchema}, "id": string(x.ID), "displayName": x.Name,
		"meta": meta("Group", k.location(g.shape(), x.ID), x.Created, x.Changed, x.Version),
	}
	if x.ExternalID != "" {
		res["externalId"] = x.ExternalID
	}
	return item{x.ID, x.Version, res}
}

func (g groups) items(k *call, list []person.Group) []item {
	out := make([]item, 0, len(list))
	for i := range list {
		out = append(out, g.item(k, &list[i]))
	}
	return out
}

func (groups) here(k *call, tx Tx, id person.ID) (person.Group, error) {
	x, err := tx.Group(k.ctx, id)
	if fault.Is(err, fault.NotFound) {
		return x, absent(k, id)
	}
	return x, err
}

func (g groups) one(k *call, tx Tx, id person.ID) (item, error) {
	x, err := g.here(k, tx, id)
	return g.item(k, &x), err
}

func (g groups) page(k *call, tx Tx, after person.ID, limit int) ([]item, error) {
	list, err := tx.Groups(k.ctx, after, limit)
	return g.items(k, list), err
}

func (g groups) from(k *call, tx Tx, skip, limit int) ([]item, int, error) {
	list, n, err := tx.GroupsFrom(k.ctx, skip, limit)
	return g.items(k, list), n, err
}

func (g groups) pinned(k *call, tx Tx, filter *node) ([]item, bool, error) {
	var list []person.Group
	var x person.Group
	var err error
	if name, ok := filter.pinned("displayName"); ok {
		x, err = tx.GroupNamed(k.ctx, name)
		list = []person.Group{x}
	} else if id, ok := filter.pinned("id"); ok {
		x, err = tx.Group(k.ctx, person.ID(id))
		list = []person.Group{x}
	} else if member, ok := filter.member(); ok {
		list, err = tx.GroupsOf(k.ctx, person.ID(member))
	} else {
		return nil, false, nil
	}
	if fault.Is(err, fault.NotFound) {
		return nil, true, nil
	}
	return g.items(k, list), true, err
}

// member gives the one whose groups a filter asks for: members[value eq "x"], members.value eq "x" or members eq "x".
func (n *node) member() (string, bool) {
	at := n.path
	if at.attr == nil || at.attr.name != "members" {
		return "", false
	}
	switch {
	case n.op == "[]":
		return at.where.pinned("value")
	case n.op == "eq" && at.where == nil && at.leaf().name == "value":
		s, ok := n.value.(string)
		return s, ok
	}
	return "", false
}

// maxMembers bounds the members of all groups in one answer.
const maxMembers = 100_000

func (g groups) relate(k *call, tx Tx, it item) error {
	var list []any
	err := everybody(k, tx, it.id, func(m person.Member) error {
		if len(list) >= maxMembers {
			return bad(tooMany, "group %s has more than %d members: ask with excludedAttributes=members", it.id, maxMembers)
		}
		of := userShape()
		if m.Group {
			of = g.shape()
		}
		list = append(list, map[string]any{"value": string(m.ID), "display": m.Name, "type": of.name, "$ref": k.location(of, m.ID)})
		return nil
	})
	if len(list) > 0 {
		it.res["members"] = list
	}
	return err
}

// everybody goes through a group's members.
func everybody(k *call, tx Tx, group person.ID, do func(person.Member) error) error {
	const page = 1000
	for after := person.ID(""); ; {
		list, err := tx.Members(k.ctx, group, after, page)
		if err != nil {
			return err
		}
		for _, m := range list {
			if err := do(m); err != nil {
				return err
			}
			after = m.ID
		}
		if len(list) < page {
			return nil
		}
	}
}

func (g groups) create(k *call, tx Tx, res map[string]any) (person.ID, error) {
	fresh := person.Group{ID: k.s.NewID(), Source: person.SCIM, Created: k.now, Name: said(res, "displayName"), ExternalID: said(res, "externalId")}
	c := &crowd{k: k, tx: tx, group: fresh.ID}
	list, _ := res["members"].([]any)
	if err := c.add(list); err != nil {
		return "", err
	}
	return fresh.ID, g.save(k, tx, nil, fresh, c)
}

func (g groups) replace(k *call, tx Tx, res map[string]any) error {
	return g.change(k, tx, func(x *person.Group, c *crowd) error {
		x.Name, x.ExternalID = said(res, "displayName"), said(res, "externalId")
		list, _ := res["members"].([]any)
		return c.set(list)
	})
}

func (g groups) patch(k *call, tx Tx, p patch) error {
	return g.change(k, tx, func(x *person.Group, c *crowd) error {
		for _, o := range p.Operations {
			if err := g.operate(k, x, c, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// operate makes one change: of the members, which are kept by themselves, or of what the group says.
func (g groups) operate(k *call, x *person.Group, c *crowd, o operation) error {
	if m, ok := o.Value.(map[string]any); ok && o.Path == "" && o.Op != "remove" {
		rest := map[string]any{}
		for name, v := range m {
			if at, err := g.shape().pathOf(name); err == nil && at.attr != nil && at.attr.name == "members" {
				if err := c.operate(at, operation{o.Op, name, v}); err != nil {
					return err
				}
				continue
			}
			rest[name] = v
		}
		o.Value = rest
	} else if o.Path != "" {
		at, err := g.shape().pathOf(o.Path)
		if err != nil {
			return err
		}
		if at.attr != nil && at.attr.name == "members" {
			return c.operate(at, o)
		}
	}
	res := g.item(k, x).res
	if err := g.shape().apply(res, []operation{o}); err != nil {
		return err
	}
	x.Name, x.ExternalID = said(res, "displayName"), said(res, "externalId")
	return nil
}

func (g groups) change(k *call, tx Tx, do func(*person.Group, *crowd) error) error {
	was, err := g.here(k, tx, k.id)
	if err != nil {
		return err
	}
	if err := k.check(was.Version); err != nil {
		return err
	}
	next, c := was, &crowd{k: k, tx: tx, group: was.ID}
	if err := do(&next, c); err != nil {
		return err
	}
	return g.save(k, tx, &was, next, c)
}

// save keeps a group when something of it or of its members has changed.
func (groups) save(k *call, tx Tx, was *person.Group, next person.Group, c *crowd) error {
	if err := next.Check(); err != nil {
		return err
	}
	if was == nil || person.Key(was.Name) != person.Key(next.Name) {
		if _, err := tx.GroupNamed(k.ctx, next.Name); !fault.Is(err, fault.NotFound) {
			if err != nil {
				return err
			}
			return clash("displayName", next.Name)
		}
	}
	e := person.Entry{Subject: next.ID, At: k.now, Actor: person.SCIM, Changes: c.changes()}
	switch {
	case was == nil:
		e.Kind = person.Joined
	case was.Name != next.Name || was.ExternalID != next.ExternalID:
		e.Kind = person.Changed
		e.Changes = append(e.Changes, person.Change{Field: "name", Was: was.Name, Is: next.Name})
	case len(c.added) > 0:
		e.Kind = person.Entered
	case len(c.dropped) > 0:
		e.Kind = person.Quit
	default:
		return nil
	}
	next.Version, next.Changed = next.Version+1, k.now
	e.Seq = next.Version
	return tx.SaveGroup(k.ctx, next, e)
}

func (g groups) drop(k *call, tx Tx) error {
	was, err := g.here(k, tx, k.id)
	if err != nil {
		return err
	}
	if err := k.check(was.Version); err != nil {
		return err
	}
	e := person.Entry{
		Subject: was.ID, Seq: was.Version + 1, At: k.now, Actor: person.SCIM, Kind: person.Removed,
		Changes: []person.Change{{Field: "name", Was: was.Name}},
	}
	return tx.DropGroup(k.ctx, was.ID, e)
}
