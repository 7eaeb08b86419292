package rds

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// reach is whether the name of a database leads to a public address.
type reach struct {
	Public   bool
	Endpoint string
}

// MakePrivate takes the public address of a database away.
func MakePrivate() setting.Of[reach] {
	return setting.Of[reach]{
		About: action.Info{
			ID: "rds.make-private", Title: "Take a database off the Internet",
			Why: "A database is made for the machines beside it. Without a public address its name leads into the network alone, whatever its groups allow.",
			Risk: "Whoever comes from outside the network, such as from an office or another cloud, is cut off, and connections that stand over the public address end. " +
				"Nothing else that waits for the next maintenance is applied along with it.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.DBInstance},
			Reads: []string{"rds:DescribeDBInstances"}, Writes: []string{instanceMay},
		},
		Find: setting.InRegion, Look: lookReach, Goal: private, Calls: reachCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, rds.NewFromConfig(cfg).ModifyDBInstance)
		},
	}
}

func lookReach(ctx context.Context, cfg aws.Config, t effect.Target) (v reach, err error) {
	d, err := instance(ctx, cfg, t)
	if err != nil {
		return v, err
	}
	if d.PubliclyAccessible == nil {
		return v, fault.New(fault.Unavailable, "read whether database %s is public: the API answered without it", t.Ref.ID)
	}
	v.Public = *d.PubliclyAccessible
	if d.Endpoint != nil {
		v.Endpoint = fmt.Sprintf("%s:%d", aws.ToString(d.Endpoint.Address), aws.ToInt32(d.Endpoint.Port))
	}
	return v, nil
}

func private(_ effect.Target, now reach) (setting.Goal[reach], error) {
	return setting.Goal[reach]{
		To: reach{false, now.Endpoint}, Met: "the database has no public address", Missing: "the database has a public address",
		Diff: "- PubliclyAccessible: true\n+ PubliclyAccessible: false", Loses: []string{"whoever reaches " + now.Endpoint + " from outside the network"},
	}, nil
}

// reachCalls leaves ApplyImmediately out: this setting changes at once without it, and with it all that waits would change too
// (docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html).
func reachCalls(t effect.Target, from, to reach) ([]effect.Call, error) {
	if from.Public == to.Public {
		return nil, nil
	}
	return setting.One(instanceMay, setting.ARN(t.Ref, "rds", "db:"+t.Ref.ID), setting.In{"DBInstanceIdentifier": t.Ref.ID, "PubliclyAccessible": to.Public})
}
