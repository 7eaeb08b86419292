package lambda

import (
	"context"
	"errors"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	reserveMay   = "lambda:PutFunctionConcurrency"
	unreserveMay = "lambda:DeleteFunctionConcurrency"
)

// reserved is how many of a function may run at once; nil: as many as the account has.
type reserved struct{ Concurrency *int32 }

func (r reserved) same(o reserved) bool {
	return (r.Concurrency == nil) == (o.Concurrency == nil) && aws.ToInt32(r.Concurrency) == aws.ToInt32(o.Concurrency)
}

func (r reserved) String() string {
	if r.Concurrency == nil {
		return "none reserved"
	}
	return strconv.Itoa(int(*r.Concurrency))
}

// Stop lets no more of a function begin.
func Stop() setting.Of[reserved] {
	return setting.Of[reserved]{
		About: action.Info{
			ID: "lambda.stop", Title: "Stop a function",
			Why: "With nothing reserved for it a function does not begin any more, whoever calls, and nothing of it is lost: its code, its role and what it said stay " +
				"for whoever looks into it.",
			Risk: "Whatever needs the function fails: callers get an error, queues fill up, and events are tried again and then lost. What runs already runs to its end, " +
				"15 minutes at the longest.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Function},
			Reads: []string{"lambda:GetFunctionConcurrency"}, Writes: []string{reserveMay, unreserveMay},
		},
		Find: setting.InRegion, Look: lookReserved, Same: reserved.same,
		Goal: func(t effect.Target, now reserved) (setting.Goal[reserved], error) {
			return setting.Goal[reserved]{
				To: reserved{aws.Int32(0)}, Met: "the function does not begin any more", Missing: "the function runs",
				Diff:  "- ReservedConcurrentExecutions: " + now.String() + "\n+ ReservedConcurrentExecutions: 0",
				Loses: []string{"whatever calls function " + functionOf(t).name},
			}, nil
		},
		Calls: func(t effect.Target, from, to reserved) ([]effect.Call, error) {
			f := function{name: functionOf(t).name} // all of its versions at once
			in, may := f.of(setting.In{}), reserveMay
			switch {
			case from.same(to):
				return nil, nil
			case to.Concurrency == nil:
				may = unreserveMay
			default:
				in["ReservedConcurrentExecutions"] = *to.Concurrency
			}
			return setting.One(may, f.arn(t.Ref), in)
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == unreserveMay {
				return setting.Send(ctx, call, lambda.NewFromConfig(cfg).DeleteFunctionConcurrency)
			}
			return setting.Send(ctx, call, lambda.NewFromConfig(cfg).PutFunctionConcurrency)
		},
	}
}

func lookReserved(ctx context.Context, cfg aws.Config, t effect.Target) (reserved, error) {
	name := functionOf(t).name
	out, err := lambda.NewFromConfig(setting.At(cfg, t.Ref)).GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &name})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return reserved{}, setting.Gone("the function")
	}
	if err != nil {
		return reserved{}, awsorg.Fault(err, "read how many of function %s may run", name)
	}
	return reserved{out.ReservedConcurrentExecutions}, nil
}
