package inventory

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Pager is a reader that lists in parts, so that nobody holds a long list as a whole.
type Pager interface {
	Reader
	// Pages hands the list on in parts, from where a cursor says or from the beginning when it is empty. next is the cursor to
	// what follows the part, empty after the last. A cursor that is not good any more is a fault.Invalid error, before any part.
	Pages(ctx context.Context, cfg aws.Config, p Place, from string, do Page) error
}

// Page takes a part of a list. Its error ends the listing and is passed on.
type Page func(part []resource.Ref, next string) error

// pageSize is how much of a list that is had as a whole makes a part.
const pageSize = 200

// Pages hands all resources of a place on in parts, unread, from where a cursor of it says; empty is the beginning. What is after a
// cursor is complete when no error comes: also what a list had before it changed.
func (c *Catalogue) Pages(ctx context.Context, p Place, from string, do Page) error {
	reader, err := c.reader(p.Type)
	if err != nil {
		return err
	}
	cfg, err := c.entry.Reader(ctx, p.Account, p.Region)
	if err != nil {
		return err
	}
	pager, ok := reader.(Pager)
	if !ok {
		refs, err := reader.List(ctx, cfg, p.Account, p.Region)
		if err != nil {
			return err
		}
		return parts(refs, from, do)
	}
	given := false
	err = pager.Pages(ctx, cfg, p, from, func(part []resource.Ref, next string) error {
		given = true
		return do(part, next)
	})
	if from != "" && !given && fault.Is(err, fault.Invalid) { // cursors do not live for ever
		return pager.Pages(ctx, cfg, p, "", do)
	}
	return err
}

// parts cuts a list, in the order of its IDs: a cursor is the last ID that was handed on.
func parts(refs []resource.Ref, from string, do Page) error {
	slices.SortFunc(refs, func(a, b resource.Ref) int { return cmp.Compare(a.ID, b.ID) })
	at, found := slices.BinarySearchFunc(refs, from, func(r resource.Ref, id string) int { return cmp.Compare(r.ID, id) })
	for found && at < len(refs) && refs[at].ID == from {
		at++
	}
	for part := range slices.Chunk(refs[at:], pageSize) {
		if err := do(part, part[len(part)-1].ID); err != nil {
			return err
		}
	}
	return nil
}
