package lambda

import (
	"context"
	"errors"
	"slices"
	"strings"

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

const (
	addMay    = "lambda:AddPermission"
	removeMay = "lambda:RemovePermission"
)

// RemovePublicPermission takes the permissions of everybody off a function.
func RemovePublicPermission() setting.Of[open] {
	return setting.Of[open]{
		About: action.Info{
			ID: "lambda.remove-public-permission", Title: "Remove the permissions of everybody on a function",
			Why: "Whoever may call a function has it do what its role may, with input of his own. Only permissions that let everybody in go, each by its ID; " +
				"those that name a caller stay.",
			Risk: "Whoever comes in as the public loses the function; where it has a public URL, that is everybody who uses it. Permissions of versions and aliases " +
				"are others: name the qualifier.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Function, resource.FunctionPermission},
			Reads: []string{"lambda:GetPolicy"}, Writes: []string{addMay, removeMay},
			Params: []action.Param{{Name: "qualifier", Text: "version or alias whose permissions are meant; otherwise those of the function itself"}, cut.Declared("the function")},
		},
		Find: setting.InRegion, Guard: cut.Undeclared("the function"), Look: lookOpen, Goal: closed, Calls: permissionCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == addMay {
				return setting.Send(ctx, call, lambda.NewFromConfig(cfg).AddPermission)
			}
			return setting.Send(ctx, call, lambda.NewFromConfig(cfg).RemovePermission)
		},
	}
}

func lookOpen(ctx context.Context, cfg aws.Config, t effect.Target) (o open, err error) {
	f := functionOf(t)
	out, err := lambda.NewFromConfig(setting.At(cfg, t.Ref)).GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &f.name, Qualifier: f.qualifier})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none { // no function, or none that has permissions
		return o, nil
	}
	if err != nil {
		return o, awsorg.Fault(err, "read the permissions of function %s", f.name)
	}
	return permissions(aws.ToString(out.Policy), f.statement)
}

func closed(t effect.Target, now open) (setting.Goal[open], error) {
	name := functionOf(t).name
	g := setting.Goal[open]{To: open{}, Met: "no permission of the function is everybody's", Missing: "everybody may call the function", Unclear: now.Unclear}
	if len(now.Public) > 0 {
		g.Unclear = ""
	}
	var lines []string
	for _, p := range now.Public {
		lines = append(lines, "- "+p.Text)
		g.Loses = append(g.Loses, "everybody, by statement "+p.Sid+": "+p.Action+" on "+name)
		if p.Strange != "" {
			g.Refused = "statement " + p.Sid + " cannot be made again as it is, " + p.Strange + ": a person decides"
		}
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

// permissionCalls removes each permission by its ID, or adds it again.
func permissionCalls(t effect.Target, from, to open) (out []effect.Call, err error) {
	f := functionOf(t)
	add := func(may string, in setting.In) {
		var call effect.Call
		if err == nil {
			call, err = action.NewCall(may, f.arn(t.Ref), f.of(in))
		}
		out = append(out, call)
	}
	for _, p := range from.Public {
		if !slices.Contains(to.Public, p) {
			add(removeMay, setting.In{"StatementId": p.Sid})
		}
	}
	for _, p := range to.Public {
		if !slices.Contains(from.Public, p) {
			add(addMay, p.input())
		}
	}
	return out, err
}
