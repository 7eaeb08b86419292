package lambda

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const urlMay = "lambda:UpdateFunctionUrlConfig"

// url is how a function's URL asks who calls.
type url struct{ Auth string }

// RequireURLAuth makes a function's URL ask who calls.
func RequireURLAuth() setting.Of[url] {
	return setting.Of[url]{
		About: action.Info{
			ID: "lambda.require-url-auth", Title: "Make a function's URL ask who calls",
			Why: "A URL without it is on the internet for whoever finds it. With it a call is signed, and policies say whose is let in.",
			Risk: "Every caller that does not sign loses the function at once: browsers, webhooks. A URL that is meant to be public is left alone where that is " +
				"declared.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.FunctionURL, resource.Function},
			Reads: []string{"lambda:GetFunctionUrlConfig"}, Writes: []string{urlMay},
			Params: []action.Param{{Name: "qualifier", Text: "alias whose URL is meant; otherwise that of the function itself"}, cut.Declared("the URL")},
		},
		Find: setting.InRegion, Guard: cut.Undeclared("the URL"), Look: lookURL,
		Goal: func(t effect.Target, now url) (setting.Goal[url], error) {
			iam := string(types.FunctionUrlAuthTypeAwsIam)
			return setting.Goal[url]{
				To: url{iam}, Met: "the URL asks who calls", Missing: "the URL lets everybody in", Diff: "- AuthType: " + now.Auth + "\n+ AuthType: " + iam,
				Loses: []string{"everybody who calls the URL of " + functionOf(t).name + " without signing"},
			}, nil
		},
		Calls: func(t effect.Target, from, to url) ([]effect.Call, error) {
			if from == to {
				return nil, nil
			}
			f := functionOf(t)
			return setting.One(urlMay, f.arn(t.Ref), f.of(setting.In{"AuthType": to.Auth}))
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, lambda.NewFromConfig(cfg).UpdateFunctionUrlConfig)
		},
	}
}

func lookURL(ctx context.Context, cfg aws.Config, t effect.Target) (url, error) {
	f := functionOf(t)
	out, err := lambda.NewFromConfig(setting.At(cfg, t.Ref)).GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: &f.name, Qualifier: f.qualifier})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return url{}, setting.Gone("the URL")
	}
	if err != nil {
		return url{}, awsorg.Fault(err, "read the URL of function %s", f.name)
	}
	return url{string(out.AuthType)}, nil
}
