package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/resource"
)

// Teller fills in relations of a type that nobody reads by the way of the table: see resource/relation.
type Teller interface {
	// Type is the type whose relations they are.
	Type() resource.Type
	// Relations are their names.
	Relations() []string
	// Needs lists the IAM actions that it calls for.
	Needs() []string
	// Tell puts them into Related of a resource that was just read; what was denied or throttled is named in Unknown.
	Tell(ctx context.Context, cfg aws.Config, res *resource.Resource)
}

// Tell has tellers asked whenever a resource of their type is read. It is called before the catalogue is used.
func (c *Catalogue) Tell(tellers ...Teller) {
	for _, t := range tellers {
		c.tellers[t.Type()] = append(c.tellers[t.Type()], t)
	}
}
