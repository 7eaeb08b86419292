package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"jobzero/internal/action"
	"jobzero/internal/action/outward"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

const (
	invokeMay = "lambda:InvokeFunction"
	// answerWithin is how long a function may take to answer: the leg that waits for it has other work.
	answerWithin = 2 * time.Minute
)

// Invoke asks a function of the account, and waits for its answer.
func Invoke(all []Allowed) outward.Of {
	return outward.Of{
		About: action.Info{
			ID: "lambda.invoke", Title: "Invoke a function of the settings",
			Why: "What only you know how to look up or to do, a function of your own does as a step of a playbook, with its own role and in the account that it is about.",
			Risk: "The function does what it was written for, with the rights of its own role. It may be invoked twice when a process dies: id in what it is given is the " +
				"same then, by which it has to tell. Only functions of the settings, whose names begin with jobzero-, are invoked.",
			Reads: []string{"lambda:GetFunctionConfiguration"}, Writes: []string{invokeMay}, Within: map[string]string{invokeMay: "function:jobzero-*"}, Contract: true,
			Params: []action.Param{
				{Name: "function", Text: "its name, as in the settings", Required: true},
				{Name: "payload", Text: "a JSON object, which arrives as input"},
			},
		},
		Find: func(ctx context.Context, cfg aws.Config, t effect.Target) (effect.Target, error) {
			return findFunction(ctx, cfg, t, all)
		},
		Write: func(t effect.Target) (outward.Letter, error) {
			a, err := allowedIn(all, t)
			if err != nil {
				return outward.Letter{}, err
			}
			payload, err := outward.NewMessage(t, "payload")
			if err != nil {
				return outward.Letter{}, err
			}
			arn := setting.ARN(t.Ref, "lambda", "function:"+a.Name)
			call, err := action.NewCall(invokeMay, arn, setting.In{"FunctionName": a.Name, "InvocationType": "RequestResponse", "Payload": []byte(payload)})
			return outward.Letter{Call: call, Words: "invoke " + arn + " with\n" + string(payload), To: []string{arn}}, err
		},
		Send: invoke,
	}
}

func allowedIn(all []Allowed, t effect.Target) (Allowed, error) {
	a, err := Find(all, t.Params["function"])
	if err == nil && !outward.In(a.Accounts, t.Ref.Account) {
		err = fault.New(fault.Invalid, "the settings do not let function %s be invoked in account %q: add it to its accounts", a.Name, t.Ref.Account)
	}
	return a, err
}

// findFunction completes the target by the region, and looks whether the function is there.
func findFunction(ctx context.Context, cfg aws.Config, t effect.Target, all []Allowed) (effect.Target, error) {
	a, err := allowedIn(all, t)
	if err != nil {
		return t, err
	}
	t = outward.At(t, a.Region, cfg)
	_, err = lambda.NewFromConfig(setting.At(cfg, t.Ref)).GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &a.Name})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return t, fault.New(fault.NotFound, "there is no function %s in account %s, %s", a.Name, t.Ref.Account, t.Ref.Region)
	}
	return t, awsorg.Fault(err, "read function %s", a.Name)
}

// once keeps the SDK from asking again by itself: a function that was asked may have done its work though its answer was lost, and whether
// it is asked again, the run decides and writes down.
func once(o *lambda.Options) { o.Retryer = aws.NopRetryer{} }

func invoke(ctx context.Context, cfg aws.Config, p effect.Plan) (r effect.Result, err error) {
	var in lambda.InvokeInput
	if err := action.ReadInput(p.Calls[0], &in); err != nil {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	out, err := lambda.NewFromConfig(setting.At(cfg, p.Target.Ref), once).Invoke(ctx, &in)
	if ctx.Err() == context.DeadlineExceeded {
		return r, fault.New(fault.Denied, "function %s did not answer within %s; it may have done its work", *in.FunctionName, answerWithin)
	}
	if err != nil {
		return r, awsorg.Fault(err, "invoke function %s", *in.FunctionName)
	}
	if out.FunctionError != nil {
		return r, fault.New(fault.Denied, "function %s did not work (%s): %s", *in.FunctionName, *out.FunctionError, saidBy(out.Payload))
	}
	r.After, err = effect.Answer(int(out.StatusCode), out.Payload)
	return r, err
}

// saidBy is what a function that failed says of it
// (docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html: errorMessage and errorType).
func saidBy(payload []byte) string {
	const some = 500
	var e struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(payload, &e) == nil && e.ErrorMessage != "" {
		return fmt.Sprintf("%.100s: %.*s", e.ErrorType, some, e.ErrorMessage)
	}
	return fmt.Sprintf("%.*q", some, payload)
}
