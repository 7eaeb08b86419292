package cloudformation

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Held is what came of holding a stack against what is there.
type Held struct {
	Properties map[string]any
	Unknown    []resource.Unknown
}

// Drifts reads jobzero::CloudFormation::Drift, whose ID is the name of the stack: in what the resources of a stack are not what its
// template says. Hold compares, and is handed in, since that takes templates to be read; without it everything is unknown.
type Drifts struct {
	Hold func(ctx context.Context, s Stack) (Held, error)
}

// Type is the type of ours.
func (Drifts) Type() resource.Type { return resource.StackDrift }

// Needs lists what the reader calls. What reads the resources of stacks has needs of its own.
func (Drifts) Needs() []string {
	return []string{"cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:ListExports", "cloudformation:ListStackResources"}
}

// Read reads a stack and has it compared. One that is being changed is to be looked at again later.
func (d Drifts) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	s, err := Read(ctx, cfg, ref.Account, ref.ID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !s.Made():
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, err
	case s.Busy():
		return resource.Resource{}, fault.New(fault.Unavailable, "the stack %s is being changed: %s", ref.ID, s.State)
	case d.Hold == nil:
		return inventory.Unseen(ref, resource.NotRead), nil
	}
	held, err := d.Hold(ctx, s)
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "compare the stack %s", ref.ID)
	}
	ref.Region = cfg.Region
	return resource.Resource{Ref: ref, ARN: s.ID, Tags: s.Tags, Properties: held.Properties, Related: map[string]any{}, Unknown: held.Unknown}, nil
}

// List gives the stacks that stand.
func (Drifts) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	names, err := List(ctx, cfg)
	if err != nil {
		return nil, err
	}
	out := make([]resource.Ref, 0, len(names))
	for _, name := range names {
		out = append(out, resource.Ref{Type: resource.StackDrift, Account: account, Region: region, ID: name})
	}
	return out, nil
}
