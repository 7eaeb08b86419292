package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// instance reads a machine; setting.ErrGone where there is none any more.
func instance(ctx context.Context, cfg aws.Config, t effect.Target) (i types.Instance, err error) {
	out, err := ec2.NewFromConfig(setting.At(cfg, t.Ref)).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{t.Ref.ID}})
	switch {
	case named(err, "InvalidInstanceID.NotFound"):
		return i, setting.ErrGone
	case err != nil:
		return i, awsorg.Fault(err, "read instance %s", t.Ref.ID)
	case len(out.Reservations) != 1 || len(out.Reservations[0].Instances) != 1 || out.Reservations[0].Instances[0].State == nil:
		return i, fault.New(fault.Unavailable, "read instance %s: the API answered without it or its state", t.Ref.ID)
	}
	i = out.Reservations[0].Instances[0]
	if i.State.Name == types.InstanceStateNameTerminated || i.State.Name == types.InstanceStateNameShuttingDown {
		return i, setting.ErrGone
	}
	return i, nil
}

// operated refuses a machine that a service of AWS runs for us, such as a node of EKS Auto Mode: its owner would put it back.
func operated(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	i, err := instance(ctx, s.Reader, t)
	if errors.Is(err, setting.ErrGone) { // of which the look tells
		return "", nil
	}
	if err == nil && i.Operator != nil && aws.ToBool(i.Operator.Managed) {
		return "service " + aws.ToString(i.Operator.Principal) + " manages the instance: change it through its owner", nil
	}
	return "", err
}
