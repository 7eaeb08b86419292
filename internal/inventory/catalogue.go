package inventory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Entry lets a reader into an account.
type Entry interface {
	Reader(ctx context.Context, account, region string) (aws.Config, error)
}

// Catalogue knows which reader reads what. It is safe for concurrent use.
type Catalogue struct {
	entry   Entry
	readers map[resource.Type]Reader
	tellers map[resource.Type][]Teller
	around  near
}

// New makes a catalogue of readers, one for each type.
func New(entry Entry, readers ...Reader) (*Catalogue, error) {
	c := &Catalogue{entry: entry, readers: map[resource.Type]Reader{}, tellers: map[resource.Type][]Teller{}}
	for _, r := range readers {
		if _, ok := c.readers[r.Type()]; ok {
			return nil, fault.New(fault.Internal, "two readers of %s", r.Type())
		}
		c.readers[r.Type()] = r
	}
	return c, nil
}

// Types gives the types that can be read, in order.
func (c *Catalogue) Types() []resource.Type {
	var out []resource.Type
	for t := range c.readers {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

// Reads reports whether there is a reader for the type.
func (c *Catalogue) Reads(t resource.Type) bool {
	_, ok := c.readers[t]
	return ok
}

// Read gives the resource as it is now. A resource that may not be seen at all comes back with everything unknown and the
// cause; an error means that nothing could be learnt and that trying again may help.
func (c *Catalogue) Read(ctx context.Context, ref resource.Ref) (resource.Resource, error) {
	reader, err := c.reader(ref.Type)
	if err != nil {
		return resource.Resource{}, err
	}
	now := time.Now()
	res, err := seen(ref, func() (resource.Resource, error) { return c.read(ctx, reader, ref, true) }, now)
	if err == nil && !res.Gone {
		res.ReadAt = c.beside(ctx, &res, now).UTC()
	}
	return res, err
}

// seen makes a resource of whose reading was denied one of which everything is unknown. What is read is at least as fresh as
// the time before.
func seen(ref resource.Ref, read func() (resource.Resource, error), before time.Time) (resource.Resource, error) {
	res, err := read()
	if fault.Is(err, fault.Denied) {
		res, err = Unreadable(ref, err), nil
	}
	if err != nil {
		return resource.Resource{}, err
	}
	res.ReadAt = before.UTC()
	return res, nil
}

func (c *Catalogue) read(ctx context.Context, reader Reader, ref resource.Ref, told bool) (resource.Resource, error) {
	cfg, err := c.entry.Reader(ctx, ref.Account, ref.Region)
	if err != nil {
		return resource.Resource{}, err
	}
	res, err := reader.Read(ctx, cfg, ref)
	if err != nil || res.Gone || !told {
		return res, err
	}
	for _, t := range c.tellers[ref.Type] {
		t.Tell(ctx, cfg, &res)
	}
	return res, nil
}

func (c *Catalogue) reader(t resource.Type) (Reader, error) {
	r, ok := c.readers[t]
	if !ok {
		return nil, fault.New(fault.Invalid, "no reader for resources of type %q; there are readers for %v", t, c.Types())
	}
	return r, nil
}

// Unseen is a resource that AWS lets nobody look into, and why.
func Unseen(ref resource.Ref, cause string) resource.Resource {
	return dark(ref, resource.Unknown{Cause: cause})
}

// Unreadable is a resource that could not be read, and why.
func Unreadable(ref resource.Ref, err error) resource.Resource {
	return dark(ref, unknown("", err))
}

func dark(ref resource.Ref, why resource.Unknown) resource.Resource {
	r := resource.Resource{Ref: ref, Properties: map[string]any{}, Related: map[string]any{}}
	for _, path := range []string{"properties", "related", "tags"} {
		why.Path = path
		r.Unknown = append(r.Unknown, why)
	}
	return r
}

// atOnce is how many lists of a sweep are worked on at the same time.
const atOnce = 4

// Sweep reads all resources of the types in the accounts and regions and hands each to do, one at a time. Global types are
// read once an account. It goes on where a list or a resource cannot be read and names all of those in its error: what did
// not answer is not covered. It stops when do returns an error.
func (c *Catalogue) Sweep(ctx context.Context, accounts, regions []string, types []resource.Type, do func(resource.Resource) error) error {
	var mu sync.Mutex
	var missed []error
	miss := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		missed = append(missed, err)
	}
	var stopped error // what do said at last: lists that are read beside that one tell it nothing more
	one := func(r resource.Resource) error {
		mu.Lock()
		defer mu.Unlock()
		if stopped == nil {
			stopped = do(r)
		}
		return stopped
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, account := range accounts {
		for _, t := range types {
			reader, err := c.reader(t)
			if err != nil {
				return errors.Join(err, g.Wait())
			}
			for _, region := range places(t, regions) {
				g.Go(func() error { return c.sweepOne(ctx, spot{reader, account, region}, one, miss) })
			}
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return errors.Join(missed...)
}

func places(t resource.Type, regions []string) []string {
	if t.Global() {
		return []string{""}
	}
	return regions
}

// spot is one list of a sweep.
type spot struct {
	reader          Reader
	account, region string
}

func (c *Catalogue) sweepOne(ctx context.Context, s spot, do func(resource.Resource) error, miss func(error)) error {
	cfg, err := c.entry.Reader(ctx, s.account, s.region)
	var refs []resource.Ref
	if err == nil {
		refs, err = s.reader.List(ctx, cfg, s.account, s.region)
	}
	if err != nil {
		miss(awsorg.Fault(err, "list %s in %s %s", s.reader.Type(), s.account, s.region))
		return ctx.Err()
	}
	for _, ref := range refs {
		res, err := c.Read(ctx, ref)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			miss(awsorg.Fault(err, "read %s", ref))
			continue
		}
		if err := do(res); err != nil {
			return err
		}
	}
	return nil
}
