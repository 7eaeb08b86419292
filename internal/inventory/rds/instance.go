package rds

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Snapshots reads jobzero::RDS::SnapshotShare: who else may restore a snapshot of a database instance. The ID is its name.
type Snapshots struct{}

var _ inventory.Pager = Snapshots{}

// Type is the type of ours.
func (Snapshots) Type() resource.Type { return resource.DBShare }

// Needs lists what the reader calls.
func (Snapshots) Needs() []string {
	return []string{"rds:DescribeDBSnapshotAttributes", "rds:DescribeDBSnapshots"}
}

// Read reads a snapshot and to whom it is given.
func (Snapshots) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := rds.NewFromConfig(cfg)
	out, err := client.DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &ref.ID})
	switch {
	case noSnapshot(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case len(out.DBSnapshots) != 1:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered with %d snapshots", ref, len(out.DBSnapshots))
	}
	s := out.DBSnapshots[0]
	res := resource.Resource{Ref: ref, ARN: aws.ToString(s.DBSnapshotArn), Tags: tags(s.TagList), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "Encrypted", s.Encrypted)
	set(res.Properties, "Engine", s.Engine)
	set(res.Properties, "Source", s.DBInstanceIdentifier)
	if share(ctx, &res, func(ctx context.Context) (attributes, error) {
		out, err := client.DescribeDBSnapshotAttributes(ctx, &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: &ref.ID})
		if err != nil {
			return nil, err
		}
		if out.DBSnapshotAttributesResult == nil {
			return nil, fault.New(fault.Unavailable, "read %s: the API answered without attributes", ref)
		}
		all := attributes{}
		for _, a := range out.DBSnapshotAttributesResult.DBSnapshotAttributes {
			all[aws.ToString(a.AttributeName)] = a.AttributeValues
		}
		return all, nil
	}, noSnapshot) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	return res, nil
}

func noSnapshot(err error) bool {
	_, instance := errors.AsType[*types.DBSnapshotNotFoundFault](err)
	_, cluster := errors.AsType[*types.DBClusterSnapshotNotFoundFault](err)
	return instance || cluster
}

// List gives the snapshots that people made: the others cannot be given away.
func (s Snapshots) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	var out []resource.Ref
	err := s.Pages(ctx, cfg, inventory.Place{Account: account, Region: region, Type: s.Type()}, "", func(part []resource.Ref, _ string) error {
		out = append(out, part...)
		return nil
	})
	return out, err
}

// Pages gives them in parts.
func (Snapshots) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := rds.NewFromConfig(cfg)
	return paged(from, func(marker *string) (refs []resource.Ref, next *string, err error) {
		out, err := client.DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{SnapshotType: aws.String(manual), Marker: marker})
		if err != nil {
			return nil, nil, awsorg.Fault(err, "list snapshots of databases of %s in %s", p.Account, p.Region)
		}
		for _, s := range out.DBSnapshots {
			refs = append(refs, resource.Ref{Type: resource.DBShare, Account: p.Account, Region: p.Region, ID: aws.ToString(s.DBSnapshotIdentifier)})
		}
		return refs, out.Marker, nil
	}, do)
}

// paged hands on the pages of a list, from a marker of RDS's or the beginning.
func paged(from string, ask func(marker *string) ([]resource.Ref, *string, error), do inventory.Page) error {
	for marker := from; ; {
		var at *string
		if marker != "" {
			at = &marker
		}
		refs, next, err := ask(at)
		if err != nil {
			return err
		}
		marker = aws.ToString(next)
		if err := do(refs, marker); err != nil || marker == "" {
			return err
		}
	}
}
