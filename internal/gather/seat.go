package gather

import (
	"context"
	"encoding/json"
	"io"

	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/inventory/sso"
)

// Users writes the users of an instance of Identity Center, and nothing of what they have: all of them or an error.
func (g Gatherer) Users(ctx context.Context, at identitystore.Instance, w io.Writer) error {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	return identitystore.Open(cfg, at).Users(ctx, func(u identitystore.Users) error { return out.Encode(u) })
}

// Seat writes the groups of one user, and what is assigned to him and to them.
func (g Gatherer) Seat(ctx context.Context, at identitystore.Instance, user string, w io.Writer) error {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return err
	}
	in, err := identitystore.Open(cfg, at).GroupsOf(ctx, user)
	if err != nil {
		return err
	}
	var groups []string
	for _, m := range in.GroupMemberships {
		groups = append(groups, m.GroupId)
	}
	given, err := identitystore.AssignedTo(ctx, cfg, at, user, groups)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	if err := out.Encode(in); err != nil {
		return err
	}
	return out.Encode(given)
}

// SeatState says whether a user of Identity Center is there, and may sign in.
func (g Gatherer) SeatState(ctx context.Context, at identitystore.Instance, user string) (there, enabled bool, err error) {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return false, false, err
	}
	return identitystore.Open(cfg, at).State(ctx, user)
}

// In gives the groups that a user of Identity Center is in.
func (g Gatherer) In(ctx context.Context, at identitystore.Instance, user string) (groups []string, err error) {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return nil, err
	}
	in, err := identitystore.Open(cfg, at).GroupsOf(ctx, user)
	for _, m := range in.GroupMemberships {
		groups = append(groups, m.GroupId)
	}
	return groups, err
}

// Sets tells the name and ARN of each permission set of an instance.
func (g Gatherer) Sets(ctx context.Context, at identitystore.Instance, tell func(name, arn string)) error {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return err
	}
	return sso.Named(ctx, cfg, at.ARN, tell)
}
