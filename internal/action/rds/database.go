package rds

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

const (
	instanceMay = "rds:ModifyDBInstance"
	clusterMay  = "rds:ModifyDBCluster"
)

// instance reads a database.
func instance(ctx context.Context, cfg aws.Config, t effect.Target) (d types.DBInstance, err error) {
	out, err := rds.NewFromConfig(setting.At(cfg, t.Ref)).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &t.Ref.ID})
	switch {
	case named(err, "DBInstanceNotFound"):
		return d, setting.ErrGone
	case err != nil:
		return d, awsorg.Fault(err, "read database %s", t.Ref.ID)
	case len(out.DBInstances) != 1:
		return d, fault.New(fault.Unavailable, "read database %s: the API answered with %d", t.Ref.ID, len(out.DBInstances))
	}
	return out.DBInstances[0], nil
}

// cluster reads a cluster of databases.
func cluster(ctx context.Context, cfg aws.Config, t effect.Target) (d types.DBCluster, err error) {
	out, err := rds.NewFromConfig(setting.At(cfg, t.Ref)).DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{DBClusterIdentifier: &t.Ref.ID})
	switch {
	case named(err, "DBClusterNotFoundFault"):
		return d, setting.ErrGone
	case err != nil:
		return d, awsorg.Fault(err, "read cluster %s", t.Ref.ID)
	case len(out.DBClusters) != 1:
		return d, fault.New(fault.Unavailable, "read cluster %s: the API answered with %d", t.Ref.ID, len(out.DBClusters))
	}
	return out.DBClusters[0], nil
}

// named reports whether the API named exactly this fault.
func named(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}
