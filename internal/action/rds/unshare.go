package rds

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/action/share"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	snapshotMay        = "rds:ModifyDBSnapshotAttribute"
	clusterSnapshotMay = "rds:ModifyDBClusterSnapshotAttribute"
	restoring          = "restore" // the attribute that lists who may make a database of a snapshot
)

// UnshareSnapshot takes away who else may make a database of a snapshot.
func UnshareSnapshot() setting.Of[share.With] {
	return share.Stop(share.Kind{
		About: action.Info{
			ID: "rds.unshare-snapshot", Title: "Stop sharing a database's snapshot with everybody",
			Why:     "A snapshot is the whole database: whoever may restore it reads all that is in it, and leaves no trace with us.",
			Risk:    "Whoever restores it can do so no more. Who has copied it already keeps his copy.",
			Targets: []resource.Type{resource.DBShare, resource.ClusterShare},
			Reads:   []string{"rds:DescribeDBSnapshotAttributes", "rds:DescribeDBClusterSnapshotAttributes"},
			Writes:  []string{snapshotMay, clusterSnapshotMay},
		},
		Look: lookShare, Call: shareCall,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == clusterSnapshotMay {
				return setting.Send(ctx, call, rds.NewFromConfig(cfg).ModifyDBClusterSnapshotAttribute)
			}
			return setting.Send(ctx, call, rds.NewFromConfig(cfg).ModifyDBSnapshotAttribute)
		},
	})
}

func shareCall(t effect.Target, operation string, with share.With) ([]effect.Call, error) {
	values := with.Accounts
	if with.Public {
		values = append([]string{"all"}, values...)
	}
	member := "ValuesToRemove"
	if operation == share.Add {
		member = "ValuesToAdd"
	}
	in := setting.In{"AttributeName": restoring, member: values}
	if t.Ref.Type == resource.ClusterShare {
		in["DBClusterSnapshotIdentifier"] = t.Ref.ID
		return setting.One(clusterSnapshotMay, setting.ARN(t.Ref, "rds", "cluster-snapshot:"+t.Ref.ID), in)
	}
	in["DBSnapshotIdentifier"] = t.Ref.ID
	return setting.One(snapshotMay, setting.ARN(t.Ref, "rds", "snapshot:"+t.Ref.ID), in)
}

func lookShare(ctx context.Context, cfg aws.Config, t effect.Target) (w share.With, err error) {
	values, err := restorers(ctx, rds.NewFromConfig(setting.At(cfg, t.Ref)), t)
	if named(err, "DBSnapshotNotFound") || named(err, "DBClusterSnapshotNotFoundFault") {
		return w, setting.ErrGone
	}
	if err != nil {
		return w, awsorg.Fault(err, "read who may restore %s", t.Ref.ID)
	}
	for _, v := range values {
		if v == "all" {
			w.Public = true
		} else {
			w.Accounts = append(w.Accounts, v)
		}
	}
	slices.Sort(w.Accounts)
	return w, nil
}

// restorers lists who may restore a snapshot.
func restorers(ctx context.Context, c *rds.Client, t effect.Target) (values []string, err error) {
	if t.Ref.Type == resource.ClusterShare {
		out, err := c.DescribeDBClusterSnapshotAttributes(ctx, &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: &t.Ref.ID})
		switch {
		case err != nil:
			return nil, err
		case out.DBClusterSnapshotAttributesResult == nil:
			return nil, fault.New(fault.Unavailable, "the API answered without attributes")
		}
		for _, a := range out.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes {
			if aws.ToString(a.AttributeName) == restoring {
				values = append(values, a.AttributeValues...)
			}
		}
		return values, nil
	}
	out, err := c.DescribeDBSnapshotAttributes(ctx, &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: &t.Ref.ID})
	switch {
	case err != nil:
		return nil, err
	case out.DBSnapshotAttributesResult == nil:
		return nil, fault.New(fault.Unavailable, "the API answered without attributes")
	}
	for _, a := range out.DBSnapshotAttributesResult.DBSnapshotAttributes {
		if aws.ToString(a.AttributeName) == restoring {
			values = append(values, a.AttributeValues...)
		}
	}
	return values, nil
}
