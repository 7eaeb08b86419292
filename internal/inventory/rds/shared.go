package rds

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// restore is the one attribute that snapshots have; everybody is the value of it that is no account.
const (
	restore   = "restore"
	everybody = "all"
	manual    = "manual" // snapshots that RDS makes by itself cannot be given to anybody
)

// attributes is what both kinds of snapshots have: names of attributes and their values.
type attributes map[string][]string

// share fills in who may restore a snapshot: one call for two properties. It reports whether the snapshot went in between.
func share(ctx context.Context, res *resource.Resource, ask func(context.Context) (attributes, error), gone func(error) bool) bool {
	accounts, public := []any{}, false
	if inventory.Together(ctx, res, []inventory.Part{{Path: "properties.Accounts", Read: func(ctx context.Context) (inventory.Found, error) {
		all, err := ask(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, v := range all[restore] {
			if v == everybody {
				public = true
				continue
			}
			accounts = append(accounts, v)
		}
		return inventory.Found{Value: accounts}, nil
	}}}, gone) {
		return true
	}
	for _, u := range res.Unknown {
		u.Path = "properties.Public"
		res.Unknown = append(res.Unknown, u)
		return false
	}
	res.Properties["Public"] = public
	return false
}

func tags(list []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range list {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

// set stores a value if there is one.
func set[T any](m map[string]any, key string, value *T) {
	if value != nil {
		m[key] = *value
	}
}
