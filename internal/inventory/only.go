package inventory

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/resource"
)

// Only names the parts of a resource that are asked for, by paths such as related.policy. None at all means everything.
type Only []string

// NotAskedFor is the cause of what was left out. Whoever judges what was not asked for gets unknown, never a pass.
const NotAskedFor = "not asked for"

// Asks reports whether the part at a path is asked for: it, something in it, or what holds it.
func (o Only) Asks(path string) bool {
	for _, p := range o {
		if p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(path, p+".") {
			return true
		}
	}
	return len(o) == 0
}

// Pick gives the parts that are asked for, and names the others as unknown in the resource.
func (o Only) Pick(res *resource.Resource, parts []Part) []Part {
	var out []Part
	for _, p := range parts {
		if o.Asks(p.Path) {
			out = append(out, p)
			continue
		}
		res.Unknown = append(res.Unknown, resource.Unknown{Path: p.Path, Cause: NotAskedFor})
	}
	return out
}

// Picker is a reader whose resources take many calls, and that can make only those which are asked for.
type Picker interface {
	Reader
	ReadOnly(ctx context.Context, cfg aws.Config, ref resource.Ref, only Only) (resource.Resource, error)
}

// ReadOnly is Read for one question: what it does not ask for may be unknown. It is as fresh as Read and makes fewer calls. What
// is kept as the state of a resource has to come from Read.
func (c *Catalogue) ReadOnly(ctx context.Context, ref resource.Ref, only Only) (resource.Resource, error) {
	reader, err := c.reader(ref.Type)
	if err != nil {
		return resource.Resource{}, err
	}
	picker, ok := reader.(Picker)
	if !ok || len(only) == 0 {
		return c.Read(ctx, ref)
	}
	return seen(ref, func() (resource.Resource, error) {
		cfg, err := c.entry.Reader(ctx, ref.Account, ref.Region)
		if err != nil {
			return resource.Resource{}, err
		}
		return picker.ReadOnly(ctx, cfg, ref, only)
	}, time.Now())
}
