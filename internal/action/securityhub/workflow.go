package securityhub

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const workflowMay = "securityhub:BatchUpdateFindings"

// workflow is where a finding stands.
type workflow struct{ Status string }

// SetWorkflowStatus says in Security Hub where a finding stands.
func SetWorkflowStatus() setting.Of[workflow] {
	return setting.Of[workflow]{
		About: action.Info{
			ID: "securityhub.set-workflow-status", Title: "Say in Security Hub where a finding stands", Contract: true,
			Why:  "Whoever looks at the hub sees the same as whoever looks at the tickets: what is being worked on, what is settled, what is accepted.",
			Risk: "A finding that is suppressed or resolved is seen by nobody who filters for new ones. It is not a problem fixed: resolve what is settled by evidence.",
			Undo: effect.Exact, Targets: []resource.Type{resource.HubFinding},
			Reads: []string{"securityhub:GetFindings"}, Writes: []string{workflowMay},
			Params: []action.Param{{Name: "status", Text: "NEW, NOTIFIED, SUPPRESSED or RESOLVED", Required: true}},
		},
		Find: setting.InRegion, Look: lookWorkflow, Calls: workflowCalls, Send: sendWorkflow,
		Goal: func(t effect.Target, now workflow) (setting.Goal[workflow], error) {
			want := t.Params["status"]
			if !slices.Contains(types.WorkflowStatus("").Values(), types.WorkflowStatus(want)) {
				return setting.Goal[workflow]{}, fault.New(fault.Invalid, "status %q: want one of %v", want, types.WorkflowStatus("").Values())
			}
			return setting.Goal[workflow]{
				To: workflow{want}, Met: "the finding is " + want, Missing: "the finding is " + now.Status, Diff: "- Workflow.Status: " + now.Status + "\n+ Workflow.Status: " + want,
			}, nil
		},
	}
}

// identifier is what the API names a finding by.
type identifier struct{ Id, ProductArn string }

func named(ref resource.Ref) (identifier, error) {
	id, product, ok := strings.Cut(ref.ID, "|")
	if !ok || id == "" || product == "" {
		return identifier{}, fault.New(fault.Invalid, "%s: want FINDING|PRODUCT as its ID, the product by its ARN", ref)
	}
	return identifier{id, product}, nil
}

func lookWorkflow(ctx context.Context, cfg aws.Config, t effect.Target) (workflow, error) {
	n, err := named(t.Ref)
	if err != nil {
		return workflow{}, err
	}
	equals := func(s string) []types.StringFilter {
		return []types.StringFilter{{Value: &s, Comparison: types.StringFilterComparisonEquals}}
	}
	out, err := securityhub.NewFromConfig(setting.At(cfg, t.Ref)).GetFindings(ctx, &securityhub.GetFindingsInput{
		Filters: &types.AwsSecurityFindingFilters{Id: equals(n.Id), ProductArn: equals(n.ProductArn)},
	})
	if err != nil {
		return workflow{}, awsorg.Fault(err, "read finding %s", n.Id)
	}
	for _, f := range out.Findings {
		if aws.ToString(f.Id) == n.Id && aws.ToString(f.ProductArn) == n.ProductArn {
			if f.Workflow == nil { // as long as nobody has said anything
				return workflow{string(types.WorkflowStatusNew)}, nil
			}
			return workflow{string(f.Workflow.Status)}, nil
		}
	}
	return workflow{}, setting.Gone("the finding")
}

func workflowCalls(t effect.Target, from, to workflow) ([]effect.Call, error) {
	n, err := named(t.Ref)
	if err != nil || from == to {
		return nil, err
	}
	return setting.One(workflowMay, hubARN(t.Ref), setting.In{"FindingIdentifiers": []identifier{n}, "Workflow": setting.In{"Status": to.Status}})
}

// sendWorkflow makes the call. Security Hub tells what it could not do in an answer that is no error.
func sendWorkflow(ctx context.Context, cfg aws.Config, call effect.Call) error {
	var in securityhub.BatchUpdateFindingsInput
	if err := action.ReadInput(call, &in); err != nil {
		return err
	}
	out, err := securityhub.NewFromConfig(cfg).BatchUpdateFindings(ctx, &in)
	if err != nil {
		return awsorg.Fault(err, "say where a finding stands")
	}
	for _, u := range out.UnprocessedFindings {
		return fault.New(fault.Unavailable, "Security Hub could not change the finding: %s %s", aws.ToString(u.ErrorCode), aws.ToString(u.ErrorMessage))
	}
	return nil
}
