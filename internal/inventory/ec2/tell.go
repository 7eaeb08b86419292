package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// ask is what a teller asks for one relation.
type ask = func(ctx context.Context) (inventory.Found, error)

// tell fills in relations. What cannot be had is unknown: a teller never says that the resource is gone, since it was just read.
func tell(ctx context.Context, res *resource.Resource, asks map[string]ask) {
	if res.Related == nil {
		res.Related = map[string]any{}
	}
	var parts []inventory.Part
	for name, read := range asks {
		inventory.Told(res, name)
		parts = append(parts, inventory.Part{Path: "related." + name, Read: read})
	}
	inventory.Together(ctx, res, parts, func(error) bool { return false })
}

// where makes filters of names and values in turn.
func where(pairs ...string) (out []types.Filter) {
	for p := range slices.Chunk(pairs, 2) {
		out = append(out, types.Filter{Name: aws.String(p[0]), Values: p[1:]})
	}
	return out
}

// found is a list that was read to its end.
func found(list []any, err error) (inventory.Found, error) {
	if err != nil {
		return inventory.Found{}, err
	}
	if list == nil {
		list = []any{}
	}
	return inventory.Found{Value: list}, nil
}

// tagList is how CloudFormation writes tags.
func tagList(tags []types.Tag) []any {
	out := []any{}
	for _, t := range tags {
		out = append(out, map[string]any{"Key": aws.ToString(t.Key), "Value": aws.ToString(t.Value)})
	}
	return out
}
