package ec2

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	startFlowMay  = "ec2:CreateFlowLogs"
	stopFlowMay   = "ec2:DeleteFlowLogs"
	deliveryMay   = "logs:CreateLogDelivery" // beside the call, where the logs go to S3 (docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html)
	noDeliveryMay = "logs:DeleteLogDelivery"
	// What a gigabyte of logs that AWS delivers to S3 costs in us-east-1, of the first ten terabytes (aws.amazon.com/cloudwatch/pricing, vended logs).
	deliveredUSD = 0.25
	notMadeYet   = "*" // the ID of a flow log that is still to be made
)

// flowLogs is who writes a network's traffic down, and how many interfaces it has.
type flowLogs struct {
	Logs       []flowLog
	Interfaces int
}

// flowLog is one of them. One that is made anew has another ID.
type flowLog struct {
	ID, Traffic, Destination string
	Active                   bool
}

// EnableFlowLogs makes a network write its traffic down.
func EnableFlowLogs() setting.Of[flowLogs] {
	return setting.Of[flowLogs]{
		About: action.Info{
			ID: "ec2.enable-flow-logs", Title: "Write a network's traffic down",
			Why:  "Who spoke with whom, and how much, is known later only where it was written down. Everything is: what was let through and what was not.",
			Risk: "The logs are billed by what they weigh, and stored in the bucket, whose policy has to let delivery.logs.amazonaws.com write.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.VPC},
			Reads:  []string{"ec2:DescribeFlowLogs", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs"},
			Writes: []string{startFlowMay, stopFlowMay, deliveryMay, noDeliveryMay},
			Params: []action.Param{{Name: "bucket", Text: "ARN of the bucket that keeps the logs, with a folder behind it if wanted: BUCKET/FOLDER/", Required: true}},
		},
		Find: setting.InRegion, Look: lookFlowLogs, Goal: flowing, Calls: flowCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == stopFlowMay {
				return sendFlow(ctx, call, ec2.NewFromConfig(cfg).DeleteFlowLogs, func(o *ec2.DeleteFlowLogsOutput) []types.UnsuccessfulItem { return o.Unsuccessful })
			}
			return sendFlow(ctx, call, ec2.NewFromConfig(cfg).CreateFlowLogs, func(o *ec2.CreateFlowLogsOutput) []types.UnsuccessfulItem { return o.Unsuccessful })
		},
		Cost: func(_ context.Context, _ aws.Config, _ effect.Target, now flowLogs) (*effect.Cost, error) {
			return &effect.Cost{USD: deliveredUSD * float64(now.Interfaces), Per: "month", Why: fmt.Sprintf(
				"%d interfaces, taken to write 1 GB a month each, at USD %.2f; storing it is billed by S3 besides", now.Interfaces, deliveredUSD)}, nil
		},
		Same: func(a, b flowLogs) bool { return slices.EqualFunc(a.Logs, b.Logs, flowLog.like) },
	}
}

func (l flowLog) like(o flowLog) bool {
	l.ID, o.ID = "", ""
	return l == o
}

// sendFlow makes a call of those that answer well and name what they have not done.
func sendFlow[I, O any](ctx context.Context, call effect.Call, by func(context.Context, *I, ...func(*ec2.Options)) (*O, error), failed func(*O) []types.UnsuccessfulItem) error {
	return setting.Send(ctx, call, func(ctx context.Context, in *I, opts ...func(*ec2.Options)) (*O, error) {
		out, err := by(ctx, in, opts...)
		if err != nil {
			return out, err
		}
		for _, f := range failed(out) {
			if f.Error != nil {
				return out, fault.New(fault.Unavailable, "%s: %s", aws.ToString(f.Error.Code), aws.ToString(f.Error.Message))
			}
		}
		return out, nil
	})
}

func lookFlowLogs(ctx context.Context, cfg aws.Config, t effect.Target) (v flowLogs, err error) {
	c := group{client: ec2.NewFromConfig(setting.At(cfg, t.Ref)), id: t.Ref.ID}
	_, err = c.client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{c.id}})
	if named(err, "InvalidVpcID.NotFound") {
		return v, setting.ErrGone
	}
	if err != nil {
		return v, awsorg.Fault(err, "read network %s", c.id)
	}
	pages := ec2.NewDescribeFlowLogsPaginator(c.client, &ec2.DescribeFlowLogsInput{Filter: c.filter("resource-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "read the flow logs of %s", c.id)
		}
		for _, l := range page.FlowLogs {
			v.Logs = append(v.Logs, flowLog{
				aws.ToString(l.FlowLogId), string(l.TrafficType), cmp.Or(aws.ToString(l.LogDestination), aws.ToString(l.LogGroupName)), aws.ToString(l.FlowLogStatus) == "ACTIVE",
			})
		}
	}
	slices.SortFunc(v.Logs, func(a, b flowLog) int {
		return cmp.Or(strings.Compare(a.Destination, b.Destination), strings.Compare(a.ID, b.ID))
	})
	nics := ec2.NewDescribeNetworkInterfacesPaginator(c.client, &ec2.DescribeNetworkInterfacesInput{Filters: c.filter("vpc-id")})
	for nics.HasMorePages() {
		page, err := nics.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "count the interfaces of %s", c.id)
		}
		v.Interfaces += len(page.NetworkInterfaces)
	}
	return v, nil
}

func flowing(t effect.Target, now flowLogs) (setting.Goal[flowLogs], error) {
	g := setting.Goal[flowLogs]{To: now, Met: "all traffic is written down", Missing: "not all traffic is written down"}
	bucket := t.Params["bucket"]
	switch {
	case !strings.HasPrefix(bucket, "arn:") || !strings.Contains(bucket, ":s3:::"):
		return g, fault.New(fault.Invalid, "bucket is %q, want the ARN of a bucket, such as arn:PARTITION:s3:::flow-logs", bucket)
	case slices.ContainsFunc(now.Logs, func(l flowLog) bool { return l.Active && l.Traffic == string(types.TrafficTypeAll) }):
		return g, nil
	}
	g.To.Logs = append(slices.Clone(now.Logs), flowLog{notMadeYet, string(types.TrafficTypeAll), bucket, true})
	slices.SortStableFunc(g.To.Logs, func(a, b flowLog) int { return strings.Compare(a.Destination, b.Destination) })
	g.Diff = "+ flow log: all traffic to " + bucket
	return g, nil
}

// flowCalls makes the log that is not made yet, or deletes those that were not there before: an ID is only known once there is one.
func flowCalls(t effect.Target, from, to flowLogs) ([]effect.Call, error) {
	extra := func(of, than []flowLog) (out []flowLog) {
		for _, l := range of {
			if !slices.ContainsFunc(than, l.like) {
				out = append(out, l)
			}
		}
		return out
	}
	if more := extra(to.Logs, from.Logs); len(more) == 1 && more[0].ID == notMadeYet {
		calls, err := setting.One(startFlowMay, arn(t.Ref, "vpc/"+t.Ref.ID), setting.In{
			"ResourceIds": []string{t.Ref.ID}, "ResourceType": "VPC", "TrafficType": more[0].Traffic, "LogDestinationType": "s3", "LogDestination": more[0].Destination,
		})
		if err == nil {
			calls[0].Also = []effect.Need{{Permission: startFlowMay, Resource: arn(t.Ref, "vpc-flow-log/*")}, {Permission: deliveryMay, Resource: wholeRegion}}
		}
		return calls, err
	} else if len(more) > 0 { // somebody else's is gone
		return nil, fault.New(fault.Conflict, "flow log %s of %s is gone: it is not ours to make", more[0].ID, t.Ref.ID)
	}
	less := extra(from.Logs, to.Logs)
	if len(less) == 0 {
		return nil, nil
	}
	ids := []string{}
	for _, l := range less {
		ids = append(ids, l.ID)
	}
	calls, err := setting.One(stopFlowMay, arn(t.Ref, "vpc-flow-log/"+ids[0]), setting.In{"FlowLogIds": ids})
	if err == nil {
		calls[0].Also = []effect.Need{{Permission: noDeliveryMay, Resource: wholeRegion}}
	}
	return calls, err
}
