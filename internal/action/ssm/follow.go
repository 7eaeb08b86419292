package ssm

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// execution names what was begun.
type execution struct {
	ID string `json:"execution"`
}

// begin starts the document and does not wait: it may take hours.
func begin(ctx context.Context, cfg aws.Config, p effect.Plan) (r effect.Result, err error) {
	var in ssm.StartAutomationExecutionInput
	if err := action.ReadInput(p.Calls[0], &in); err != nil {
		return r, err
	}
	out, err := ssm.NewFromConfig(setting.At(cfg, p.Target.Ref)).StartAutomationExecution(ctx, &in)
	if err != nil {
		return r, awsorg.Fault(err, "run document %s", aws.ToString(in.DocumentName))
	}
	r.Going = true
	r.After, err = action.Text(execution{aws.ToString(out.AutomationExecutionId)})
	return r, err
}

// over are the states in which nothing more happens
// (docs.aws.amazon.com/systems-manager/latest/APIReference/API_AutomationExecution.html).
var over = []types.AutomationExecutionStatus{
	types.AutomationExecutionStatusSuccess, types.AutomationExecutionStatusFailed, types.AutomationExecutionStatusTimedout, types.AutomationExecutionStatusCancelled,
	types.AutomationExecutionStatusRejected, types.AutomationExecutionStatusCompletedWithSuccess, types.AutomationExecutionStatusCompletedWithFailure,
	types.AutomationExecutionStatusChangeCalendarOverrideRejected, types.AutomationExecutionStatusExited,
}

// follow looks once how far it is.
func follow(ctx context.Context, cfg aws.Config, p effect.Plan) (effect.Check, error) {
	var e execution
	if err := json.Unmarshal(p.Gave, &e); err != nil || e.ID == "" {
		return effect.Check{}, fault.New(fault.Invalid, "nobody noted which execution of document %s was begun", p.Target.Params["document"])
	}
	out, err := ssm.NewFromConfig(setting.At(cfg, p.Target.Ref)).GetAutomationExecution(ctx, &ssm.GetAutomationExecutionInput{AutomationExecutionId: &e.ID})
	if _, none := errors.AsType[*types.AutomationExecutionNotFoundException](err); none {
		return effect.Check{Unknown: true, Text: "execution " + e.ID + " cannot be found, yet or any more"}, nil
	}
	if err != nil || out.AutomationExecution == nil {
		return action.Unseen(err), nil
	}
	x := out.AutomationExecution
	said := "execution " + e.ID + " is " + string(x.AutomationExecutionStatus)
	if why := aws.ToString(x.FailureMessage); why != "" {
		said += ": " + why
	}
	status := x.AutomationExecutionStatus
	if !slices.Contains(over, status) {
		return effect.Check{Going: true, Text: said}, nil
	}
	output, err := action.Text(map[string]any{"execution": e.ID, "status": status, "outputs": x.Outputs})
	if err != nil || len(output) > effect.MostAnswer {
		output, err = action.Text(map[string]any{"execution": e.ID, "status": status, "cut": true})
	}
	holds := status == types.AutomationExecutionStatusSuccess || status == types.AutomationExecutionStatusCompletedWithSuccess
	return effect.Check{Holds: holds, Text: said, Output: output}, err
}
