package inventory

import (
	"context"

	"jobzero/internal/resource"
)

// Place is one list of resources: a type in an account and a region, which is empty for global types.
type Place struct {
	Account, Region string
	Type            resource.Type
}

// List gives all resources of a place, unread.
func (c *Catalogue) List(ctx context.Context, p Place) ([]resource.Ref, error) {
	reader, err := c.reader(p.Type)
	if err != nil {
		return nil, err
	}
	cfg, err := c.entry.Reader(ctx, p.Account, p.Region)
	if err != nil {
		return nil, err
	}
	return reader.List(ctx, cfg, p.Account, p.Region)
}
