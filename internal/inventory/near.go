package inventory

import (
	"context"
	"errors"
	"sync"
	"time"

	"jobzero/internal/resource"
)

const (
	// nearFor is how long what was read beside a resource is good for its neighbours: a sweep asks for the same subnet a thousand times.
	nearFor = time.Minute
	// maxNear is how many resources and lists are remembered.
	maxNear = 2000
	// maxNearby is how many resources a list may have, each of which is read.
	maxNearby = 1000
)

// errTooMany is for a list that is too long to be read beside a resource.
var errTooMany = errors.New("too many to be read beside a resource")

// near remembers what was read beside resources, for a minute. It is safe for concurrent use; those who want the same wait for one read.
type near struct {
	mu    sync.Mutex
	known map[any]*glance
}

// glance is one read.
type glance struct {
	once sync.Once
	at   time.Time
	list []resource.Resource
	err  error
}

// look gives what was read under a key, or reads it.
func (n *near) look(key any, now time.Time, read func() ([]resource.Resource, error)) ([]resource.Resource, error) {
	n.mu.Lock()
	g, ok := n.known[key]
	if !ok || now.Sub(g.at) > nearFor {
		if len(n.known) >= maxNear || n.known == nil {
			n.known = map[any]*glance{}
		}
		g = &glance{at: now}
		n.known[key] = g
	}
	n.mu.Unlock()
	g.once.Do(func() { g.list, g.err = read() })
	if g.err != nil { // the next one tries again
		n.mu.Lock()
		if n.known[key] == g {
			delete(n.known, key)
		}
		n.mu.Unlock()
	}
	return g.list, g.err
}

// near gives a resource that another one names, without its own relations.
func (c *Catalogue) near(ctx context.Context, ref resource.Ref) (resource.Resource, error) {
	list, err := c.around.look(ref, time.Now(), func() ([]resource.Resource, error) {
		reader, err := c.reader(ref.Type)
		if err != nil {
			return nil, err
		}
		r, err := seen(ref, func() (resource.Resource, error) { return c.read(ctx, reader, ref, false) }, time.Now())
		return []resource.Resource{r}, err
	})
	if err != nil {
		return resource.Resource{}, err
	}
	return list[0], nil
}

// nearby gives all resources of a place, each read without its own relations.
func (c *Catalogue) nearby(ctx context.Context, p Place) ([]resource.Resource, error) {
	return c.around.look(p, time.Now(), func() ([]resource.Resource, error) {
		refs, err := c.List(ctx, p)
		if err != nil {
			return nil, err
		}
		if len(refs) > maxNearby {
			return nil, errTooMany
		}
		out := make([]resource.Resource, 0, len(refs))
		for _, ref := range refs {
			r, err := c.near(ctx, ref)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
}
