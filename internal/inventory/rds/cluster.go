package rds

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// ClusterSnapshots reads jobzero::RDS::ClusterSnapshotShare: who else may restore a snapshot of a cluster. The ID is its name.
type ClusterSnapshots struct{}

var _ inventory.Pager = ClusterSnapshots{}

// Type is the type of ours.
func (ClusterSnapshots) Type() resource.Type { return resource.ClusterShare }

// Needs lists what the reader calls.
func (ClusterSnapshots) Needs() []string {
	return []string{"rds:DescribeDBClusterSnapshotAttributes", "rds:DescribeDBClusterSnapshots"}
}

// Read reads a snapshot and to whom it is given.
func (ClusterSnapshots) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := rds.NewFromConfig(cfg)
	out, err := client.DescribeDBClusterSnapshots(ctx, &rds.DescribeDBClusterSnapshotsInput{DBClusterSnapshotIdentifier: &ref.ID})
	switch {
	case noSnapshot(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case len(out.DBClusterSnapshots) != 1:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered with %d snapshots", ref, len(out.DBClusterSnapshots))
	}
	s := out.DBClusterSnapshots[0]
	res := resource.Resource{Ref: ref, ARN: aws.ToString(s.DBClusterSnapshotArn), Tags: tags(s.TagList), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "Encrypted", s.StorageEncrypted)
	set(res.Properties, "Engine", s.Engine)
	set(res.Properties, "Source", s.DBClusterIdentifier)
	if share(ctx, &res, func(ctx context.Context) (attributes, error) {
		out, err := client.DescribeDBClusterSnapshotAttributes(ctx, &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: &ref.ID})
		if err != nil {
			return nil, err
		}
		if out.DBClusterSnapshotAttributesResult == nil {
			return nil, fault.New(fault.Unavailable, "read %s: the API answered without attributes", ref)
		}
		all := attributes{}
		for _, a := range out.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes {
			all[aws.ToString(a.AttributeName)] = a.AttributeValues
		}
		return all, nil
	}, noSnapshot) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	return res, nil
}

// List gives the snapshots that people made: the others cannot be given away.
func (s ClusterSnapshots) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	var out []resource.Ref
	err := s.Pages(ctx, cfg, inventory.Place{Account: account, Region: region, Type: s.Type()}, "", func(part []resource.Ref, _ string) error {
		out = append(out, part...)
		return nil
	})
	return out, err
}

// Pages gives them in parts.
func (ClusterSnapshots) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := rds.NewFromConfig(cfg)
	return paged(from, func(marker *string) (refs []resource.Ref, next *string, err error) {
		out, err := client.DescribeDBClusterSnapshots(ctx, &rds.DescribeDBClusterSnapshotsInput{SnapshotType: aws.String(manual), Marker: marker})
		if err != nil {
			return nil, nil, awsorg.Fault(err, "list snapshots of clusters of %s in %s", p.Account, p.Region)
		}
		for _, s := range out.DBClusterSnapshots {
			refs = append(refs, resource.Ref{Type: resource.ClusterShare, Account: p.Account, Region: p.Region, ID: aws.ToString(s.DBClusterSnapshotIdentifier)})
		}
		return refs, out.Marker, nil
	}, do)
}
