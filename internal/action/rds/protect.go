package rds

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// lock is whether a database can be deleted, and the cluster that says so for it.
type lock struct {
	On      bool
	Cluster string
}

// ProtectFromDeletion locks a database or a cluster against deletion.
func ProtectFromDeletion() setting.Of[lock] {
	return setting.Of[lock]{
		About: action.Info{
			ID: "rds.protect-from-deletion", Title: "Lock a database against deletion",
			Why:  "A slip, a pipeline gone wrong or somebody who wants a ransom deletes a database with one call. Locked it takes two, and the first is seen.",
			Risk: "Whoever means to delete it has to take the lock off first, also a stack or a plan that replaces it.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.DBInstance, resource.DBCluster},
			Reads: []string{"rds:DescribeDBInstances", "rds:DescribeDBClusters"}, Writes: []string{instanceMay, clusterMay},
		},
		Find: setting.InRegion, Look: lookLock, Goal: locked, Calls: lockCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == clusterMay {
				return setting.Send(ctx, call, rds.NewFromConfig(cfg).ModifyDBCluster)
			}
			return setting.Send(ctx, call, rds.NewFromConfig(cfg).ModifyDBInstance)
		},
	}
}

func lookLock(ctx context.Context, cfg aws.Config, t effect.Target) (v lock, err error) {
	var on *bool
	if t.Ref.Type == resource.DBCluster {
		d, err := cluster(ctx, cfg, t)
		if err != nil {
			return v, err
		}
		on = d.DeletionProtection
	} else {
		d, err := instance(ctx, cfg, t)
		if err != nil {
			return v, err
		}
		on, v.Cluster = d.DeletionProtection, aws.ToString(d.DBClusterIdentifier)
	}
	if on == nil {
		return v, fault.New(fault.Unavailable, "read whether %s is locked against deletion: the API answered without it", t.Ref.ID)
	}
	v.On = *on
	return v, nil
}

func locked(_ effect.Target, now lock) (setting.Goal[lock], error) {
	g := setting.Goal[lock]{
		To: lock{true, now.Cluster}, Met: "it is locked against deletion", Missing: "it is not locked against deletion", Diff: "- DeletionProtection: false\n+ DeletionProtection: true",
	}
	if now.Cluster != "" {
		g.Refused = "the database belongs to cluster " + now.Cluster + ": lock that"
	}
	return g, nil
}

func lockCalls(t effect.Target, from, to lock) ([]effect.Call, error) {
	switch {
	case from.On == to.On:
		return nil, nil
	case t.Ref.Type == resource.DBCluster:
		return setting.One(clusterMay, setting.ARN(t.Ref, "rds", "cluster:"+t.Ref.ID), setting.In{"DBClusterIdentifier": t.Ref.ID, "DeletionProtection": to.On})
	}
	return setting.One(instanceMay, setting.ARN(t.Ref, "rds", "db:"+t.Ref.ID), setting.In{"DBInstanceIdentifier": t.Ref.ID, "DeletionProtection": to.On})
}
