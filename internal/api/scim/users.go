package scim

import (
	"net/http"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// users are the people.
type users struct{}

func (users) shape() *shape   { return userShape() }
func (users) related() string { return "groups" }
func (users) patched() int    { return http.StatusOK } // Okta wants to see what it has changed

func (u users) item(k *call, p *person.Person) (item, error) {
	res, err := resourceOf(p)
	if err != nil {
		return item{}, fault.Wrap(fault.Internal, err, "read what was said of person %s", p.ID)
	}
	res["meta"] = meta("User", k.location(u.shape(), p.ID), p.Created, p.Changed, p.Version)
	return item{p.ID, p.Version, res}, nil
}

func (u users) items(k *call, list []person.Person, err error) ([]item, error) {
	if err != nil {
		return nil, err
	}
	out := make([]item, 0, len(list))
	for i := range list {
		it, err := u.item(k, &list[i])
		if err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	return out, nil
}

// here gives somebody who is not gone.
func (users) here(k *call, tx Tx, id person.ID) (person.Person, error) {
	p, err := tx.Person(k.ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !p.Gone.IsZero() {
		return p, absent(k, id)
	}
	return p, err
}

func (u users) one(k *call, tx Tx, id person.ID) (item, error) {
	p, err := u.here(k, tx, id)
	if err != nil {
		return item{}, err
	}
	return u.item(k, &p)
}

func (u users) page(k *call, tx Tx, after person.ID, limit int) ([]item, error) {
	list, err := tx.People(k.ctx, after, false, limit)
	return u.items(k, list, err)
}

func (u users) from(k *call, tx Tx, skip, limit int) ([]item, int, error) {
	list, n, err := tx.PeopleFrom(k.ctx, skip, limit)
	out, err := u.items(k, list, err)
	return out, n, err
}

func (u users) pinned(k *call, tx Tx, filter *node) ([]item, bool, error) {
	var list []person.Person
	var p person.Person
	var err error
	if name, ok := filter.pinned("userName"); ok {
		p, err = tx.PersonNamed(k.ctx, name)
		list = []person.Person{p}
	} else if id, ok := filter.pinned("id"); ok {
		p, err = tx.Person(k.ctx, person.ID(id))
		if list = []person.Person{p}; !p.Gone.IsZero() {
			list = nil
		}
	} else if external, ok := filter.pinned("externalId"); ok {
		list, err = tx.PeopleOutside(k.ctx, external)
	} else {
		return nil, false, nil
	}
	if fault.Is(err, fault.NotFound) {
		return nil, true, nil
	}
	out, err := u.items(k, list, err)
	return out, true, err
}

func (u users) relate(k *call, tx Tx, it item) error {
	all, err := tx.GroupsOf(k.ctx, it.id)
	if err != nil || len(all) == 0 {
		return err
	}
	list := make([]any, 0, len(all))
	for _, g := range all {
		list = append(list, map[string]any{"value": string(g.ID), "display": g.Name, "type": "direct", "$ref": k.location(groupShape(), g.ID)})
	}
	it.res["groups"] = list
	return nil
}

func (u users) create(k *call, tx Tx, res map[string]any) (person.ID, error) {
	fresh, err := personOf(person.Person{ID: k.s.NewID(), Active: true, Created: k.now}, res)
	if err != nil {
		return "", err
	}
	return fresh.ID, u.save(k, tx, nil, fresh)
}

func (u users) replace(k *call, tx Tx, res map[string]any) error {
	return u.change(k, tx, func(map[string]any) (map[string]any, error) { return res, nil })
}

func (u users) patch(k *call, tx Tx, p patch) error {
	return u.change(k, tx, func(res map[string]any) (map[string]any, error) { return res, u.shape().apply(res, p.Operations) })
}

func (u users) change(k *call, tx Tx, do func(map[string]any) (map[string]any, error)) error {
	was, err := u.here(k, tx, k.id)
	if err != nil {
		return err
	}
	if err := k.check(was.Version); err != nil {
		return err
	}
	res, err := resourceOf(&was)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "read what was said of person %s", was.ID)
	}
	if res, err = do(res); err != nil {
		return err
	}
	next, err := personOf(was, res)
	if err != nil {
		return err
	}
	return u.save(k, tx, &was, next)
}

// save keeps somebody when something has changed.
func (users) save(k *call, tx Tx, was *person.Person, next person.Person) error {
	if was == nil || person.Key(was.UserName) != person.Key(next.UserName) {
		if _, err := tx.PersonNamed(k.ctx, next.UserName); !fault.Is(err, fault.NotFound) {
			if err != nil {
				return err
			}
			return clash("userName", next.UserName)
		}
	}
	if was != nil && person.Between(was, next, person.SCIM, k.now).Kind == "" {
		return nil
	}
	next.Version, next.Changed = next.Version+1, k.now
	return tx.SavePerson(k.ctx, next, person.Between(was, next, person.SCIM, k.now))
}

// drop notes that somebody is gone. He is kept, because what was his may be there still, and answers to nobody.
func (u users) drop(k *call, tx Tx) error {
	was, err := u.here(k, tx, k.id)
	if err != nil {
		return err
	}
	if err := k.check(was.Version); err != nil {
		return err
	}
	next := was
	next.Gone = k.now
	return u.save(k, tx, &was, next)
}
