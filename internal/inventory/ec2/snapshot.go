package ec2

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Snapshots reads jobzero::EC2::SnapshotShare: who else may make a volume of a snapshot. The ID is the snapshot's.
type Snapshots struct{}

// Type is the type of ours.
func (Snapshots) Type() resource.Type { return resource.SnapshotShare }

// Needs lists what the reader calls.
func (Snapshots) Needs() []string {
	return []string{"ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshots"}
}

// Read reads a snapshot and to whom it is given.
func (Snapshots) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := ec2.NewFromConfig(cfg)
	out, err := client.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{ref.ID}})
	if noSnapshot(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	if len(out.Snapshots) != 1 {
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered with %d snapshots", ref, len(out.Snapshots))
	}
	s := out.Snapshots[0]
	if owner := aws.ToString(s.OwnerId); owner != "" && owner != ref.Account { // an event named one that others share
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	res := resource.Resource{Ref: ref, Tags: map[string]string{}, Properties: map[string]any{}, Related: map[string]any{}}
	if s.Encrypted != nil {
		res.Properties["Encrypted"] = *s.Encrypted
	}
	set(res.Properties, "VolumeId", s.VolumeId)
	for _, t := range s.Tags {
		res.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if shares(ctx, &res, []string{"Accounts", "Public"}, func(ctx context.Context) (map[string]any, error) {
		out, err := client.DescribeSnapshotAttribute(ctx, &ec2.DescribeSnapshotAttributeInput{
			SnapshotId: &ref.ID, Attribute: types.SnapshotAttributeNameCreateVolumePermission,
		})
		if err != nil {
			return nil, err
		}
		accounts, public := []any{}, false
		for _, p := range out.CreateVolumePermissions {
			if p.UserId != nil {
				accounts = append(accounts, *p.UserId)
			}
			public = public || p.Group == types.PermissionGroupAll
		}
		return map[string]any{"Accounts": accounts, "Public": public}, nil
	}, noSnapshot) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	return res, nil
}

// shares makes the one call that tells several properties. It reports whether the thing itself went in between.
func shares(ctx context.Context, res *resource.Resource, names []string, ask func(context.Context) (map[string]any, error), gone func(error) bool) bool {
	var told map[string]any
	if inventory.Together(ctx, res, []inventory.Part{{Path: "properties." + names[0], Read: func(ctx context.Context) (inventory.Found, error) {
		var err error
		if told, err = ask(ctx); err != nil {
			return inventory.Found{}, err
		}
		return inventory.Found{Value: told[names[0]]}, nil
	}}}, gone) {
		return true
	}
	for name, v := range told {
		res.Properties[name] = v
	}
	for _, u := range slices.Clone(res.Unknown) {
		for _, name := range names[1:] {
			u.Path = "properties." + name
			res.Unknown = append(res.Unknown, u)
		}
	}
	return false
}

func noSnapshot(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "InvalidSnapshot.NotFound" || api.ErrorCode() == "InvalidSnapshotID.Malformed")
}

// List gives the account's own snapshots.
func (s Snapshots) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	return gathered(ctx, s, cfg, inventory.Place{Account: account, Region: region, Type: s.Type()})
}

// Pages gives them in parts: accounts have hundreds of thousands.
func (Snapshots) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := ec2.NewFromConfig(cfg)
	return paged(from, func(token *string) (refs []resource.Ref, next *string, err error) {
		out, err := client.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, MaxResults: aws.Int32(1000), NextToken: token})
		if err != nil {
			return nil, nil, awsorg.Fault(err, "list snapshots of %s in %s", p.Account, p.Region)
		}
		for _, s := range out.Snapshots {
			if owner := aws.ToString(s.OwnerId); owner != "" && owner != p.Account {
				continue
			}
			refs = append(refs, resource.Ref{Type: resource.SnapshotShare, Account: p.Account, Region: p.Region, ID: aws.ToString(s.SnapshotId)})
		}
		return refs, out.NextToken, nil
	}, do)
}
