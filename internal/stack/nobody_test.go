package stack_test

import (
	"context"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// nobody is a catalogue that is allowed to see nothing.
type nobody struct{}

func (nobody) Reads(resource.Type) bool { return true }

func (nobody) Read(_ context.Context, ref resource.Ref) (resource.Resource, error) {
	return resource.Resource{}, fault.New(fault.Denied, "read %s: denied", ref)
}
