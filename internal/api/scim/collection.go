package scim

import (
	"net/http"

	"jobzero/internal/principal/person"
)

// collection is what differs between users and groups.
type collection interface {
	shape() *shape
	// pinned gives the few that a filter can mean, by an index; false when no index helps.
	pinned(k *call, tx Tx, filter *node) ([]item, bool, error)
	page(k *call, tx Tx, after person.ID, limit int) ([]item, error)
	from(k *call, tx Tx, skip, limit int) ([]item, int, error)
	one(k *call, tx Tx, id person.ID) (item, error)
	// relate adds what is kept beside the resource: the groups of a user, the members of a group.
	relate(k *call, tx Tx, it item) error
	related() string // the name of that attribute

	create(k *call, tx Tx, res map[string]any) (person.ID, error)
	replace(k *call, tx Tx, res map[string]any) error
	patch(k *call, tx Tx, p patch) error
	drop(k *call, tx Tx) error
	patched() int // status of a PATCH that asks for no attributes
}

// item is a resource on its way out.
type item struct {
	id      person.ID
	version int64
	res     map[string]any
}

func (s *server) create(k *call) (out reply, err error) {
	res, err := k.resource()
	if err != nil {
		return out, err
	}
	return s.written(k, http.StatusCreated, func(tx Tx) (person.ID, error) { return k.of.create(k, tx, res) })
}

func (s *server) replace(k *call) (out reply, err error) {
	res, err := k.resource()
	if err != nil {
		return out, err
	}
	return s.written(k, http.StatusOK, func(tx Tx) (person.ID, error) { return k.id, k.of.replace(k, tx, res) })
}

func (s *server) patch(k *call) (out reply, err error) {
	p, err := patchOf(k.body)
	if err != nil {
		return out, err
	}
	status := k.of.patched()
	if len(k.want.only) > 0 {
		status = http.StatusOK
	}
	return s.written(k, status, func(tx Tx) (person.ID, error) { return k.id, k.of.patch(k, tx, p) })
}

// written makes a change and answers with what it has made, both in one transaction.
func (s *server) written(k *call, status int, change func(Tx) (person.ID, error)) (out reply, err error) {
	err = s.Store.Update(k.ctx, func(tx Tx) error {
		id, err := change(tx)
		if err != nil {
			return err
		}
		it, err := k.of.one(k, tx, id)
		if err != nil {
			return err
		}
		out = reply{status: status, version: it.version}
		if status == http.StatusCreated {
			out.at = k.location(k.of.shape(), id)
		}
		if status != http.StatusNoContent {
			out.body, err = k.shown(tx, it)
		}
		return err
	})
	return out, err
}

// shown is a resource as it is answered.
func (k *call) shown(tx Tx, it item) (map[string]any, error) {
	if k.want.wants(k.of.related()) {
		if err := k.of.relate(k, tx, it); err != nil {
			return nil, err
		}
	}
	return k.of.shape().project(it.res, k.want), nil
}

func (s *server) show(k *call) (out reply, err error) {
	err = s.Store.View(k.ctx, func(tx Tx) error {
		it, err := k.of.one(k, tx, k.id)
		if err != nil {
			return err
		}
		out = reply{status: http.StatusOK, version: it.version}
		if seen := k.r.Header.Get("If-None-Match"); seen != "" && listed(seen, it.version) {
			out.status = http.StatusNotModified
			return nil
		}
		out.body, err = k.shown(tx, it)
		return err
	})
	return out, err
}

func (s *server) drop(k *call) (reply, error) {
	err := s.Store.Update(k.ctx, func(tx Tx) error { return k.of.drop(k, tx) })
	return reply{status: http.StatusNoContent}, err
}

// absent is the answer about a resource that is not there.
func absent(k *call, id person.ID) error {
	return &refusal{http.StatusNotFound, "", k.of.shape().name + " " + string(id) + " does not exist"}
}

func clash(what, name string) error {
	return &refusal{http.StatusConflict, uniqueness, what + " " + name + " is taken already"}
}
